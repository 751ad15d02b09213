import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { fileAccess, type RandomAccess } from '../format/random-access.ts';
import { SluiceError } from '../util/error.ts';
import { asRecord, asString } from '../util/json.ts';
import type { VersionOrder } from '../version/contract.ts';
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
} from './index-format.ts';
import { orderMark } from './index-order.ts';
import { decodeRecord, type RecordPart } from './index-record.ts';
import { IndexTable } from './index-table.ts';
import { ListedAdvisories, type ListOwner } from './listed-advisories.ts';
import { indexName } from './names.ts';
import { pagedAccess } from './paged-access.ts';

/** How many shared parts of records are remembered: an erratum of a distribution concerns dozens of packages. */
const rememberedRecords = 20_000;

/** One ecosystem's index, opened: its table is in memory, everything else is read when it is asked for. */
export class IndexReader implements ListOwner {
  readonly ecosystem: string;
  readonly #fd: number;
  readonly #source: RandomAccess;
  readonly #table: IndexTable;
  /** The order that lists were sorted by, as {@link orderMark} names it. */
  readonly #sortedBy: string | undefined;
  /** Where the shared parts of records end and lists may end. */
  readonly #bodyEnd: number;
  readonly #records = new Map<number, RecordPart>();
  #closed = false;

  /** @throws SluiceError `advisory/index-damaged` when the file is missing, of another version or ecosystem, or not whole. */
  constructor(path: string, ecosystem: string) {
    this.ecosystem = ecosystem;
    this.#fd = openIndex(path, ecosystem);
    try {
      const file = fileAccess(this.#fd, 0, fstatSync(this.#fd).size);
      const foot = readFoot(file, ecosystem);
      this.#table = new IndexTable(readTable(file, foot, ecosystem), foot.seed);
      this.#sortedBy = readMeta(file, foot, ecosystem).order;
      this.#source = pagedAccess(file);
      this.#bodyEnd = foot.tableOffset;
    } catch (thrown) {
      closeSync(this.#fd);
      throw this.#known(thrown);
    }
  }

  /**
   * The advisories of one package; undefined when there are none.
   * @throws SluiceError `advisory/index-damaged`.
   */
  find(ecosystem: string, name: string): ListedAdvisories | undefined {
    const indexed = indexName(this.ecosystem, name);
    for (let row = this.#table.first(ecosystem, indexed); row >= 0; row = this.#table.next(row)) {
      const list = this.#open(row);
      if (list.isOf(ecosystem, indexed)) return list;
    }
    return undefined;
  }

  isSortedBy(order: VersionOrder): boolean {
    return this.#sortedBy !== undefined && orderMark(order) === this.#sortedBy;
  }

  close(): void {
    this.#closed = true;
    closeSync(this.#fd);
  }

  #open(row: number): ListedAdvisories {
    try {
      return new ListedAdvisories(this.#readList(this.#table.row(row)), this);
    } catch (thrown) {
      throw this.#known(thrown);
    }
  }

  #readList(row: Row): Buffer {
    if (row.length > maxListBytes || row.offset < headLength || row.offset + row.length > this.#bodyEnd) {
      throw indexDamaged(this.ecosystem, 'a list lies outside of its place');
    }
    const bytes = this.#source.read(row.offset, row.length);
    if (crc32(bytes) !== row.crc) throw indexDamaged(this.ecosystem, 'the checksum of a list is wrong');
    return bytes;
  }

  record(offset: number, length: number): RecordPart {
    const known = this.#records.get(offset);
    if (known) return known;
    // The number of a closed file may be that of another one by now.
    if (this.#closed) throw new SluiceError('advisory/closed', 'the advisories are closed');
    try {
      const record = this.#readRecord(offset, length);
      if (this.#records.size >= rememberedRecords) this.#records.clear();
      this.#records.set(offset, record);
      return record;
    } catch (thrown) {
      throw this.#known(thrown);
    }
  }

  #readRecord(offset: number, length: number): RecordPart {
    if (length < 4 || length > maxListBytes || offset < headLength || offset + length > this.#bodyEnd) {
      throw indexDamaged(this.ecosystem, 'a record lies outside of its place');
    }
    const bytes = this.#source.read(offset, length);
    const body = bytes.subarray(4);
    if (crc32(body) !== bytes.readUInt32LE(0)) {
      throw indexDamaged(this.ecosystem, 'the checksum of a record is wrong');
    }
    return decodeRecord(body, this.ecosystem);
  }

  /** A file that shrinks or fails while it is read is damaged too. */
  #known(thrown: unknown): unknown {
    if (thrown instanceof SluiceError && thrown.code === 'advisory/index-damaged') return thrown;
    return indexDamaged(this.ecosystem, "the index can't be read");
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

/** What an index says of itself; stops one of another ecosystem that was put in this one's place. */
function readMeta(source: RandomAccess, foot: Foot, ecosystem: string): { readonly order: string | undefined } {
  if (foot.metaLength > maxMetaBytes) throw indexDamaged(ecosystem, 'its description is too large');
  const bytes = source.read(foot.metaOffset, foot.metaLength);
  if (crc32(bytes) !== foot.metaCrc) throw indexDamaged(ecosystem, 'the checksum of its description is wrong');
  // Bounded and checked by its checksum; its form alone is nobody's to choose but the writer's.
  const meta = asRecord(JSON.parse(bytes.toString('utf8')));
  if (meta?.ecosystem !== ecosystem) throw indexDamaged(ecosystem, 'the index is that of another ecosystem');
  return { order: asString(meta.order) };
}
