import { BlockList, isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** Tells whether a URL is asked without a proxy. */
export type Exemption = (url: URL) => boolean;

/** A target as the entries of NO_PROXY see it. */
interface Target {
  /** Lower case, without brackets and without a dot at the end. */
  readonly host: string;
  /** 4, 6, or 0 for a name. */
  readonly family: number;
  readonly port: number;
}

type Entry = (target: Target) => boolean;

/**
 * Reads NO_PROXY as docker and the other tools of a cluster do: entries between commas or blanks; `*` is every host,
 * `example.com` that host and all below it, `.example.com` or `*.example.com` only those below; an IP address or a
 * network such as `10.0.0.0/8`; each may have a port behind it. What cannot be read exempts nothing.
 */
export function exemptionOf(text: string): Exemption {
  const entries = text
    .split(/[\s,]/)
    .map(entryOf)
    .filter((entry) => entry !== undefined);
  if (entries.length === 0) return () => false;
  return (url) => {
    const target = targetOf(url);
    return entries.some((entry) => entry(target));
  };
}

function targetOf(url: URL): Target {
  const host = withoutDot(withoutBrackets(url.hostname));
  return { host, family: isIP(host), port: portOf(url) };
}

/** The port that a URL leads to, given or not. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** `[::1]` as `::1`: what Node's sockets want. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

function entryOf(text: string): Entry | undefined {
  if (text === '') return undefined;
  if (text === '*') return () => true;
  const { host, port } = splitPort(text);
  const matches = addressEntry(host) ?? nameEntry(host);
  if (matches === undefined || port === undefined) return matches;
  return (target) => target.port === port && matches(target);
}

/** An IPv6 address has colons of its own: behind it a port needs the brackets. */
function splitPort(text: string): { host: string; port?: number } {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(0, colon));
  const port = text.slice(colon + 1);
  const bare = host.includes(':') && !host.endsWith(']');
  if (colon === -1 || bare || !/^[0-9]{1,5}$/.test(port)) return { host: withoutBrackets(text) };
  return { host: withoutBrackets(host), port: Number(port) };
}

function addressEntry(text: string): Entry | undefined {
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  if (isIP(address) === 0) return undefined;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const most = family === 'ipv6' ? 128 : 32;
  const prefix = slash === -1 ? String(most) : text.slice(slash + 1);
  if (!/^[0-9]{1,3}$/.test(prefix) || Number(prefix) > most) return undefined;
  const network = new BlockList();
  network.addSubnet(address, Number(prefix), family);
  return (target) => target.family !== 0 && network.check(target.host, target.family === 6 ? 'ipv6' : 'ipv4');
}

function nameEntry(text: string): Entry | undefined {
  const pattern = text.startsWith('*.') ? text.slice(1) : text;
  const below = pattern.startsWith('.');
  const name = domainToASCII(withoutDot(below ? pattern.slice(1) : pattern));
  if (name === '') return undefined;
  const suffix = `.${name}`;
  return ({ host, family }) => family === 0 && ((!below && host === name) || host.endsWith(suffix));
}

function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
