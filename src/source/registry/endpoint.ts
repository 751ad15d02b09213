import { isIPv4 } from 'node:net';
import { connect } from 'node:tls';
import { isCertificateCode, RegistryFailure, systemCode } from './failure.ts';

/** How long the other side has to answer the probe for TLS, in milliseconds. */
const probeMs = 5000;

/** Where images of Docker Hub are really served. */
const dockerHubHost = 'registry-1.docker.io';

/** The host, with its port if it has one, that serves a registry as references name it. */
export function registryHost(registry: string): string {
  return registry === 'docker.io' ? dockerHubHost : registry;
}

/** Whether a URL's host is this machine: localhost, 127.0.0.0/8 or ::1. Expects the host as URL normalizes it. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
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
export async function baseUrl(registry: string, insecure: boolean, ca: string | undefined): Promise<URL> {
  const secure = new URL(`https://${registryHost(registry)}/`);
  if (!insecure && !isLoopback(secure)) return secure;
  return (await speaksTls(secure, ca)) ? secure : new URL(`http://${registryHost(registry)}/`);
}

/** Only a definite sign counts as "no TLS"; otherwise the request itself will show what is wrong. */
function speaksTls(url: URL, ca: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const socket = connect({
      host,
      port: url.port === '' ? 443 : Number(url.port),
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
