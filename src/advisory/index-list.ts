import type { VersionOrder } from '../version/contract.ts';
import { ByteWriter } from './bytes.ts';
import { type ListEntry, number, writeEntry } from './index-entry.ts';
import { ladderOf, reachOf } from './reach.ts';

/*
 * The list of one key. Behind all its texts (the key, then versions and vectors, each once for all entries), in numbers:
 *
 *   key      its length
 *   texts    count; a column of where each ends behind the key
 *   ladder   count of steps; a column of the text of each; none when the order is not known
 *   entries  count; a column of where each ends behind the first
 *   reach    when there are steps: for each entry the count of its stretches, then the distance and length of each
 *   entries  as index-entry.ts has them
 *
 * A column is one byte for the width of its numbers, 1, 2 or 4 bytes, and then these: any of them is read without those
 * before it. A look-up with a version reads a few texts, the reach of all entries, and the entries that may hold.
 */

/** Writes lists; one for all lists of an index, since it keeps its memory. */
export class ListWriter {
  readonly #order: VersionOrder | undefined;
  readonly #head = new ByteWriter();
  readonly #entry = new ByteWriter();

  /** `order`: that of the ecosystem's versions, where there is one. */
  constructor(order: VersionOrder | undefined) {
    this.#order = order;
  }

  /** The list of one key as bytes. */
  encode(key: string, entries: readonly ListEntry[]): Buffer {
    const head = this.#head;
    const numbers = new Map<string, number>();
    for (const entry of entries) {
      for (const version of entry.versions) number(numbers, version);
      for (const range of entry.ranges) for (const event of range.events) number(numbers, event.version);
    }
    const ladder = this.#order && ladderOf(numbers, this.#order);
    const bodies = this.#bodies(entries, numbers);
    head.text(key);
    writeColumn(head, addTexts(head, numbers.keys()));
    const steps = ladder?.steps ?? [];
    writeColumn(head, steps);
    writeColumn(head, bodies.ends);
    if (ladder && steps.length > 0) {
      for (const entry of entries) writeReach(head, entry.withdrawn ? nowhere : reachOf(entry, ladder));
    }
    head.append(bodies.bytes);
    return head.take();
  }

  #bodies(entries: readonly ListEntry[], numbers: Map<string, number>): { bytes: Buffer; ends: number[] } {
    const ends: number[] = [];
    for (const entry of entries) {
      writeEntry(this.#entry, entry, numbers);
      ends.push(this.#entry.length);
    }
    return { bytes: this.#entry.takeNumbers(), ends };
  }
}

const nowhere: readonly number[] = [];

/** Adds texts without their lengths; returns where each ends, in UTF-16 code units. */
function addTexts(writer: ByteWriter, texts: Iterable<string>): number[] {
  const ends: number[] = [];
  let end = 0;
  for (const text of texts) {
    writer.bareText(text);
    end += text.length;
    ends.push(end);
  }
  return ends;
}

/** Count, width and numbers. */
function writeColumn(writer: ByteWriter, values: readonly number[]): void {
  writer.number(values.length);
  if (values.length === 0) return;
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  const width = largest < 0x100 ? 1 : largest < 0x1_0000 ? 2 : 4;
  const bytes = Buffer.allocUnsafe(values.length * width);
  for (let at = 0; at < values.length; at++) bytes.writeUIntLE(values[at]!, at * width, width);
  writer.byte(width);
  writer.append(bytes);
}

/** Stretches as distances: each begins so far behind the end of the one before. */
function writeReach(writer: ByteWriter, stretches: readonly number[]): void {
  writer.number(stretches.length / 2);
  let next = 0;
  for (let at = 0; at < stretches.length; at += 2) {
    writer.number(stretches[at]! - next);
    writer.number(stretches[at + 1]! - stretches[at]!);
    next = stretches[at + 1]! + 1;
  }
}
