import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { type HttpProxy, ProxyError } from './proxy.ts';

/** How many bytes of headers a proxy's answer may have. */
const maxHeaderBytes = 32 * 1024;
const transientStatuses = new Set([408, 429, 500, 502, 503, 504]);
/** Node's codes of what stays so when it is tried again. */
const lasting = /^(?:ECONNREFUSED|ENOTFOUND|EPROTO|(?:CERT|DEPTH|SELF|UNABLE|HOSTNAME|INVALID|ERR_TLS|ERR_SSL|HPE)_)/;

/** Bounds of a tunnel's making. */
export interface TunnelOptions {
  /** How long the proxy may take until it has answered, in milliseconds. */
  readonly waitMs: number;
  /** Certificates of the authorities that are trusted instead of Node's, PEM. */
  readonly ca?: string | undefined;
  /** Gives the attempt up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a tunnel through a proxy (CONNECT, RFC 9110, 9.3.6): what is written goes to the host, without TLS as yet.
 * @throws ProxyError
 */
export function openTunnel(proxy: HttpProxy, host: string, port: number, options: TunnelOptions): Promise<Duplex> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const outgoing = requestTo(proxy, {
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, 'user-agent': 'sluice', ...authorizationHeader(proxy) },
      maxHeaderSize: maxHeaderBytes,
      agent: false,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const timer = setTimeout(() => outgoing.destroy(silent(proxy, options.waitMs)), options.waitMs);
    outgoing.once('connect', (answer, socket, head: Buffer) => {
      const failure = tunnelFailure(proxy, authority, answer.statusCode ?? 0, head);
      if (failure === undefined) {
        // The TLS that is laid on top tells of errors; without a listener here they would end the process.
        socket.on('error', () => {});
        resolve(socket);
      } else {
        socket.destroy();
        reject(failure);
      }
    });
    outgoing.on('error', (error) => reject(proxyTrouble(proxy, error)));
    // Settles what nothing else has settled, such as an answer that is no answer to CONNECT.
    outgoing.once('close', () => {
      clearTimeout(timer);
      reject(new ProxyError(`the proxy ${proxy.shown} closed the connection without an answer`, undefined, true));
    });
    outgoing.end();
  });
}

/** Starts a request whose other side is the proxy itself. */
export function requestTo(proxy: HttpProxy, options: RequestOptions): ClientRequest {
  const { host, port } = proxy;
  if (!proxy.secure) return httpRequest({ ...options, host, port });
  // Without it Node would take the name from the Host header, which is that of the target.
  return httpsRequest({ ...options, host, port, servername: isIP(host) === 0 ? host : '' });
}

/** The header that a proxy wants credentials in, if there are any. It is for the proxy alone. */
export function authorizationHeader(proxy: HttpProxy): Record<string, string> {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization };
}

/** A proxy's refusal, told by its status: never mistaken for an answer of the host behind it. */
export function proxyRefusal(proxy: HttpProxy, status: number, what: string): ProxyError {
  if (status === 407) {
    const why =
      proxy.authorization === undefined ? 'wants a user name and a password' : 'refuses the user name or password';
    return new ProxyError(
      `the proxy ${proxy.shown} ${why} (HTTP 407)`,
      'put them into the URL of the proxy: http://USER:PASSWORD@HOST:PORT',
    );
  }
  return new ProxyError(
    `the proxy ${proxy.shown} does not connect to ${what} (HTTP ${status})`,
    'a host that is reached without the proxy belongs into NO_PROXY',
    transientStatuses.has(status),
  );
}

/** What an error of Node's sockets, TLS or HTTP parser means when the other side is the proxy; others stay. */
export function proxyTrouble(proxy: HttpProxy, error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^[A-Z]/.test(code)) return error;
  return new ProxyError(`the connection to the proxy ${proxy.shown} failed (${code})`, undefined, !lasting.test(code));
}

function tunnelFailure(proxy: HttpProxy, authority: string, status: number, head: Buffer): ProxyError | undefined {
  if (status < 200 || status > 299) return proxyRefusal(proxy, status, authority);
  if (head.length === 0) return undefined;
  // In TLS the client speaks first: bytes before that are not the host's.
  return new ProxyError(`the proxy ${proxy.shown} sent bytes of its own into the tunnel`);
}

function silent(proxy: HttpProxy, ms: number): ProxyError {
  return new ProxyError(`the proxy ${proxy.shown} sent nothing within ${Math.ceil(ms) / 1000} s`, undefined, true);
}
