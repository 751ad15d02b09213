import { isIPv4 } from 'node:net';
import { unescape as percentDecode } from 'node:querystring';
import { type Exemption, exemptionOf, portOf, withoutBrackets } from './no-proxy.ts';

/** An HTTP proxy that stands between this machine and the others. */
export interface HttpProxy {
  /** Its URL without user name and password: fit for messages. */
  readonly shown: string;
  /** Whether it is itself spoken to over TLS. */
  readonly secure: boolean;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** The value of Proxy-Authorization (RFC 9110, 11.7.2); undefined without credentials. */
  readonly authorization: string | undefined;
}

/** What the environment says of proxies. */
export interface Proxies {
  /**
   * The proxy that a URL is to be asked through.
   * @throws ProxyError when the setting that applies cannot be used.
   */
  proxyFor(url: URL): HttpProxy | undefined;
  /** Everything that must never be printed. */
  secrets(): string[];
}

/** The environment that settings are read from; only the command line knows the real one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Why a proxy could not be used, without its credentials. The clients turn it into an error of their own. */
export class ProxyError extends Error {
  readonly hint: string | undefined;
  /** Whether the same request may succeed a little later. */
  readonly retryable: boolean;

  constructor(message: string, hint?: string, retryable = false) {
    super(message);
    this.name = 'ProxyError';
    this.hint = hint;
    this.retryable = retryable;
  }
}

/** To take something shorter out of a message would take it out of half of the words, and so tell what it is. */
const shortestSecret = 4;

const settings = ['https_proxy', 'http_proxy', 'all_proxy'] as const;
type Setting = (typeof settings)[number];

/**
 * Reads `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, in small or in capital letters; small ones win, an
 * empty one counts as absent. Nothing is complained of before a URL needs it: a scan of a file needs no proxy.
 */
export function proxiesOf(env: Environment): Proxies {
  const known = new Map<Setting, HttpProxy>();
  let exempt: Exemption | undefined;
  return {
    proxyFor(url) {
      const setting = chosen(env, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
      // A proxy could not reach this machine's own services, and would get to see what is meant for them.
      if (setting === undefined || isLoopback(url)) return undefined;
      exempt ??= exemptionOf(given(env, 'no_proxy')?.value ?? '');
      if (exempt(url)) return undefined;
      const proxy = known.get(setting) ?? parseProxy(env, setting);
      known.set(setting, proxy);
      return proxy;
    },
    secrets: () => settings.flatMap((setting) => secretsOf(given(env, setting)?.value)),
  };
}

/** Whether a URL's host is this machine: localhost, 127.0.0.0/8 or ::1. Expects the host as URL normalizes it. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

function chosen(env: Environment, first: Setting): Setting | undefined {
  if (given(env, first) !== undefined) return first;
  return given(env, 'all_proxy') === undefined ? undefined : 'all_proxy';
}

function given(env: Environment, setting: Setting | 'no_proxy'): { name: string; value: string } | undefined {
  for (const name of [setting, setting.toUpperCase()]) {
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}

function parseProxy(env: Environment, setting: Setting): HttpProxy {
  const { name, value } = given(env, setting)!;
  const url = urlOf(value);
  // The value is not shown: where it cannot be read, nobody knows which part of it is the password.
  if (url === undefined) {
    throw new ProxyError(
      `${name} is not the URL of an HTTP proxy`,
      'write it as http://proxy.example:3128; SOCKS is not supported, and / ? # @ : in a password need percent-encoding',
    );
  }
  return {
    shown: `${url.protocol}//${url.host}`,
    secure: url.protocol === 'https:',
    host: withoutBrackets(url.hostname),
    port: portOf(url),
    authorization: authorizationOf(url),
  };
}

/**
 * `proxy:3128` stands for `http://proxy:3128`. A path is refused: it comes from a `/` in the password, and then the
 * user name would pass for the host. So are line breaks, which URL would drop without a word.
 */
function urlOf(value: string): URL | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (/[\s\p{Cc}\\]/u.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.pathname === '/' && url.search === '' && url.hash === '';
  const known = url.protocol === 'http:' || url.protocol === 'https:';
  return plain && known && url.port !== '0' ? url : undefined;
}

/** Base64 keeps whatever was percent-encoded from ending the header and starting another. */
function authorizationOf(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const pair = `${percentDecode(url.username)}:${percentDecode(url.password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

function secretsOf(value: string | undefined): string[] {
  const url = value === undefined ? undefined : urlOf(value);
  if (url === undefined || url.password === '') return [];
  const forms = [url.password, percentDecode(url.password), authorizationOf(url)!.slice('Basic '.length)];
  return forms.filter((secret) => secret.length >= shortestSecret);
}
