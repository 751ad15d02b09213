import { createHash } from 'node:crypto';
import { ftruncateSync, writeSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest, digestOfHex } from '../model/digest.ts';
import { type Connections, createConnections } from '../source/connections.ts';
import { type Proxies, ProxyError } from '../source/proxy.ts';
import { type ErrorCode, messageOf, SluiceError } from '../util/error.ts';
import { checkTransport, redirectTarget, shownUrl } from './url.ts';

/** How patient and how greedy a download is. */
export interface FetchLimits {
  /** The largest body, in bytes. */
  readonly bytes: number;
  /** Without a byte for so long it is given up, in milliseconds. */
  readonly idleMs: number;
  /** The whole download may take so long, in milliseconds: stops a server that drips. */
  readonly totalMs: number;
  /** How often it is tried again. */
  readonly retries: number;
  /** The pause before the first retry, in milliseconds; it doubles every time. */
  readonly pauseMs: number;
  /** A server that asks for a longer pause (Retry-After) gets this one, in milliseconds. */
  readonly maxPauseMs: number;
}

/** The limits that hold unless the caller sets others. */
export const fetchLimits: FetchLimits = {
  bytes: 2 * 1024 * 1024 * 1024,
  idleMs: 30_000,
  totalMs: 30 * 60_000,
  retries: 4,
  pauseMs: 500,
  maxPauseMs: 60_000,
};

/** What is downloaded, and how. */
export interface Download {
  readonly url: URL;
  /** An open, empty file that the body is written to. */
  readonly fd: number;
  readonly limits: FetchLimits;
  readonly allowInsecure: boolean;
  readonly proxies: Proxies;
  /** Only if the file is no longer the one with this entity tag. */
  readonly etag?: string | undefined;
  readonly now: () => Date;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** `undefined`: the file is still the one with the entity tag. */
export type Downloaded =
  | { readonly size: number; readonly digest: Digest; readonly etag: string | undefined }
  | undefined;

const maxRedirects = 5;
const maxEtagLength = 256;
const retryStatuses = new Set([408, 429, 500, 502, 503, 504]);
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** A failure that may pass by itself. */
class Transient extends Error {
  readonly pauseMs: number | undefined;
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(
    message: string,
    more: { pauseMs?: number | undefined; code?: ErrorCode; hint?: string | undefined } = {},
  ) {
    super(message);
    this.pauseMs = more.pauseMs;
    this.code = more.code ?? 'advisory/download';
    this.hint = more.hint;
  }
}

/**
 * Downloads one file by GET, again when it fails in a way that may pass.
 * @throws SluiceError `advisory/download` and its kin, naming the URL (without secrets) and the cause.
 */
export async function download(what: Download): Promise<Downloaded> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await downloadOnce(what);
    } catch (thrown) {
      if (!(thrown instanceof Transient)) throw thrown;
      if (attempt >= what.limits.retries) {
        const times = attempt === 0 ? '' : ` (tried ${attempt + 1} times)`;
        throw new SluiceError(thrown.code, `${shownUrl(what.url)}: ${thrown.message}${times}`, thrown.hint);
      }
      const pause = thrown.pauseMs ?? what.limits.pauseMs * 2 ** attempt;
      await sleep(Math.min(pause, what.limits.maxPauseMs));
    }
  }
}

async function downloadOnce(what: Download): Promise<Downloaded> {
  const { limits } = what;
  ftruncateSync(what.fd, 0);
  const abort = new AbortController();
  const connections = createConnections({ proxies: what.proxies, keepAlive: false, tunnelMs: limits.idleMs });
  const timer = setTimeout(() => {
    abort.abort();
    connections.close();
  }, limits.totalMs);
  try {
    const response = await follow(what, connections, abort.signal);
    if (response.statusCode === 304 && what.etag !== undefined) {
      response.resume();
      return undefined;
    }
    checkStatus(response, what);
    return await writeBody(response, what);
  } catch (thrown) {
    if (thrown instanceof SluiceError || thrown instanceof Transient) throw thrown;
    if (abort.signal.aborted) throw new Transient(`not done after ${Math.round(limits.totalMs / 1000)} s`);
    throw networkError(what.url, thrown);
  } finally {
    clearTimeout(timer);
    abort.abort();
    connections.close();
  }
}

async function follow(what: Download, connections: Connections, signal: AbortSignal): Promise<IncomingMessage> {
  let url = what.url;
  checkTransport(url, what.allowInsecure);
  for (let redirects = 0; ; redirects++) {
    const response = await get(url, what, connections, signal);
    if (!redirectStatuses.has(response.statusCode ?? 0)) return response;
    response.destroy();
    if (redirects === maxRedirects) {
      throw new SluiceError('advisory/redirect', `${shownUrl(what.url)} redirects more than ${maxRedirects} times`);
    }
    url = redirectTarget(url, response.headers.location, what.allowInsecure);
  }
}

function get(url: URL, what: Download, connections: Connections, signal: AbortSignal): Promise<IncomingMessage> {
  const headers: Record<string, string> = { 'user-agent': 'sluice', accept: '*/*', 'accept-encoding': 'identity' };
  if (what.etag !== undefined) headers['if-none-match'] = what.etag;
  return new Promise((resolve, reject) => {
    const exchange = connections.open(url, { headers, signal, timeout: what.limits.idleMs });
    const { outgoing } = exchange;
    outgoing.on('timeout', () =>
      outgoing.destroy(new Transient(`no byte for ${what.limits.idleMs / 1000} s${exchange.way}`)),
    );
    outgoing.on('error', (error) => reject(exchange.blame(error)));
    outgoing.on('response', (response) => {
      const refusal = exchange.refusal(response);
      if (refusal) reject(refusal);
      else resolve(response);
    });
    outgoing.end();
  });
}

function checkStatus(response: IncomingMessage, what: Download): void {
  const status = response.statusCode ?? 0;
  if (status === 200) return;
  response.destroy();
  const said = `the server answered ${status}`;
  if (retryStatuses.has(status)) {
    throw new Transient(said, { pauseMs: retryAfter(response.headers['retry-after'], what.now()) });
  }
  throw new SluiceError('advisory/http-status', `${shownUrl(what.url)}: ${said}`);
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds, or a date. */
function retryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

async function writeBody(response: IncomingMessage, what: Download): Promise<Downloaded> {
  const { limits, url } = what;
  const announced = Number(response.headers['content-length'] ?? 0);
  if (announced > limits.bytes) throw tooLarge(url, limits.bytes);
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.bytes) throw tooLarge(url, limits.bytes);
    hash.update(chunk);
    for (let done = 0; done < chunk.length; )
      done += writeSync(what.fd, chunk, done, chunk.length - done, size - chunk.length + done);
    what.onBytes?.(size);
  }
  if (!response.complete) throw new Transient('the connection was cut before the end');
  const etag = response.headers.etag;
  return {
    size,
    digest: digestOfHex(hash.digest('hex')),
    etag: etag !== undefined && etag.length <= maxEtagLength ? etag : undefined,
  };
}

function tooLarge(url: URL, limit: number): SluiceError {
  return new SluiceError('advisory/download-too-large', `${shownUrl(url)}: larger than the limit of ${limit} bytes`);
}

/** What failed below HTTP. A certificate that isn't trusted stays so: trying again would only hide it longer. */
function networkError(url: URL, thrown: unknown): Error {
  if (thrown instanceof ProxyError) return proxyError(url, thrown);
  const code = (thrown as { code?: unknown }).code;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new Transient('the connection was cut before the end');
  }
  if (typeof code === 'string' && isDiskError(code)) {
    return new SluiceError('advisory/cache-unwritable', `the download can't be written to the cache folder: ${code}`);
  }
  if (typeof code === 'string' && /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|HOSTNAME_)/.test(code)) {
    return new SluiceError(
      'advisory/tls',
      `${shownUrl(url)}: the server's certificate is not trusted (${code})`,
      'name your own authority in NODE_EXTRA_CA_CERTS',
    );
  }
  return new Transient(typeof code === 'string' ? `the connection failed (${code})` : messageOf(thrown));
}

function proxyError(url: URL, { message, hint, retryable }: ProxyError): Error {
  if (retryable) return new Transient(message, { code: 'advisory/proxy', hint });
  return new SluiceError('advisory/proxy', `${shownUrl(url)}: ${message}`, hint);
}

function isDiskError(code: string): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO' || code === 'EROFS' || code === 'EFBIG';
}
