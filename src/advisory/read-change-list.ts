import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../util/error.ts';
import { ChangeList } from './change-list.ts';
import type { Validator } from './current.ts';
import { checkStatus, etagOf, type Get, getOnce, receive, retried } from './fetch.ts';
import { checkPlain } from './fetch-errors.ts';
import { isStrong } from './partial-download.ts';
import { digestOfUrl, rangeOf } from './resumable-download.ts';
import { shownUrl } from './url.ts';

/** What is asked for first and then, in bytes: changes stand at the start, so that mostly the first is all that is read. */
const pieces = [16 * 1024, 48 * 1024];
/** The largest list, in bytes: a million records. */
const maxListBytes = 64 * 1024 * 1024;
/** Answers that say that there is no list; some stores of files answer 403 for what is not there. */
const absent = [403, 404, 410];

/** A list that was read, as far as it was needed. */
export interface ReadList {
  readonly list: ChangeList;
  /** Whether it was read to its end. */
  readonly whole: boolean;
  /** Its size in bytes. */
  readonly size: number;
  readonly validator: Validator | undefined;
}

/** How a list is read. */
export interface ListRequest extends Get {
  /** Only if the list is no longer the one of the validator. */
  readonly known: Validator | undefined;
  /** Whether what was read of a list of `size` bytes will do. Absent: all of it is wanted. */
  readonly enough?: ((list: ChangeList, size: number) => boolean) | undefined;
  /** Told how many bytes of the list were read. */
  onBytes(bytes: number): void;
}

/**
 * Reads a list of changes from its start, in pieces by Range (RFC 9110, 14) where the server gives them, until it is
 * enough. `unchanged`: it is still the known one; `absent`: there is none.
 * @throws SluiceError `advisory/list-malformed`, `advisory/download` and its kin.
 */
export async function readChangeList(request: ListRequest): Promise<ReadList | 'unchanged' | 'absent'> {
  const limits = { ...request.limits, bytes: Math.min(request.limits.bytes, maxListBytes) };
  const reading = new Reading({ ...request, limits });
  try {
    for (;;) {
      const answer = await retried(reading.request, () => reading.next());
      if (answer !== 'more') return answer;
    }
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.code !== 'advisory/list-malformed') throw thrown;
    throw new SluiceError(thrown.code, `${shownUrl(request.url)}: ${thrown.message}`);
  }
}

type Answer = ReadList | 'unchanged' | 'absent' | 'more';

class Reading {
  readonly request: ListRequest;
  #list = new ChangeList();
  #etag: string | undefined;
  #asked = 0;
  /** Whether it is asked for in pieces. */
  #pieces: boolean;

  constructor(request: ListRequest) {
    this.request = request;
    this.#pieces = request.enough !== undefined;
  }

  next(): Promise<Answer> {
    // Without a tag, or with one that doesn't stand for the very bytes, nothing says that the rest belongs to what is here.
    if (this.#list.bytes > 0 && !(this.#etag !== undefined && isStrong(this.#etag))) this.#begin(false);
    return getOnce(this.request, this.#headers(), (response) => this.#take(response));
  }

  #headers(): Record<string, string> {
    const { known } = this.request;
    const at = this.#list.bytes;
    const headers: Record<string, string> = {};
    if (at === 0 && known) headers['if-none-match'] = known.etag;
    if (!this.#pieces) return headers;
    const length = pieces[this.#asked];
    headers.range = length === undefined ? `bytes=${at}-` : `bytes=${at}-${at + length - 1}`;
    if (at > 0) headers['if-range'] = this.#etag ?? '';
    return headers;
  }

  async #take(response: IncomingMessage): Promise<Answer> {
    const status = response.statusCode ?? 0;
    const { known } = this.request;
    if (status === 304 && known && this.#list.bytes === 0) return 'unchanged';
    if (absent.includes(status)) return 'absent';
    checkPlain(response, this.request.url);
    if (status === 206 && this.#pieces && this.#fits(response)) return this.#takePiece(response);
    if (this.#pieces && (status === 206 || status === 416)) {
      // It changed while it was read, or the server has its own idea of a range: once more, and all of it.
      this.#begin(false);
      return 'more';
    }
    checkStatus(response, this.request, [200]);
    this.#begin(this.#pieces);
    const length = response.headers['content-length'];
    return this.#receive(response, length === undefined ? undefined : Number(length));
  }

  /** Whether it is the piece that was asked for, of the same list as those before. */
  #fits(response: IncomingMessage): boolean {
    if (rangeOf(response)?.first !== this.#list.bytes) return false;
    return this.#list.bytes === 0 || etagOf(response) === this.#etag;
  }

  async #takePiece(response: IncomingMessage): Promise<Answer> {
    const done = await this.#receive(response, rangeOf(response)!.total);
    // A server that answers with less than the rest could do so for ever.
    if (done === 'more' && this.#asked++ >= pieces.length) this.#begin(false);
    return done;
  }

  async #receive(response: IncomingMessage, size: number | undefined): Promise<Answer> {
    const etag = etagOf(response);
    const list = this.#list;
    this.#etag = etag;
    let asked = 0;
    const willDo = () => size !== undefined && list.bytes < size && this.request.enough?.(list, size) === true;
    let stopped = false;
    await receive(response, this.request, list.bytes, (chunk) => {
      list.push(chunk);
      this.request.onBytes(list.bytes);
      // A piece comes anyway, and what changed late may stand behind what is known.
      if (this.#isPiece(response) || list.bytes < 2 * asked) return undefined;
      asked = list.bytes;
      stopped = willDo();
      return stopped ? 'enough' : undefined;
    });
    stopped ||= willDo();
    const whole = !stopped && (response.statusCode === 200 || list.bytes === size);
    if (!whole && !stopped) return 'more';
    if (whole) list.end();
    const validator = etag === undefined ? undefined : { url: digestOfUrl(this.request.url), etag };
    return { list, whole, size: size ?? list.bytes, validator };
  }

  #isPiece({ statusCode }: IncomingMessage): boolean {
    return statusCode === 206 && this.#asked < pieces.length;
  }

  /** From the start. */
  #begin(inPieces: boolean): void {
    this.#list = new ChangeList();
    this.#asked = 0;
    this.#pieces = inPieces;
  }
}
