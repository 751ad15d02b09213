import { crc32 } from 'node:zlib';
import type { Digest } from '../model/digest.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { ByteWriter } from './bytes.ts';
import { FileWriter } from './file-writer.ts';
import { encodeFoot, encodeHead, encodeRow, footLength, hashKey, maxListBytes } from './index-format.ts';
import { encodeList, encodeRecord, type ListEntry, type PackagePart } from './index-list.ts';
import { baseOf } from './names.ts';
import type { AffectedPackage, OsvRecord } from './osv-record.ts';
import { noSeverity, sameSeverity } from './severity.ts';

/** What an index says of itself. */
export interface IndexMeta {
  readonly ecosystem: string;
  readonly records: number;
  readonly withdrawn: number;
  readonly unreadable: number;
  /** The names of the first unreadable records in the export. */
  readonly unreadableNames: readonly string[];
  readonly newest: string;
  /** The ecosystems with their releases that its records name, sorted: `Debian:11`, `Debian:12`. */
  readonly releases: readonly string[];
  /** Digest of the export's zip that the index was made from. */
  readonly export: Digest;
}

/** An index that was written and is on the disk. */
export interface WrittenIndex {
  readonly meta: IndexMeta;
  readonly digest: Digest;
  readonly size: number;
}

interface Spooled {
  readonly record: number;
  readonly offset: number;
  readonly length: number;
}

/** How many unreadable records are named. */
const maxUnreadableNames = 20;
const maxShownName = 200;

/** Most releases of one ecosystem; real ones have a few dozen. */
const maxReleases = 10_000;

/**
 * Makes the index of one ecosystem. Records pass through one by one: their parts wait in a temporary file, and memory
 * holds only where they lie. The same records in any order give the same bytes.
 */
export class IndexWriter {
  readonly #ecosystem: string;
  readonly #spool: FileWriter;
  readonly #bytes = new ByteWriter();
  /** For each record number its id, and where its shared part lies in the spool. */
  readonly #records: { readonly id: string; readonly offset: number; readonly length: number }[] = [];
  readonly #lists = new Map<string, Spooled[]>();
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
    this.#spool = new FileWriter(spoolPath);
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

  /** Counts a record that can't be read. */
  addUnreadable(name: string): void {
    this.#unreadable++;
    if (this.#unreadableNames.length >= maxUnreadableNames) return;
    this.#unreadableNames.push(name.replace(/[^\x20-\x7e]/g, '?').slice(0, maxShownName));
  }

  /** Readable records so far. */
  get readable(): number {
    return this.#ids.size;
  }

  /** Writes the index to a file that doesn't exist yet and waits until it is on the disk. */
  finish(path: string, exportDigest: Digest): WrittenIndex {
    this.#spool.flush();
    const out = new FileWriter(path);
    try {
      out.write(encodeHead());
      const places = this.#writeRecords(out);
      const rows = this.#writeLists(out, places);
      const meta = this.#meta(exportDigest);
      writeEnd(out, rows, meta);
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
    const number = this.#records.push({ id: record.id, offset: this.#spool.write(shared), length: shared.length }) - 1;
    for (const one of packages) {
      if (this.#releases.size < maxReleases) this.#releases.add(one.ecosystem);
      const own: PackagePart = sameSeverity(one.severity, severity)
        ? { versions: one.versions, ranges: one.ranges }
        : { versions: one.versions, ranges: one.ranges, severity: one.severity };
      const bytes = Buffer.from(JSON.stringify(own));
      const entry = { record: number, offset: this.#spool.write(bytes), length: bytes.length };
      const key = `${one.ecosystem}\u0000${one.name}`;
      const list = this.#lists.get(key);
      if (list) list.push(entry);
      else this.#lists.set(key, [entry]);
    }
  }

  /** Writes the shared parts sorted by id; returns for each record number where its part lies now. */
  #writeRecords(out: FileWriter): { offset: number; length: number }[] {
    const order = [...this.#records.keys()].sort((a, b) => compareText(this.#records[a]!.id, this.#records[b]!.id));
    const places = new Array<{ offset: number; length: number }>(order.length);
    for (const number of order) {
      const { offset, length } = this.#records[number]!;
      const part = Buffer.allocUnsafe(length + 4);
      this.#spool.read(offset, length).copy(part, 4);
      part.writeUInt32LE(crc32(part.subarray(4)), 0);
      places[number] = { offset: out.write(part), length: part.length };
    }
    return places;
  }

  /** Writes the lists in the order of the table; returns the table. */
  #writeLists(out: FileWriter, places: readonly { offset: number; length: number }[]): Buffer[] {
    const keys = [...this.#lists.keys()].map((key) => ({ key, hash: hashKey(key) }));
    keys.sort((a, b) => a.hash.compare(b.hash) || compareText(a.key, b.key));
    return keys.map(({ key, hash }) => {
      const list = encodeList(key, this.#entries(key, places), this.#bytes);
      if (list.length > maxListBytes) {
        const name = JSON.stringify(key.slice(0, maxShownName));
        throw new SluiceError(
          'advisory/list-too-large',
          `the advisories of ${name} have ${list.length} bytes, too many`,
        );
      }
      return encodeRow({ hash, offset: out.write(list), length: list.length, crc: crc32(list) });
    });
  }

  /** The entries of one key sorted by id; those of one record stay in the record's order. */
  #entries(key: string, places: readonly { offset: number; length: number }[]): ListEntry[] {
    const spooled = this.#lists.get(key) ?? [];
    spooled.sort(
      (a, b) => compareText(this.#records[a.record]!.id, this.#records[b.record]!.id) || a.offset - b.offset,
    );
    return spooled.map((one) => {
      const own = JSON.parse(this.#spool.read(one.offset, one.length).toString('utf8')) as PackagePart;
      const place = places[one.record]!;
      return { ...own, recordOffset: place.offset, recordLength: place.length };
    });
  }

  #meta(exportDigest: Digest): IndexMeta {
    return {
      ecosystem: this.#ecosystem,
      records: this.#ids.size,
      withdrawn: this.#withdrawn,
      unreadable: this.#unreadable,
      unreadableNames: this.#unreadableNames,
      newest: this.#newest,
      releases: [...this.#releases].sort(compareText),
      export: exportDigest,
    };
  }
}

function writeEnd(out: FileWriter, rows: readonly Buffer[], meta: IndexMeta): void {
  const table = Buffer.concat(rows);
  const tableOffset = out.write(table);
  const metaBytes = Buffer.from(JSON.stringify(meta));
  const metaOffset = out.write(metaBytes);
  out.write(
    encodeFoot({
      tableOffset,
      rows: rows.length,
      tableCrc: crc32(table),
      metaOffset,
      metaLength: metaBytes.length,
      metaCrc: crc32(metaBytes),
      fileSize: metaOffset + metaBytes.length + footLength,
    }),
  );
}
