import type { IncomingMessage } from 'node:http';
import { type Connections, createConnections } from '../connections.ts';
import type { Proxies } from '../proxy.ts';
import { checkScheme } from './endpoint.ts';
import { failureOf, RegistryFailure } from './failure.ts';

/** How many bytes of headers an answer may have. */
const maxHeaderBytes = 32 * 1024;
/** How many redirects are followed. */
const maxRedirects = 5;
/** How many bytes of an unwanted body are read to keep a connection alive; a longer one costs the connection. */
const maxDiscarded = 16 * 1024;

/** A body may take as long to send as at this many bytes a millisecond, on top of the bound for silence. */
const slowestRate = 64;

/** One request as the transport sends it. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An answer whose body was not read yet. */
export interface HttpAnswer {
  readonly status: number;
  readonly message: IncomingMessage;
  /** Who answered, after redirects. */
  readonly url: URL;
  /** Whether a redirect led to another host: what it asks for must not be answered with credentials. */
  readonly foreign: boolean;
}

/** Bounds in milliseconds on how long the other side may take. */
export interface Timing {
  /** Without any byte while one is waited for, and until the headers are complete. */
  readonly idleMs: number;
  /** All waiting for the body of one manifest, token or small blob. */
  readonly totalMs: number;
}

/** Sends requests over kept connections. */
export interface Transport {
  readonly timing: Timing;
  /**
   * Sends a request and follows redirects of a GET or HEAD.
   * @throws RegistryFailure
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes idle connections. */
  close(): void;
}

/** Settings of {@link createTransport}. */
export interface TransportOptions {
  readonly insecure: boolean;
  readonly timing: Timing;
  /** Certificates of the authorities that are trusted instead of Node's, PEM. */
  readonly ca?: string | undefined;
  readonly proxies: Proxies;
}

/** Makes a transport on node:http and node:https. */
export function createTransport(options: TransportOptions): Transport {
  const { proxies, ca, timing } = options;
  const connections = createConnections({ proxies, ca, keepAlive: true, tunnelMs: timing.idleMs });
  const once = (request: HttpRequest) => sendOnce(request, connections, timing.idleMs);
  return {
    timing,
    send: (request) => follow(request, options, once),
    close: () => connections.close(),
  };
}

type SendOnce = (request: HttpRequest) => Promise<IncomingMessage>;

async function follow(first: HttpRequest, options: TransportOptions, once: SendOnce): Promise<HttpAnswer> {
  let request = first;
  let foreign = false;
  for (let hop = 0; ; hop++) {
    checkScheme(request.url, options.insecure);
    const message = await once(request);
    const status = message.statusCode ?? 0;
    if (!isRedirect(status)) return { status, message, url: request.url, foreign };
    await discard(message, options.timing);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw redirectFailure(`it redirects a ${request.method} request`);
    if (hop === maxRedirects) throw redirectFailure(`it redirects more than ${maxRedirects} times`);
    const url = redirectTarget(request.url, message.headers.location, options.insecure);
    // A blob's content often lies on another host. The registry's token is not for that host's eyes.
    foreign ||= url.origin !== request.url.origin;
    request = { ...request, url, headers: foreign ? withoutAuthorization(request.headers) : request.headers };
  }
}

function redirectTarget(from: URL, location: string | undefined, insecure: boolean): URL {
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw redirectFailure('it redirects to an address that is missing or malformed');
  }
  const url = new URL(location, from);
  if (from.protocol === 'https:' && url.protocol !== 'https:' && !insecure) {
    throw redirectFailure(`it redirects from https to ${url.protocol}//${url.host}, which is refused`);
  }
  url.username = '';
  url.password = '';
  return url;
}

function withoutAuthorization(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function redirectFailure(message: string): RegistryFailure {
  return new RegistryFailure('registry/redirect', message);
}

function sendOnce({ url, method, headers, body }: HttpRequest, connections: Connections, idleMs: number) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const exchange = connections.open(url, { method, headers, maxHeaderSize: maxHeaderBytes });
    const { outgoing } = exchange;
    // One bound for name look-up, connection, TLS and headers: a server that drips its headers ends here too.
    const boundMs = idleMs + Math.ceil((body?.length ?? 0) / slowestRate);
    const timer = setTimeout(() => outgoing.destroy(timedOut(boundMs, exchange.way)), boundMs);
    outgoing.once('response', (message) => {
      clearTimeout(timer);
      const refusal = exchange.refusal(message);
      if (refusal === undefined) return resolve(message);
      message.destroy();
      reject(refusal);
    });
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(exchange.blame(error));
    });
    outgoing.once('close', () => {
      clearTimeout(timer);
      reject(new RegistryFailure('registry/protocol', 'it closed the connection without an answer'));
    });
    outgoing.end(body);
  });
}

function timedOut(ms: number, way = ''): RegistryFailure {
  return new RegistryFailure('registry/timeout', `it sent nothing within ${Math.ceil(ms) / 1000} s${way}`, {
    retryable: true,
  });
}

/** Reads the body of an answer piece by piece; time counts only while a piece is waited for. */
export class BodyReader {
  private readonly message: IncomingMessage;
  private readonly pieces: AsyncIterator<Buffer>;
  private readonly idleMs: number;
  private leftMs: number;

  constructor(message: IncomingMessage, timing: Timing) {
    this.message = message;
    this.pieces = message[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.idleMs = timing.idleMs;
    this.leftMs = timing.totalMs;
  }

  /**
   * The next piece, or undefined at the end.
   * @throws RegistryFailure when the connection breaks or takes too long.
   */
  async next(): Promise<Buffer | undefined> {
    const bound = Math.min(this.idleMs, this.leftMs);
    const started = performance.now();
    const timer = setTimeout(() => this.message.destroy(timedOut(bound)), bound);
    try {
      const piece = await this.pieces.next();
      return piece.done ? undefined : piece.value;
    } catch (thrown) {
      throw failureOf(thrown);
    } finally {
      clearTimeout(timer);
      this.leftMs = Math.max(1, this.leftMs - (performance.now() - started));
    }
  }

  /** Gives the connection up. */
  close(): void {
    this.message.destroy();
  }
}

/**
 * The whole body, if it has at most `limit` bytes.
 * @throws RegistryFailure `registry/too-large`, before anything is read where Content-Length says so.
 */
export async function readBody(message: IncomingMessage, limit: number, timing: Timing): Promise<Buffer> {
  const reader = new BodyReader(message, timing);
  try {
    if (Number(message.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
    const pieces: Buffer[] = [];
    let size = 0;
    for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) {
      size += piece.length;
      if (size > limit) throw tooLarge(limit);
      pieces.push(piece);
    }
    return Buffer.concat(pieces, size);
  } catch (thrown) {
    reader.close();
    throw thrown;
  }
}

function tooLarge(limit: number): RegistryFailure {
  return new RegistryFailure('registry/too-large', `its answer is larger than ${limit} bytes`);
}

/** Reads away a body that nobody wants, so that the connection can be used again, or drops the connection. */
export async function discard(message: IncomingMessage, timing: Timing): Promise<void> {
  await readBody(message, maxDiscarded, timing).catch(() => message.destroy());
}
