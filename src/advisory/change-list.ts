import { SluiceError } from '../util/error.ts';

/*
 * The list of changes of an export: `modified_id.csv`, a line for each record with the time of its last change and its
 * id, the latest first.
 */

/** The longest line, in bytes: a time, a comma and an id. */
const maxLineLength = 512;
/** Most lines: no export has as many records. Stops a list of short lines that fills the memory. */
const maxLines = 1_000_000;
/** Letters, digits and what the known databases put between them; no slash, so that an id is never a path. */
const idForm = /^[A-Za-z0-9][A-Za-z0-9._:+~-]{0,199}$/;
const stampForm = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?(?:[Zz]|[+-]\d{2}:\d{2})$/;
const newline = 0x0a;
const carriageReturn = 0x0d;
const comma = 0x2c;

/** Whether an id of a list may become part of a URL: stops `../x`. */
export function isRecordId(text: string): boolean {
  return idForm.test(text) && !text.includes('..');
}

/** Negative when `a` is the earlier time, 0 when both are the same moment. Both are RFC 3339, as lists and records have them. */
export function compareStamps(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length === b.length && a.endsWith('Z') && b.endsWith('Z')) return a < b ? -1 : 1;
  const seconds = secondsOf(a) - secondsOf(b);
  return seconds === 0 ? fractionOf(a) - fractionOf(b) : seconds;
}

function secondsOf(stamp: string): number {
  return Math.floor(Date.parse(stamp) / 1000);
}

/** What stands behind the seconds, in picoseconds: two changes may be of one millisecond. */
function fractionOf(stamp: string): number {
  const digits = /\.(\d{1,12})/.exec(stamp)?.[1] ?? '';
  return Number(digits.padEnd(12, '0'));
}

/** What has been read of one list, from its start. */
export class ChangeList {
  /** By id, the time that its line gives; of several lines the latest. Ids may be of any form. */
  readonly stamps = new Map<string, string>();
  /** The time of the last line. */
  last = '';
  /** Whether no line is later than the one before it. */
  sorted = true;
  /** How many bytes were read. */
  bytes = 0;
  #lines = 0;
  #rest: Buffer = Buffer.alloc(0);

  /** Reads on. @throws SluiceError `advisory/list-malformed`, which names the line and the byte. */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.bytes += chunk.length;
    const before = this.bytes - bytes.length;
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      this.#line(bytes, start, end, before);
      start = end + 1;
    }
    if (bytes.length - start > maxLineLength) throw this.#malformed(before + start, 'the line is too long');
    // A copy, so that a large chunk isn't kept for its last line.
    this.#rest = Buffer.from(bytes.subarray(start));
  }

  /** Reads what stands behind the last newline: the list is over. @throws SluiceError `advisory/list-malformed` */
  end(): void {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length > 0) this.#line(rest, 0, rest.length, this.bytes - rest.length);
    if (this.#lines === 0) throw this.#malformed(0, 'it is empty');
  }

  /** `before`: where `bytes` begins in the list. */
  #line(bytes: Buffer, start: number, lineEnd: number, before: number): void {
    const end = lineEnd > start && bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > maxLineLength) throw this.#malformed(before + start, 'the line is too long');
    const at = bytes.indexOf(comma, start);
    // One character a byte, so that lengths in the list can be computed from texts.
    const stamp = at < 0 || at > end ? '' : bytes.toString('latin1', start, at);
    if (!stampForm.test(stamp) || Number.isNaN(Date.parse(stamp))) {
      const what = bytes[start] === 0x3c ? 'an HTML or XML page' : 'no time and id';
      throw this.#malformed(before + start, what);
    }
    if (this.#lines === maxLines) throw this.#malformed(before + start, 'it has too many lines');
    this.#lines++;
    const id = bytes.toString('latin1', at + 1, end);
    if (this.last !== '' && compareStamps(stamp, this.last) > 0) this.sorted = false;
    this.last = stamp;
    const known = this.stamps.get(id);
    if (known === undefined || compareStamps(known, stamp) < 0) this.stamps.set(id, stamp);
  }

  #malformed(byte: number, what: string): SluiceError {
    const line = this.#lines + 1;
    return new SluiceError('advisory/list-malformed', `the list of changes, line ${line}, byte ${byte}: ${what}`);
  }
}
