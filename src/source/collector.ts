import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { SluiceError } from '../util/error.ts';
import { type Connections, createConnections } from './connections.ts';
import { type Environment, ProxyError, proxiesOf } from './proxy.ts';
import { parseRetryAfter } from './registry/retry.ts';

/** What is sent to a collector of telemetry. */
export interface Parcel {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Until it is given up, in milliseconds, repetitions included. */
  readonly timeoutMs: number;
  /** PEM: who is trusted instead of Node's authorities, and who this machine is. */
  readonly ca?: string | undefined;
  readonly client?: { readonly cert: string; readonly key: string } | undefined;
}

/** Most bytes of an answer that are read. */
const maxAnswerBytes = 64 * 1024;
/** The first pause before a request is repeated, in milliseconds; each later one is twice as long. */
const firstPauseMs = 250;
/** The system's codes in words. */
const causes = new Map([
  ['ECONNREFUSED', 'the connection was refused'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'the name server does not answer'],
]);
/** What asks for a repetition (OTLP specification, "Retryable Response Codes"). */
const retryable = new Set([429, 502, 503, 504]);

/**
 * Sends something by POST and returns the answer's body. It is repeated where the collector is busy and asks for no more
 * patience than there is; a collector that is not there is not asked again. No redirect is followed.
 * @throws SluiceError `telemetry/...`: one line with the host alone, of headers and address nothing else
 */
export async function deliver(parcel: Parcel, env: Environment): Promise<Buffer> {
  const until = performance.now() + parcel.timeoutMs;
  const { ca, client, url } = parcel;
  const connections = createConnections({
    proxies: proxiesOf(env),
    keepAlive: false,
    tunnelMs: parcel.timeoutMs,
    ca,
    ...(client ? { client } : {}),
  });
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), parcel.timeoutMs);
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      const { status, headers, body } = await post(parcel, connections, late.signal);
      if (status >= 200 && status < 300) return body;
      const waitMs = Math.max(pauseMs, parseRetryAfter(headers['retry-after'], headers.date) ?? 0);
      if (!retryable.has(status) || performance.now() + waitMs >= until) throw refused(url, status);
      await delay(waitMs);
    }
  } catch (thrown) {
    throw late.signal.aborted ? tooSlow(parcel) : failureOf(thrown, url);
  } finally {
    clearTimeout(timer);
    connections.close();
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function post({ url, headers, body }: Parcel, connections: Connections, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(body.length) };
    const exchange = connections.open(url, { method: 'POST', headers: { ...headers, ...length }, signal });
    exchange.outgoing.on('error', (error) => reject(exchange.blame(error)));
    exchange.outgoing.once('close', () => reject(new Error('it closed the connection without an answer')));
    exchange.outgoing.once('response', (message) => {
      const refusal = exchange.refusal(message);
      if (refusal) {
        message.destroy();
        return reject(refusal);
      }
      const status = message.statusCode ?? 0;
      readAnswer(message).then((answer) => resolve({ status, headers: message.headers, body: answer }), reject);
    });
    exchange.outgoing.end(body);
  });
}

/** A longer answer than any that is meant is none. */
async function readAnswer(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxAnswerBytes) return Buffer.alloc(0);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function refused(url: URL, status: number): SluiceError {
  const why = status === 401 || status === 403 ? ': it wants other credentials' : '';
  return new SluiceError('telemetry/refused', `${url.host} answers with status ${status}${why}`);
}

function tooSlow({ url, timeoutMs }: Parcel): SluiceError {
  return new SluiceError('telemetry/slow', `${url.host} did not take it within ${timeoutMs / 1000} s`);
}

/** By the system's code alone, for what a message of Node says of an address may be more than is to be shown. */
function failureOf(thrown: unknown, url: URL): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  if (thrown instanceof ProxyError) return new SluiceError('telemetry/proxy', thrown.message, thrown.hint);
  const { code } = thrown as NodeJS.ErrnoException;
  const words = causes.get(code ?? '') ?? code ?? 'the connection broke';
  const grpc = url.port === '4317' ? ' (4317 is the port for gRPC; that for HTTP is mostly 4318)' : '';
  return new SluiceError('telemetry/unreachable', `${url.host}: ${words}${grpc}`);
}
