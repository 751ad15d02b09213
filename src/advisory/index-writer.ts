import { crc32 } from 'node:zlib';
import type { Digest } from '../model/digest.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { ByteWriter } from './bytes.ts';
import { orderOfEcosystem } from './ecosystem-order.ts';
import { FileWriter } from './file-writer.ts';
import type { ListEntry } from './index-entry.ts';
import { encodeHead, maxListBytes } from './index-format.ts';
import { ListWriter } from './index-list.ts';
import { orderMark } from './index-order.ts';
import { encodeRecord } from './index-record.ts';
import { type ListRow, writeEnd } from './index-table-writer.ts';
import { baseOf, keyOf } from './names.ts';
import type { AffectedPackage, OsvRecord } from './osv-record.ts';
import { PartSpool, type SpooledPart } from './part-spool.ts';
import { noSeverity } from './severity.ts';

/** What an index says of itself. */
export interface IndexMeta {
  readonly ecosystem: string;
  readonly records: number;
  readonly withdrawn: number;
  readonly unreadable: number;
  /** `name: why` of the unreadable records, sorted, the first of them. */
  readonly unreadableNames: readonly string[];
  readonly newest: string;
  /** The ecosystems with their releases that its records name, sorted: `Debian:11`, `Debian:12`. */
  readonly releases: readonly string[];
}

/** An index that was written and is on the disk. */
export interface WrittenIndex {
  readonly meta: IndexMeta;
  readonly digest: Digest;
  readonly size: number;
}

/** What one record says of one package: the record's number, and the part of its own. */
interface Mention {
  readonly record: number;
  readonly part: SpooledPart;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

/** How many unreadable records are named. */
const maxUnreadableNames = 20;
const maxShownName = 200;
const maxShownReason = 200;

/** Most releases of one ecosystem; real ones have a few dozen. */
const maxReleases = 10_000;

/**
 * Makes the index of one ecosystem. Records pass through one by one: their parts wait in a temporary file, and memory
 * holds only where they lie. The same records in any order give the same bytes.
 */
export class IndexWriter {
  readonly #ecosystem: string;
  readonly #spool: FileWriter;
  readonly #parts: PartSpool;
  readonly #bytes = new ByteWriter();
  /** For each record number its id, and where its shared part lies in the spool. */
  readonly #records: (Place & { readonly id: string; readonly withdrawn: boolean })[] = [];
  readonly #lists = new Map<string, Mention[]>();
  readonly #ids = new Set<string>();
  readonly #unreadableNames: string[] = [];
  readonly #releases = new Set<string>();
  #unreadable = 0;
  #withdrawn = 0;
  #newest = '';
  #newestTime = Number.NEGATIVE_INFINITY;

  /** `spoolPath`: a file that doesn't exist yet; whoever calls removes it. */
  constructor(ecosystem: string, spoolPath: string) {
    this.#ecosystem = ecosystem;
    this.#spool = new FileWriter(spoolPath, false);
    this.#parts = new PartSpool(this.#spool);
  }

  /** Takes in what a record says of this ecosystem. @throws SluiceError `advisory/record-unreadable` when its id came before. */
  add(record: OsvRecord): void {
    if (this.#ids.has(record.id)) {
      throw new SluiceError('advisory/record-unreadable', 'a record with the same id came before');
    }
    this.#ids.add(record.id);
    if (record.withdrawn) this.#withdrawn++;
    this.#keepNewest(record.modified);
    const packages = record.packages.filter((one) => baseOf(one.ecosystem) === this.#ecosystem);
    if (packages.length > 0) this.#spoolRecord(record, packages);
  }

  /** Counts a record that can't be read; those that stand first by name are named, so that it doesn't matter which came first. */
  addUnreadable(name: string, why: string): void {
    this.#unreadable++;
    this.#unreadableNames.push(`${shown(name, maxShownName)}: ${shown(why, maxShownReason)}`);
    if (this.#unreadableNames.length <= maxUnreadableNames) return;
    this.#unreadableNames.sort(compareText).pop();
  }

  /** Readable records so far. */
  get readable(): number {
    return this.#ids.size;
  }

  /** Writes the index to a file that doesn't exist yet and waits until it is on the disk. */
  finish(path: string): WrittenIndex {
    this.#spool.flush();
    const out = new FileWriter(path, true);
    try {
      out.write(encodeHead());
      const keys = this.#sortedKeys();
      const places = this.#writeRecords(out, keys);
      const rows = this.#writeLists(out, keys, places);
      const meta = this.#meta();
      const order = orderOfEcosystem(this.#ecosystem);
      const mark = order && orderMark(order);
      writeEnd(out, rows, mark === undefined ? meta : { ...meta, order: mark });
      return { meta, ...out.finish() };
    } finally {
      out.close();
    }
  }

  /** Closes the temporary file. May be called again. */
  close(): void {
    this.#spool.close();
  }

  #keepNewest(modified: string): void {
    const time = Date.parse(modified);
    if (time < this.#newestTime || (time === this.#newestTime && modified <= this.#newest)) return;
    this.#newest = modified;
    this.#newestTime = time;
  }

  #spoolRecord(record: OsvRecord, packages: readonly AffectedPackage[]): void {
    const severity = packages[0]?.severity ?? noSeverity;
    const shared = encodeRecord({ ...record, severity }, this.#bytes);
    const withdrawn = record.withdrawn !== undefined;
    const place = { offset: this.#spool.write(shared), length: shared.length };
    const number = this.#records.push({ id: record.id, withdrawn, ...place }) - 1;
    for (const one of packages) {
      // Data whose records for a release were all taken back vouches for nothing in it.
      if (!withdrawn && this.#releases.size < maxReleases) this.#releases.add(one.ecosystem);
      const mention = { record: number, part: this.#parts.write(one, severity) };
      const key = keyOf(one.ecosystem, one.name);
      const list = this.#lists.get(key);
      if (list) list.push(mention);
      else this.#lists.set(key, [mention]);
    }
  }

  /** The keys in their order. What is said of each is sorted by id; what one record says stays in its order. */
  #sortedKeys(): string[] {
    for (const list of this.#lists.values()) {
      if (list.length < 2) continue;
      list.sort(
        (a, b) =>
          compareText(this.#records[a.record]!.id, this.#records[b.record]!.id) || a.part.offset - b.part.offset,
      );
    }
    return [...this.#lists.keys()].sort(compareText);
  }

  /** Writes the shared parts in the order in which the lists name them first; returns where the part of each record lies now. */
  #writeRecords(out: FileWriter, keys: readonly string[]): Place[] {
    const places = new Array<Place>(this.#records.length);
    for (const key of keys) {
      for (const { record } of this.#lists.get(key)!) {
        if (places[record]) continue;
        const { offset, length } = this.#records[record]!;
        const part = Buffer.allocUnsafe(length + 4);
        this.#spool.read(offset, length).copy(part, 4);
        part.writeUInt32LE(crc32(part.subarray(4)), 0);
        places[record] = { offset: out.write(part), length: part.length };
      }
    }
    return places;
  }

  #writeLists(out: FileWriter, keys: readonly string[], places: readonly Place[]): ListRow[] {
    const order = orderOfEcosystem(this.#ecosystem);
    const writer = new ListWriter(order && orderMark(order) ? order : undefined);
    return keys.map((key) => {
      const list = writer.encode(key, this.#entries(key, places));
      if (list.length > maxListBytes) {
        const name = JSON.stringify(key.slice(0, maxShownName));
        throw new SluiceError(
          'advisory/list-too-large',
          `the advisories of ${name} have ${list.length} bytes, too many`,
        );
      }
      return { key, offset: out.write(list), length: list.length, crc: crc32(list) };
    });
  }

  #entries(key: string, places: readonly Place[]): ListEntry[] {
    return this.#lists.get(key)!.map(({ record, part }) => {
      const { offset, length } = places[record]!;
      const { withdrawn } = this.#records[record]!;
      return { ...this.#parts.read(part), recordOffset: offset, recordLength: length, withdrawn };
    });
  }

  #meta(): IndexMeta {
    return {
      ecosystem: this.#ecosystem,
      records: this.#ids.size,
      withdrawn: this.#withdrawn,
      unreadable: this.#unreadable,
      unreadableNames: [...this.#unreadableNames].sort(compareText),
      newest: this.#newest,
      releases: [...this.#releases].sort(compareText),
    };
  }
}

/** Foreign text for one line of a terminal. */
function shown(text: string, most: number): string {
  return text.slice(0, most).replace(/[^\x20-\x7e]/g, '?');
}
