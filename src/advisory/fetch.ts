import { createHash } from 'node:crypto';
import { ftruncateSync, writeSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest, digestOfHex } from '../model/digest.ts';
import { type Connections, createConnections } from '../source/connections.ts';
import type { Proxies } from '../source/proxy.ts';
import { SluiceError } from '../util/error.ts';
import { checkPlain, networkError, retryAfter, Transient, tooLarge } from './fetch-errors.ts';
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

/** What is asked for, and how. */
export interface Get {
  readonly url: URL;
  readonly limits: FetchLimits;
  readonly allowInsecure: boolean;
  readonly proxies: Proxies;
  readonly now: () => Date;
  /** Those of several requests; absent: the request has its own. */
  readonly connections?: Connections | undefined;
}

/** What is downloaded, and how. */
export interface Download extends Get {
  /** An open, empty file that the body is written to. */
  readonly fd: number;
  /** Only if the file is no longer the one with this entity tag. */
  readonly etag?: string | undefined;
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

/**
 * Downloads one file by GET, again when it fails in a way that may pass.
 * @throws SluiceError `advisory/download` and its kin, naming the URL (without secrets) and the cause.
 */
export function download(what: Download): Promise<Downloaded> {
  const headers = what.etag === undefined ? {} : { 'if-none-match': what.etag };
  return retried(what, () => {
    ftruncateSync(what.fd, 0);
    return getOnce(what, headers, (response) => {
      checkStatus(response, what, what.etag === undefined ? [200] : [200, 304]);
      return response.statusCode === 304 ? Promise.resolve(undefined) : writeBody(response, what);
    });
  });
}

/** Runs `once` again when it fails in a way that may pass. @throws SluiceError that names the URL and the cause. */
export async function retried<T>({ url, limits }: Get, once: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await once();
    } catch (thrown) {
      if (!(thrown instanceof Transient)) throw thrown;
      if (attempt >= limits.retries) {
        const times = attempt === 0 ? '' : ` (tried ${attempt + 1} times)`;
        throw new SluiceError(thrown.code, `${shownUrl(url)}: ${thrown.message}${times}`, thrown.hint);
      }
      const pause = thrown.pauseMs ?? limits.pauseMs * 2 ** attempt;
      await sleep(Math.min(pause, limits.maxPauseMs));
    }
  }
}

/**
 * One GET with its redirects. The response ends with `use`: what that leaves unread is not read.
 * @throws Transient what may pass; SluiceError what will not.
 */
export async function getOnce<T>(
  what: Get,
  headers: Readonly<Record<string, string>>,
  use: (response: IncomingMessage) => Promise<T>,
): Promise<T> {
  const { limits } = what;
  const abort = new AbortController();
  const own = what.connections ? undefined : connectionsFor(what, false);
  const timer = setTimeout(() => {
    abort.abort();
    own?.close();
  }, limits.totalMs);
  let response: IncomingMessage | undefined;
  try {
    response = await follow(what, headers, what.connections ?? own!, abort.signal);
    return await use(response);
  } catch (thrown) {
    if (thrown instanceof SluiceError || thrown instanceof Transient) throw thrown;
    if (abort.signal.aborted) throw new Transient(`not done after ${Math.round(limits.totalMs / 1000)} s`);
    throw networkError(what.url, thrown);
  } finally {
    clearTimeout(timer);
    if (!response?.complete) abort.abort();
    own?.close();
  }
}

/** Connections for requests to one place. */
export function connectionsFor({ proxies, limits }: Pick<Get, 'proxies' | 'limits'>, keepAlive: boolean): Connections {
  return createConnections({ proxies, keepAlive, tunnelMs: limits.idleMs });
}

async function follow(
  what: Get,
  headers: Readonly<Record<string, string>>,
  connections: Connections,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let url = what.url;
  checkTransport(url, what.allowInsecure);
  for (let redirects = 0; ; redirects++) {
    const response = await get(url, { ...what, headers }, connections, signal);
    if (!redirectStatuses.has(response.statusCode ?? 0)) return response;
    response.destroy();
    if (redirects === maxRedirects) {
      throw new SluiceError('advisory/redirect', `${shownUrl(what.url)} redirects more than ${maxRedirects} times`);
    }
    url = redirectTarget(url, response.headers.location, what.allowInsecure);
  }
}

function get(
  url: URL,
  { limits, headers: more }: Get & { headers: Readonly<Record<string, string>> },
  connections: Connections,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const headers = { 'user-agent': 'sluice', accept: '*/*', 'accept-encoding': 'identity', ...more };
  return new Promise((resolve, reject) => {
    const exchange = connections.open(url, { headers, signal, timeout: limits.idleMs });
    const { outgoing } = exchange;
    outgoing.on('timeout', () =>
      outgoing.destroy(new Transient(`no byte for ${limits.idleMs / 1000} s${exchange.way}`)),
    );
    outgoing.on('error', (error) => reject(exchange.blame(error)));
    // A request that waits for a tunnel doesn't notice by itself.
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    outgoing.on('response', (response) => {
      const refusal = exchange.refusal(response);
      if (refusal) reject(refusal);
      else resolve(response);
    });
    outgoing.end();
  });
}

/** Lets pass the answers that are looked for. @throws Transient, SluiceError `advisory/http-status` */
export function checkStatus(response: IncomingMessage, what: Get, expected: readonly number[]): void {
  const status = response.statusCode ?? 0;
  if (expected.includes(status)) return;
  response.destroy();
  const said = `the server answered ${status}`;
  if (retryStatuses.has(status)) {
    throw new Transient(said, { pauseMs: retryAfter(response.headers['retry-after'], what.now()) });
  }
  throw new SluiceError('advisory/http-status', `${shownUrl(what.url)}: ${said}`);
}

async function writeBody(response: IncomingMessage, what: Download): Promise<Downloaded> {
  const hash = createHash('sha256');
  let size = 0;
  await receive(response, what, 0, (chunk) => {
    hash.update(chunk);
    writeAll(what.fd, chunk, size);
    size += chunk.length;
    what.onBytes?.(size);
  });
  return { size, digest: digestOfHex(hash.digest('hex')), etag: etagOf(response) };
}

/** A small file in memory; undefined when the server says that it is not there. @throws SluiceError as {@link download} */
export function fetchBytes(what: Get): Promise<Buffer | undefined> {
  return retried(what, () =>
    getOnce(what, {}, async (response) => {
      checkStatus(response, what, [200, 404, 410]);
      checkPlain(response, what.url);
      const chunks: Buffer[] = [];
      await receive(response, what, 0, (chunk) => chunks.push(chunk));
      return response.statusCode === 200 ? Buffer.concat(chunks) : undefined;
    }),
  );
}

/**
 * Hands on a body piece by piece, until `take` says `enough`; `before`: bytes that came earlier and count for the limit.
 * @throws Transient when it is cut.
 */
export async function receive(
  response: IncomingMessage,
  { limits, url }: Pick<Get, 'limits' | 'url'>,
  before: number,
  take: (chunk: Buffer) => unknown,
): Promise<void> {
  let size = before;
  if (size + Number(response.headers['content-length'] ?? 0) > limits.bytes) throw tooLarge(url, limits.bytes);
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.bytes) throw tooLarge(url, limits.bytes);
    if (take(chunk) === 'enough') return;
  }
  if (!response.complete) throw new Transient('the connection was cut before the end');
}

/** The entity tag of an answer; undefined when it has none that may be kept. */
export function etagOf({ headers: { etag } }: IncomingMessage): string | undefined {
  return etag !== undefined && etag.length <= maxEtagLength ? etag : undefined;
}

/** Writes all of the bytes at a place of a file. */
export function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
