import type { Advisory } from '../model/advisory.ts';
import type { VersionOrder } from '../version/contract.ts';
import { ByteReader } from './bytes.ts';
import type { NamedAdvisories } from './contract.ts';
import { type ListTexts, readEntry, readVersions } from './index-list.ts';
import { hasPlace } from './index-order.ts';
import type { RecordPart } from './index-record.ts';
import { keyOf } from './names.ts';
import { lastPosition } from './reach.ts';
import { StoredAdvisory } from './stored-advisory.ts';

/** How many versions the entries of one list may name together: bounds what a crafted list of runs expands to. */
const maxVersions = 5_000_000;

/** What a list needs of the index that it is in. */
export interface ListOwner {
  readonly ecosystem: string;
  /** Whether lists were sorted by this very order. */
  isSortedBy(order: VersionOrder): boolean;
  /** The shared part of a record. @throws SluiceError `advisory/index-damaged`, `advisory/closed`. */
  record(offset: number, length: number): RecordPart;
}

/** The list of one package, opened: what lies before its entries is read, and of them those that are asked for. */
export class ListedAdvisories implements NamedAdvisories, ListTexts {
  readonly #key: string;
  readonly #owner: ListOwner;
  readonly #reader: ByteReader;
  /** Where each text begins among all of them, and where the last one ends. */
  readonly #texts: readonly number[];
  /** The text of each step of the ladder, oldest first. */
  readonly #steps: readonly number[];
  /** First and last position of all stretches, and for each entry which are its own. */
  readonly #stretches: number[] = [];
  readonly #stretchesFrom: number[] = [0];
  /** Where each entry begins behind the first, and where the last one ends. */
  readonly #entries: readonly number[];
  readonly #firstEntry: number;
  readonly #advisories: (Advisory | undefined)[];
  #runs: Map<number, readonly string[]> | undefined;
  #versionsLeft = maxVersions;

  /** @throws SluiceError `advisory/index-damaged`. */
  constructor(bytes: Buffer, owner: ListOwner) {
    const reader = new ByteReader(bytes, owner.ecosystem);
    this.#owner = owner;
    this.#reader = reader;
    this.#key = reader.text();
    this.#texts = readPlaces(reader, reader.count(), this.#key.length, reader.allTexts.length);
    this.#steps = readNumbers(reader, this.#texts.length - 1);
    const count = reader.count();
    if (this.#steps.length > 0) this.#readStretches(count);
    this.#entries = readPlaces(reader, count, 0, bytes.length);
    this.#firstEntry = reader.at;
    if (this.#firstEntry + this.#entries[count]! !== bytes.length)
      throw reader.damaged('its entries have another size');
    this.#advisories = new Array<Advisory | undefined>(count).fill(undefined);
  }

  /** Whether the list is that of the package: its hash alone does not tell. The name is as {@link indexName} makes it. */
  isOf(ecosystem: string, name: string): boolean {
    return this.#key === keyOf(ecosystem, name);
  }

  all(): readonly Advisory[] {
    return this.#advisories.map((_, entry) => this.#advisory(entry));
  }

  candidates(version: string, order: VersionOrder): readonly Advisory[] {
    if (this.#steps.length === 0 || !this.#owner.isSortedBy(order) || !hasPlace(version, order)) return this.all();
    const position = this.#positionOf(version, order);
    const found: Advisory[] = [];
    for (let entry = 0; entry < this.#advisories.length; entry++) {
      if (this.#reaches(entry, position)) found.push(this.#advisory(entry));
    }
    return found;
  }

  text(number: number): string {
    const start = this.#texts[number];
    const end = this.#texts[number + 1];
    if (start === undefined || end === undefined) throw this.#reader.damaged('a text has no such number');
    return this.#reader.allTexts.slice(start, end);
  }

  run(start: number, length: number): readonly string[] {
    this.#versionsLeft -= length;
    if (this.#versionsLeft < 0) throw this.#reader.damaged('too many versions');
    const known = this.#runs?.get(start);
    if (known?.length === length) return known;
    if (start + length >= this.#texts.length) throw this.#reader.damaged('a run of versions is too long');
    const versions: string[] = [];
    for (let number = start; number < start + length; number++) versions.push(this.text(number));
    this.#runs ??= new Map();
    this.#runs.set(start, versions);
    return versions;
  }

  #readStretches(entries: number): void {
    const last = lastPosition(this.#steps.length);
    for (let entry = 0; entry < entries; entry++) {
      let next = 0;
      for (let left = this.#reader.count(); left > 0; left--) {
        const from = next + this.#reader.number();
        const to = from + this.#reader.number();
        if (to > last) throw this.#reader.damaged('a stretch of versions is too long');
        this.#stretches.push(from, to);
        next = to + 1;
      }
      this.#stretchesFrom.push(this.#stretches.length);
    }
  }

  /** Where a version stands among those that the list names: see reach.ts. */
  #positionOf(version: string, order: VersionOrder): number {
    let from = 0;
    let to = this.#steps.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const at = order.compare(this.text(this.#steps[middle]!), version);
      if (at === 0) return 2 * middle + 1;
      if (at < 0) from = middle + 1;
      else to = middle;
    }
    return 2 * from;
  }

  #reaches(entry: number, position: number): boolean {
    const end = this.#stretchesFrom[entry + 1]!;
    for (let at = this.#stretchesFrom[entry]!; at < end; at += 2) {
      if (position < this.#stretches[at]!) return false;
      if (position <= this.#stretches[at + 1]!) return true;
    }
    return false;
  }

  #advisory(entry: number): Advisory {
    const known = this.#advisories[entry];
    if (known) return known;
    this.#reader.seek(this.#firstEntry + this.#entries[entry]!);
    const { recordOffset, recordLength, ranges, severity } = readEntry(this.#reader, this);
    const versionsAt = this.#reader.at;
    const record = this.#owner.record(recordOffset, recordLength);
    const versions = () => this.#versions(entry, versionsAt);
    const advisory = new StoredAdvisory(record, ranges, severity, versions);
    this.#advisories[entry] = advisory;
    return advisory;
  }

  #versions(entry: number, at: number): readonly string[] {
    this.#reader.seek(at);
    const versions = readVersions(this.#reader, this);
    if (this.#reader.at !== this.#firstEntry + this.#entries[entry + 1]!) {
      throw this.#reader.damaged('an entry has another size');
    }
    return versions;
  }
}

/** Reads so many lengths; where each thing begins, and where the last one ends, which must not be behind `limit`. */
function readPlaces(reader: ByteReader, count: number, start: number, limit: number): number[] {
  const places = [start];
  let at = start;
  for (let left = count; left > 0; left--) {
    at += reader.number();
    if (at > limit) throw reader.damaged('a length is too large');
    places.push(at);
  }
  return places;
}

/** Reads a count and so many numbers below `limit`. */
function readNumbers(reader: ByteReader, limit: number): number[] {
  const numbers: number[] = [];
  for (let left = reader.count(); left > 0; left--) {
    const number = reader.number();
    if (number >= limit) throw reader.damaged('a number is too large');
    numbers.push(number);
  }
  return numbers;
}
