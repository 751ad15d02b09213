import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { fileAccess, type RandomAccess } from '../format/random-access.ts';
import type { Advisory } from '../model/advisory.ts';
import { SluiceError } from '../util/error.ts';
import { asRecord, parseJson } from '../util/json.ts';
import { indexDamaged } from './bytes.ts';
import { updateHint } from './contract.ts';
import {
  decodeFoot,
  encodeHead,
  type Foot,
  footLength,
  headLength,
  maxListBytes,
  maxMetaBytes,
  maxTableBytes,
  type Row,
  rowLength,
  rowsOf,
} from './index-format.ts';
import { decodeList, decodeRecord, type ListEntry, type RecordPart } from './index-list.ts';
import { indexKey } from './names.ts';
import { pagedAccess } from './paged-access.ts';

/** How many shared parts of records are remembered: an erratum of a distribution concerns dozens of packages. */
const rememberedRecords = 20_000;

/** One ecosystem's index, opened: its table is in memory, everything else is read when it is asked for. */
export class IndexReader {
  readonly #fd: number;
  readonly #ecosystem: string;
  readonly #source: RandomAccess;
  readonly #table: Buffer;
  /** Where the shared parts of records end and lists may end. */
  readonly #bodyEnd: number;
  readonly #records = new Map<number, RecordPart>();

  /** @throws SluiceError `advisory/index-damaged` when the file is missing, of another version or ecosystem, or not whole. */
  constructor(path: string, ecosystem: string) {
    this.#ecosystem = ecosystem;
    this.#fd = openIndex(path, ecosystem);
    try {
      const file = fileAccess(this.#fd, 0, fstatSync(this.#fd).size);
      const foot = readFoot(file, ecosystem);
      this.#table = readTable(file, foot, ecosystem);
      checkMeta(file, foot, ecosystem);
      this.#source = pagedAccess(file);
      this.#bodyEnd = foot.tableOffset;
    } catch (thrown) {
      closeSync(this.#fd);
      throw this.#known(thrown);
    }
  }

  /**
   * The advisories of one package, sorted by id.
   * @throws SluiceError `advisory/index-damaged`.
   */
  lookup(ecosystem: string, name: string): Advisory[] {
    const key = indexKey(ecosystem, name);
    try {
      for (const row of rowsOf(this.#table, key)) {
        const list = decodeList(this.#readList(row), this.#ecosystem);
        if (list.key === key) return list.entries().map((entry) => this.#advisory(entry));
      }
      return [];
    } catch (thrown) {
      throw this.#known(thrown);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #readList(row: Row): Buffer {
    if (row.length > maxListBytes || row.offset < headLength || row.offset + row.length > this.#bodyEnd) {
      throw indexDamaged(this.#ecosystem, 'a list lies outside of its place');
    }
    const bytes = this.#source.read(row.offset, row.length);
    if (crc32(bytes) !== row.crc) throw indexDamaged(this.#ecosystem, 'the checksum of a list is wrong');
    return bytes;
  }

  #advisory(entry: ListEntry): Advisory {
    const record = this.#record(entry.recordOffset, entry.recordLength);
    const severity = entry.severity ?? record.severity;
    const { id, aliases, upstream, related, summary, published, modified } = record;
    const { versions, ranges } = entry;
    // Written out: thousands are made in one scan, and copying them by their keys takes several times as long.
    return published === undefined
      ? { id, aliases, upstream, related, versions, ranges, summary, severity, modified }
      : { id, aliases, upstream, related, versions, ranges, summary, severity, published, modified };
  }

  #record(offset: number, length: number): RecordPart {
    const known = this.#records.get(offset);
    if (known) return known;
    if (length < 4 || length > maxListBytes || offset < headLength || offset + length > this.#bodyEnd) {
      throw indexDamaged(this.#ecosystem, 'a record lies outside of its place');
    }
    const bytes = this.#source.read(offset, length);
    const body = bytes.subarray(4);
    if (crc32(body) !== bytes.readUInt32LE(0)) {
      throw indexDamaged(this.#ecosystem, 'the checksum of a record is wrong');
    }
    const record = decodeRecord(body, this.#ecosystem);
    if (this.#records.size >= rememberedRecords) this.#records.clear();
    this.#records.set(offset, record);
    return record;
  }

  /** A file that shrinks or fails while it is read is damaged too. */
  #known(thrown: unknown): unknown {
    if (thrown instanceof SluiceError && thrown.code === 'advisory/index-damaged') return thrown;
    return indexDamaged(this.#ecosystem, "the index can't be read");
  }
}

function openIndex(path: string, ecosystem: string): number {
  try {
    return openSync(path, 'r');
  } catch {
    throw indexDamaged(ecosystem, "the index is missing or can't be opened");
  }
}

function readFoot(source: RandomAccess, ecosystem: string): Foot {
  if (source.size < headLength + footLength) throw indexDamaged(ecosystem, 'the index is cut off');
  const head = source.read(0, headLength);
  const expected = encodeHead();
  if (!head.subarray(0, 8).equals(expected.subarray(0, 8))) throw indexDamaged(ecosystem, 'this is no index');
  if (!head.equals(expected)) {
    throw new SluiceError(
      'advisory/index-damaged',
      `the advisories of ${ecosystem} were indexed by another version of sluice`,
      updateHint,
    );
  }
  const foot = decodeFoot(source.read(source.size - footLength, footLength), source.size);
  if (!foot) throw indexDamaged(ecosystem, 'the end of the index is wrong');
  return foot;
}

function readTable(source: RandomAccess, foot: Foot, ecosystem: string): Buffer {
  const length = foot.rows * rowLength;
  if (length > maxTableBytes) throw indexDamaged(ecosystem, 'the table is too large');
  const table = source.read(foot.tableOffset, length);
  if (crc32(table) !== foot.tableCrc) throw indexDamaged(ecosystem, 'the checksum of the table is wrong');
  return table;
}

/** Stops an index of another ecosystem that was put in this one's place. */
function checkMeta(source: RandomAccess, foot: Foot, ecosystem: string): void {
  if (foot.metaLength > maxMetaBytes) throw indexDamaged(ecosystem, 'its description is too large');
  const bytes = source.read(foot.metaOffset, foot.metaLength);
  if (crc32(bytes) !== foot.metaCrc) throw indexDamaged(ecosystem, 'the checksum of its description is wrong');
  if (asRecord(parseJson(bytes))?.ecosystem !== ecosystem) {
    throw indexDamaged(ecosystem, 'the index is that of another ecosystem');
  }
}
