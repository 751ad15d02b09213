import type { IncomingMessage } from 'node:http';
import { type ErrorCode, messageOf, SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import { type Connections, createConnections } from '../connections.ts';
import { type Environment, isLoopback, proxiesOf } from '../proxy.ts';
import { parseRetryAfter } from '../registry/retry.ts';

/** How often a request is sent. */
const maxAttempts = 3;
/** The pause after the first failure, in milliseconds; the next is twice as long. */
const firstPauseMs = 1000;
/** The longest pause, in milliseconds, whatever the server asks for: a comment must not hold a build up. */
const longestPauseMs = 20_000;
/** How long one answer may take in all, in milliseconds. */
const answerMs = 15_000;
/** Largest answer that is read, in bytes. */
const mostBytes = 16 * 1024 * 1024;
const maxHeaderBytes = 64 * 1024;
/** Longest message of a server that is told, in characters. */
const longestMessage = 200;
const transient = new Set([429, 500, 502, 503, 504]);

/** One request to the code host. */
export interface ForgeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the address of the API: no leading slash. */
  readonly path: string;
  readonly body?: object;
}

/** What the code host has answered. */
export interface ForgeAnswer {
  readonly status: number;
  /** undefined where the body is no JSON. */
  readonly json: unknown;
  readonly header: (name: string) => string | undefined;
}

/** What is needed to speak to a code host. */
export interface ForgeAccess {
  /** From the CI system's own environment: no other host gets to see the token. */
  readonly apiUrl: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Environment;
  readonly insecure: boolean;
  /** Waits for some milliseconds; tests put another in its place. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Milliseconds that one answer may take. */
  readonly timeoutMs?: number;
}

/** Speaks to the API of one code host: no redirect is followed, and nothing that it says shows the token. */
export class ForgeApi {
  readonly #base: URL;
  readonly #access: ForgeAccess;
  readonly #connections: Connections;

  /** @throws SluiceError `forge/address`, `forge/token` */
  constructor(access: ForgeAccess) {
    this.#base = baseOf(access);
    if (!/^[\x21-\x7e]{1,4096}$/.test(access.token))
      throw new SluiceError('forge/token', 'the token has characters that no token has, such as a line end');
    this.#access = access;
    this.#connections = createConnections({
      proxies: proxiesOf(access.env),
      keepAlive: true,
      tunnelMs: answerMs,
    });
  }

  /** Sends a request until it is answered for good. A status of failure is an answer too. @throws SluiceError `forge/network` */
  async ask(request: ForgeRequest): Promise<ForgeAnswer> {
    const sleep = this.#access.sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)));
    for (let attempt = 1; ; attempt++) {
      const last = attempt === maxAttempts;
      const pauseMs = firstPauseMs * 2 ** (attempt - 1);
      try {
        const answer = await this.#once(request);
        const wishMs = parseRetryAfter(answer.header('retry-after'), answer.header('date'));
        // GitHub's secondary limit answers 403 and says when to come again.
        const again = transient.has(answer.status) || (answer.status === 403 && wishMs !== undefined);
        if (last || !again || (wishMs ?? 0) > longestPauseMs || !isSafeAgain(request, answer.status)) return answer;
        await sleep(Math.min(longestPauseMs, Math.max(pauseMs, wishMs ?? 0)));
      } catch (thrown) {
        // What was sent may have arrived: a second comment would be worse than none.
        if (last || request.method === 'POST' || thrown instanceof SluiceError) throw this.#failure(thrown);
        await sleep(pauseMs);
      }
    }
  }

  /** The error for an answer that is none of those that were hoped for. */
  refusal(what: string, { status, json }: ForgeAnswer): SluiceError {
    const record = asRecord(json);
    const nested = asRecord(record?.error);
    const said = asString(record?.message) ?? asString(nested?.message) ?? asString(record?.error) ?? '';
    const message = said === '' ? '' : `: ${this.#redacted(said)}`;
    return new SluiceError('forge/refused', `${this.#base.host} refuses to ${what} (HTTP ${status}${message})`);
  }

  /** Closes idle connections. */
  close(): void {
    this.#connections.close();
  }

  #failure(thrown: unknown): SluiceError {
    if (thrown instanceof SluiceError) return thrown;
    const { code } = thrown as { code?: ErrorCode | string };
    const what = typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : this.#redacted(messageOf(thrown));
    return new SluiceError('forge/network', `${this.#base.host} can't be reached (${what})`);
  }

  #redacted(text: string): string {
    return harmless(text.replaceAll(this.#access.token, '***').slice(0, longestMessage));
  }

  async #once({ method, path, body }: ForgeRequest): Promise<ForgeAnswer> {
    const url = new URL(path, this.#base);
    // A path is made of what the environment says: it must not lead to another host or out of the API.
    if (url.origin !== this.#base.origin || !url.pathname.startsWith(this.#base.pathname))
      throw new SluiceError('forge/address', `${harmless(path.slice(0, longestMessage))} leads out of the API`);
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'sluice',
      ...this.#access.headers,
      ...(content ? { 'content-type': 'application/json', 'content-length': String(content.length) } : {}),
    };
    const message = await this.#send(url, method, headers, content);
    const bytes = await readAnswer(message);
    return { status: message.statusCode ?? 0, json: jsonOf(bytes), header: (name) => headerOf(message, name) };
  }

  #send(url: URL, method: string, headers: Record<string, string>, content?: Buffer): Promise<IncomingMessage> {
    const ms = this.#access.timeoutMs ?? answerMs;
    return new Promise((resolve, reject) => {
      const { outgoing, blame, refusal } = this.#connections.open(url, {
        method,
        headers,
        maxHeaderSize: maxHeaderBytes,
      });
      // One bound for all of it: a server that drips bytes ends here too.
      const timer = setTimeout(() => outgoing.destroy(new Error(`no whole answer within ${ms / 1000} s`)), ms);
      outgoing.once('close', () => {
        clearTimeout(timer);
        reject(new Error('the connection was closed without an answer'));
      });
      outgoing.once('response', (message) => {
        const refused = refusal(message);
        if (refused) {
          message.destroy();
          reject(refused);
        } else resolve(message);
      });
      outgoing.on('error', (error) => reject(blame(error)));
      outgoing.end(content);
    });
  }
}

/** A request that changes something was not carried out where the server turns it away; after 5xx nobody knows. */
function isSafeAgain({ method }: ForgeRequest, status: number): boolean {
  return method !== 'POST' || status === 429 || status === 403 || status === 503;
}

/** @throws SluiceError `forge/address` */
function baseOf({ apiUrl, insecure }: ForgeAccess): URL {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password || url.search)
    throw new SluiceError('forge/address', 'the address of the API that the CI system gives is none');
  if (url.protocol === 'http:' && !insecure && !isLoopback(url)) {
    const hint = '--insecure sends it all the same';
    throw new SluiceError('forge/address', `${url.host} is asked over plain HTTP, which would show the token`, hint);
  }
  url.pathname = url.pathname.replace(/\/*$/, '/');
  return url;
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function readAnswer(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    message.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > mostBytes) message.destroy(new Error(`its answer is larger than ${mostBytes} bytes`));
      else pieces.push(piece);
    });
    message.once('end', () => resolve(Buffer.concat(pieces, size)));
    message.once('error', reject);
    message.once('close', () => reject(new Error('its answer ends early')));
  });
}

function jsonOf(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return parseJson(bytes);
  } catch {
    return undefined;
  }
}
