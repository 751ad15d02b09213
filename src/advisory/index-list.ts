import type { AffectedRange, RangeEvent, SeverityStatement } from '../model/advisory.ts';
import type { VersionOrder } from '../version/contract.ts';
import { type ByteReader, ByteWriter } from './bytes.ts';
import { eventKinds, rangeTypes, readCode, readStatement, writeStatement } from './index-codes.ts';
import { ladderOf, reachOf } from './reach.ts';

/** What one record says of one package. */
export interface PackagePart {
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
  /** Absent: that of the record. */
  readonly severity?: SeverityStatement;
}

/** One entry of a list: where the shared part lies in the file, and the package's own part. */
export interface ListEntry extends PackagePart {
  readonly recordOffset: number;
  readonly recordLength: number;
}

/*
 * The list of one key, in numbers:
 *
 *   key      its length
 *   texts    count, lengths; versions and vectors, each once for all entries
 *   ladder   count of steps, the text of each; none when the order is not known
 *   reach    for each entry, when there are steps: count of stretches, then the distance and length of each
 *   sizes    count of entries (before reach), and how many bytes each takes
 *   entries  record, ranges, runs of versions, severity
 *
 * So a look-up with a version reads up to the sizes, and then the entries that may hold alone.
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
    head.texts([...numbers.keys()]);
    const steps = ladder?.steps ?? [];
    head.number(steps.length);
    for (const step of steps) head.number(step);
    head.number(entries.length);
    if (ladder && steps.length > 0) for (const entry of entries) writeReach(head, reachOf(entry, ladder));
    for (const body of bodies.lengths) head.number(body);
    head.append(bodies.bytes);
    return head.take();
  }

  #bodies(entries: readonly ListEntry[], numbers: Map<string, number>): { bytes: Buffer; lengths: number[] } {
    const lengths: number[] = [];
    for (const entry of entries) {
      const before = this.#entry.length;
      writeEntry(this.#entry, entry, numbers);
      lengths.push(this.#entry.length - before);
    }
    return { bytes: this.#entry.takeNumbers(), lengths };
  }
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

function writeEntry(writer: ByteWriter, entry: ListEntry, numbers: Map<string, number>): void {
  writer.number(entry.recordOffset);
  writer.number(entry.recordLength);
  writer.number(entry.ranges.length);
  for (const range of entry.ranges) {
    writer.byte(rangeTypes.indexOf(range.type));
    writer.number(range.events.length);
    for (const event of range.events) {
      writer.byte(eventKinds.indexOf(event.kind));
      writer.number(number(numbers, event.version));
    }
  }
  const { severity } = entry;
  writer.byte(severity ? 1 : 0);
  if (severity) {
    writeStatement(writer, severity);
    writer.number(severity.vector === undefined ? 0 : number(numbers, severity.vector) + 1);
  }
  writeRuns(writer, entry.versions, numbers);
}

function writeRuns(writer: ByteWriter, versions: readonly string[], numbers: Map<string, number>): void {
  const runs: number[] = [];
  for (const version of versions) {
    const at = number(numbers, version);
    const last = runs.length - 2;
    if (last >= 0 && runs[last]! + runs[last + 1]! === at) runs[last + 1]!++;
    else runs.push(at, 1);
  }
  writer.number(runs.length / 2);
  for (const part of runs) writer.number(part);
}

/** The number of a text, given out in the order of first use. */
function number(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

/** The texts of a list by their numbers. */
export interface ListTexts {
  /** @throws SluiceError `advisory/index-damaged` when there is none with this number. */
  text(number: number): string;
  /** So many texts, from a number on. @throws as `text`, and when they are too many */
  run(start: number, length: number): readonly string[];
}

/** Reads the entry that stands next, up to its versions. @throws SluiceError `advisory/index-damaged`. */
export function readEntry(reader: ByteReader, texts: ListTexts): Omit<ListEntry, 'versions'> {
  const recordOffset = reader.number();
  const recordLength = reader.number();
  const ranges: AffectedRange[] = [];
  for (let left = reader.count(); left > 0; left--) {
    const type = readCode(reader, rangeTypes);
    const events: RangeEvent[] = [];
    for (let more = reader.count(); more > 0; more--) {
      events.push({ kind: readCode(reader, eventKinds), version: texts.text(reader.number()) });
    }
    ranges.push({ type, events });
  }
  if (reader.byte() === 0) return { recordOffset, recordLength, ranges };
  const stated = readStatement(reader);
  const vector = reader.number();
  const severity = vector === 0 ? stated : { ...stated, vector: texts.text(vector - 1) };
  return { recordOffset, recordLength, ranges, severity };
}

/** Reads the versions of an entry, which stand behind the rest of it. @throws SluiceError `advisory/index-damaged`. */
export function readVersions(reader: ByteReader, texts: ListTexts): readonly string[] {
  const count = reader.count();
  if (count === 0) return none;
  if (count === 1) return texts.run(reader.number(), reader.number());
  const runs: (readonly string[])[] = [];
  for (let left = count; left > 0; left--) runs.push(texts.run(reader.number(), reader.number()));
  return runs.flat();
}

const none: readonly string[] = [];
