import { feedUnreadable } from './feed-format.ts';
import type { FeedRows } from './rows.ts';
import { encodeScore, isCveId } from './values.ts';

/** The largest uncompressed file that is read, in bytes; the public one has 10 MB. */
export const maxEpssBytes = 512 * 1024 * 1024;

/** The longest line, in bytes. */
const maxLineBytes = 1024;
const lineEnd = 0x0a;
const columns = 'cve,epss,percentile';

/**
 * Reads the daily scores of EPSS (FIRST's CSV: a line `#model_version:…,score_date:…`, the names of the columns, rows),
 * fed in pieces of any size.
 */
export class EpssReader {
  readonly #rows: FeedRows;
  #rest = Buffer.alloc(0);
  #started = false;
  #line = 0;

  constructor(rows: FeedRows) {
    this.#rows = rows;
  }

  /** Takes the next piece. @throws SluiceError `advisory/feed-unreadable` */
  write(piece: Buffer): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let start = 0;
    for (let end = bytes.indexOf(lineEnd); end >= 0; end = bytes.indexOf(lineEnd, start)) {
      if (end - start > maxLineBytes) throw tooLong(this.#line + 1);
      this.#take(bytes.toString('latin1', start, end));
      start = end + 1;
    }
    if (bytes.length - start > maxLineBytes) throw tooLong(this.#line + 1);
    this.#rest = Buffer.from(bytes.subarray(start));
  }

  /** Says that there is no more. @throws SluiceError `advisory/feed-unreadable` when the end is missing */
  finish(): void {
    // Of a line that was cut, `0.97` may be left of `0.9712`: a number that is wrong and looks right.
    if (this.#rest.length > 0) throw feedUnreadable('it ends in the middle of a line');
    if (!this.#started) throw feedUnreadable('it has no row of scores');
  }

  #take(ended: string): void {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
    this.#line++;
    if (this.#started) {
      if (line !== '') this.#row(line);
    } else if (line.startsWith('#') && this.#line === 1) {
      this.#rows.newest = scoreDate(line);
    } else if (line === columns) {
      this.#started = true;
    } else {
      throw feedUnreadable(`line ${this.#line} is not that of scores of EPSS (${columns})`);
    }
  }

  #row(line: string): void {
    const first = line.indexOf(',');
    const second = line.indexOf(',', first + 1);
    const cve = line.slice(0, Math.max(first, 0));
    const score = fraction(line.slice(first + 1, second));
    const percentile = fraction(line.slice(second + 1));
    if (second < 0 || !isCveId(cve) || score === undefined || percentile === undefined) {
      this.#rows.noteUnreadable(`line ${this.#line}`, 'it is no CVE with two numbers from 0 to 1');
      return;
    }
    this.#rows.add(cve, encodeScore({ score, percentile }));
  }
}

/** A number from 0 to 1. */
function fraction(text: string): number | undefined {
  if (!/^[0-9.][0-9.eE-]{0,30}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= 0 && value <= 1 ? value : undefined;
}

/** `score_date` of the first line; empty when it gives none. */
function scoreDate(line: string): string {
  const date = /score_date:(\d{4}-\d{2}-\d{2}[0-9T:.Z+-]{0,30})/.exec(line)?.[1] ?? '';
  return Number.isNaN(Date.parse(date.slice(0, 10))) ? '' : date;
}

function tooLong(line: number): Error {
  return feedUnreadable(`line ${line} is longer than ${maxLineBytes} bytes`);
}
