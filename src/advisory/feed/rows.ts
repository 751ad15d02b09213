import { harmless } from '../../util/harmless.ts';
import { maxUnreadableNames } from '../current.ts';
import { feedTooLarge, maxKeyBytes, maxValueBytes } from './feed-format.ts';

/** Most entries of one feed: the scores of all CVEs have a tenth. Stops a feed that never ends. */
const maxRows = 3_000_000;
/** The longest name, and the longest of what is wrong, in characters. */
const maxNameLength = 100;
const maxReasonLength = 200;

/** What a feed's parser has read so far. Keys are ASCII; of a value each character stands for one byte, and none is a control character. */
export class FeedRows {
  /** Entries that could not be read. */
  unreadable = 0;
  /** The first of them, each with what is wrong with it: `CVE-2024-1: a date is malformed`. */
  readonly unreadableNames: string[] = [];
  /** The day or time that the feed itself gives; empty when it gives none. */
  newest = '';
  readonly #rows = new Map<string, string>();

  /** How many entries there are. */
  get size(): number {
    return this.#rows.size;
  }

  /** Takes an entry; the first of one key counts, and one that says otherwise is told as unreadable. */
  add(key: string, value: string): void {
    const known = this.#rows.get(key);
    if (known !== undefined) {
      if (known !== value) this.noteUnreadable(key, 'it is there twice and says different things');
      return;
    }
    if (key.length > maxKeyBytes || value.length > maxValueBytes || !isAscii(key) || hasControls(value)) {
      this.noteUnreadable(key, 'it is too long, or holds characters that such an entry can not have');
      return;
    }
    if (this.#rows.size >= maxRows) throw feedTooLarge(`it has more than ${maxRows} entries`);
    this.#rows.set(key, value);
  }

  /** Takes an entry back. */
  remove(key: string): void {
    this.#rows.delete(key);
  }

  /** Counts an entry that can't be read, and names the first of them. */
  noteUnreadable(name: string, why: string): void {
    this.unreadable++;
    if (this.unreadableNames.length >= maxUnreadableNames) return;
    this.unreadableNames.push(`${shown(name, maxNameLength)}: ${shown(why, maxReasonLength)}`);
  }

  /** All entries, sorted by key. */
  sorted(): [string, string][] {
    return [...this.#rows].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  }
}

function shown(text: string, longest: number): string {
  return harmless(text.slice(0, longest).replaceAll('\t', ' '));
}

/** Whether all characters are printable ASCII or tabs. */
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 0x20 && code !== 9) || code > 0x7e) return false;
  }
  return true;
}

/** Whether a character is below the space: what divides entries is. */
function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 0x20) return true;
  return false;
}
