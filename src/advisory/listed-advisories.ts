import type { Advisory, FlawedImport } from '../model/advisory.ts';
import type { VersionOrder } from '../version/contract.ts';
import { ByteReader, type Column } from './bytes.ts';
import type { NamedAdvisories } from './contract.ts';
import { type ListTexts, readEntry, readImports, readVersions } from './index-entry.ts';
import { hasPlace } from './index-order.ts';
import type { RecordPart } from './index-record.ts';
import { keyOf } from './names.ts';
import { lastPosition } from './reach.ts';
import { type LateParts, StoredAdvisory } from './stored-advisory.ts';

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

/** What stands between the key and the entries. */
interface Columns {
  /** Where each text ends behind the key. */
  readonly texts: Column;
  /** The text of each step of the ladder, oldest first. */
  readonly steps: Column;
  /** Where each entry ends behind the first. */
  readonly entries: Column;
  readonly reachAt: number;
}

/**
 * The list of one package, opened: nothing but its key is read before somebody asks, and then the places of its texts and
 * entries stand in columns, of which those are read that are needed.
 */
export class ListedAdvisories implements NamedAdvisories, ListTexts, LateParts {
  readonly #owner: ListOwner;
  readonly #reader: ByteReader;
  readonly #keyLength: number;
  #columns: Columns | undefined;
  /** Where the first entry begins; -1: not known before the reach of all was stepped over. */
  #firstEntry = -1;
  #advisories: (Advisory | undefined)[] | undefined;
  #runs: Map<number, readonly string[]> | undefined;
  #versionsLeft = maxVersions;

  /** @throws SluiceError `advisory/index-damaged`. */
  constructor(bytes: Buffer, owner: ListOwner) {
    const reader = new ByteReader(bytes, owner.ecosystem);
    this.#owner = owner;
    this.#reader = reader;
    this.#keyLength = reader.number();
  }

  /** Whether the list is that of the package: its hash alone does not tell. The name is as {@link indexName} makes it. */
  isOf(ecosystem: string, name: string): boolean {
    const key = keyOf(ecosystem, name);
    return this.#keyLength === key.length && this.#reader.startsWith(key);
  }

  all(): readonly Advisory[] {
    this.#readReach(undefined, undefined);
    const found: Advisory[] = [];
    const { count } = this.#opened().entries;
    for (let entry = 0; entry < count; entry++) found.push(this.#advisory(entry));
    return found;
  }

  candidates(version: string, order: VersionOrder): readonly Advisory[] {
    if (this.#opened().steps.count === 0 || !this.#owner.isSortedBy(order) || !hasPlace(version, order))
      return this.all();
    const reached: number[] = [];
    this.#readReach(this.#positionOf(version, order), reached);
    return reached.map((entry) => this.#advisory(entry));
  }

  text(number: number): string {
    const { texts } = this.#opened();
    if (number >= texts.count) throw this.#reader.damaged('a text has no such number');
    const start = number === 0 ? 0 : texts.at(number - 1);
    const end = texts.at(number);
    const from = this.#keyLength;
    const { allTexts } = this.#reader;
    if (start > end || from + end > allTexts.length) throw this.#reader.damaged('a text has no place');
    return allTexts.slice(from + start, from + end);
  }

  run(start: number, length: number): readonly string[] {
    this.#versionsLeft -= length;
    if (this.#versionsLeft < 0) throw this.#reader.damaged('too many versions');
    const known = this.#runs?.get(start);
    if (known?.length === length) return known;
    if (start + length > this.#opened().texts.count) throw this.#reader.damaged('a run of versions is too long');
    const versions: string[] = [];
    for (let number = start; number < start + length; number++) versions.push(this.text(number));
    this.#runs ??= new Map();
    this.#runs.set(start, versions);
    return versions;
  }

  versions(entry: number, at: number, more: boolean): readonly string[] {
    this.#reader.seek(at);
    const versions = readVersions(this.#reader, this);
    if (!more) this.#checkEnd(entry);
    return versions;
  }

  imports(entry: number, at: number): readonly FlawedImport[] {
    this.#reader.seek(at);
    const imports = readImports(this.#reader, this.#owner.ecosystem);
    this.#checkEnd(entry);
    return imports;
  }

  #opened(): Columns {
    if (this.#columns) return this.#columns;
    const reader = this.#reader;
    const [texts, steps, entries] = [reader.column(), reader.column(), reader.column()];
    this.#columns = { texts, steps, entries, reachAt: reader.at };
    return this.#columns;
  }

  /** Steps over the reach of all entries, and adds those that reach the position. What stands behind are the entries. */
  #readReach(position: number | undefined, reached: number[] | undefined): void {
    if (position === undefined && this.#firstEntry >= 0) return;
    const reader = this.#reader;
    const { steps, entries, reachAt } = this.#opened();
    reader.seek(reachAt);
    if (steps.count > 0) {
      const last = lastPosition(steps.count);
      for (let entry = 0; entry < entries.count; entry++) {
        if (readReach(reader, last, position)) reached?.push(entry);
      }
    }
    this.#firstEntry = reader.at;
    if (this.#firstEntry + this.#entryEnd(entries.count - 1) !== reader.size) {
      throw reader.damaged('its entries have another size');
    }
  }

  #entryEnd(entry: number): number {
    return entry < 0 ? 0 : this.#opened().entries.at(entry);
  }

  /** Where a version stands among those that the list names: see reach.ts. */
  #positionOf(version: string, order: VersionOrder): number {
    const { steps } = this.#opened();
    let from = 0;
    let to = steps.count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const at = order.compare(this.text(steps.at(middle)), version);
      if (at === 0) return 2 * middle + 1;
      if (at < 0) from = middle + 1;
      else to = middle;
    }
    return 2 * from;
  }

  #advisory(entry: number): Advisory {
    this.#advisories ??= new Array<Advisory | undefined>(this.#opened().entries.count).fill(undefined);
    const known = this.#advisories[entry];
    if (known) return known;
    this.#reader.seek(this.#firstEntry + this.#entryEnd(entry - 1));
    const part = readEntry(this.#reader, this);
    const record = this.#owner.record(part.recordOffset, part.recordLength);
    const advisory = new StoredAdvisory(record, part, this, entry);
    this.#advisories[entry] = advisory;
    return advisory;
  }

  #checkEnd(entry: number): void {
    if (this.#reader.at !== this.#firstEntry + this.#entryEnd(entry)) {
      throw this.#reader.damaged('an entry has another size');
    }
  }
}

/** Steps over the stretches of one entry; whether one of them holds the position. */
function readReach(reader: ByteReader, last: number, position: number | undefined): boolean {
  let next = 0;
  let holds = false;
  for (let left = reader.count(); left > 0; left--) {
    const from = next + reader.number();
    const to = from + reader.number();
    if (to > last) throw reader.damaged('a stretch of versions is too long');
    if (position !== undefined && from <= position && position <= to) holds = true;
    next = to + 1;
  }
  return holds;
}
