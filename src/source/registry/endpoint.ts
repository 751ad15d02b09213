import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { portOf, withoutBrackets } from '../no-proxy.ts';
import { isLoopback, type Proxies } from '../proxy.ts';
import { openTunnel } from '../tunnel.ts';
import { isCertificateCode, RegistryFailure, systemCode } from './failure.ts';

/** How long the other side has to answer the probe for TLS, in milliseconds. */
const probeMs = 5000;

/** Where images of Docker Hub are really served. */
const dockerHubHost = 'registry-1.docker.io';

/** The host, with its port if it has one, that serves a registry as references name it. */
export function registryHost(registry: string): string {
  return registry === 'docker.io' ? dockerHubHost : registry;
}

/** How a registry is reached before it is known whether it speaks TLS. */
export interface Reach {
  /** Allows http for hosts other than this machine. */
  readonly insecure: boolean;
  /** Certificates of the authorities that are trusted instead of Node's, PEM. */
  readonly ca?: string | undefined;
  readonly proxies: Proxies;
}

/** Stops everything but https, and http where it cannot be overheard or the user allowed it. */
export function checkScheme(url: URL, insecure: boolean): void {
  if (url.protocol === 'https:') return;
  if (url.protocol === 'http:' && (insecure || isLoopback(url))) return;
  const scheme = url.protocol === 'http:' ? 'plain http' : 'neither http nor https';
  throw new RegistryFailure('registry/insecure', `${url.host} would be asked over ${scheme}, which is refused`);
}

/**
 * The base URL of a registry. Without `insecure` a host that is not this machine is always https. Where http is
 * allowed, https is still preferred if the server speaks it: the option must not take TLS from the other registries.
 */
export async function baseUrl(registry: string, reach: Reach): Promise<URL> {
  const secure = new URL(`https://${registryHost(registry)}/`);
  if (!reach.insecure && !isLoopback(secure)) return secure;
  return (await speaksTls(secure, reach)) ? secure : new URL(`http://${registryHost(registry)}/`);
}

/** Only a definite sign counts as "no TLS"; otherwise the request itself will show what is wrong. */
async function speaksTls(url: URL, { ca, proxies }: Reach): Promise<boolean> {
  try {
    const proxy = proxies.proxyFor(url);
    if (proxy === undefined) return await handshakes(url, ca, undefined);
    const tunnel = await openTunnel(proxy, withoutBrackets(url.hostname), portOf(url), { waitMs: probeMs, ca });
    return await handshakes(url, ca, tunnel);
  } catch {
    // A proxy that refuses, or is down for a moment, must not take TLS from a registry.
    return true;
  }
}

function handshakes(url: URL, ca: string | undefined, tunnel: Duplex | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const host = withoutBrackets(url.hostname);
    const socket = connect({
      ...(tunnel === undefined ? { port: portOf(url) } : { socket: tunnel }),
      host,
      ...(/[a-z]/.test(host) && !host.includes(':') ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    });
    const settle = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle(true), probeMs);
    socket.once('secureConnect', () => settle(true));
    socket.on('error', (error) => settle(!isPlainSign(systemCode(error))));
    socket.once('close', () => settle(false));
  });
}

function isPlainSign(code: string): boolean {
  if (isCertificateCode(code)) return false;
  return code === 'EPROTO' || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code.startsWith('ERR_SSL_');
}
