import { SluiceError } from '../../util/error.ts';
import type { BodySink, EntryType, SparsePart, TarEntry, TarHandler } from './contract.ts';
import { blockSize, isZeroBlock, type RawHeader, readFirstHeader, readHeader, readNumber, typeOf } from './header.ts';
import { longName, type PaxRecords, readPax, sparseFormat } from './pax.ts';
import { checkParts, MappedSparseSink, pairParts, readGnuParts, SparseSink } from './sparse.ts';

/** Largest pax header or GNU long name in bytes; Go's archive/tar, which the runtimes use, has the same limit. */
const maxMetaBytes = 1024 * 1024;

/** Most entries in one archive: several times what the largest images hold. */
const maxEntries = 1_200_000;

/** Most bytes that all names and link targets of one archive may have together; the largest images have a half. */
const maxNameBytes = 128 * 1024 * 1024;

/** Most bytes of holes that are put back into the sparse files of one archive: a hole costs nothing to write. */
const maxHoleBytes = 1024 * 1024 * 1024;

const flags = { pax: 0x78, paxGlobal: 0x67, longName: 0x4c, longLink: 0x4b, sparse: 0x53 };

/**
 * Walks a tar archive that is fed to it in pieces of any size: headers are read in place, bodies that nobody wants
 * are passed over. It reads what Go's archive/tar reads, so that a layer means the same here as to a runtime.
 */
export class TarWalker {
  readonly #handler: TarHandler;
  /** The header that is being gathered when it straddles two pieces. */
  readonly #block = Buffer.alloc(blockSize);
  #have = 0;
  /** Bytes of the current body, and of its padding, that are still to come. */
  #body = 0;
  #padding = 0;
  #sink: BodySink | undefined;
  #pax: PaxRecords = {};
  #longName: string | undefined;
  #longLink: string | undefined;
  /** A GNU sparse header whose further blocks are still to come. */
  #sparse: { header: RawHeader; realSize: number; parts: SparsePart[] } | undefined;
  /** Whether the current body is a sparse file's. */
  #holed = false;
  #entries = 0;
  #nameBytes = 0;
  #holeBytes = 0;
  #ended = false;
  /** Bytes of the archive taken so far. */
  #position = 0;

  constructor(handler: TarHandler) {
    this.#handler = handler;
  }

  /** How many of the next bytes nobody wants: a source that can seek need not read them. Infinite behind the archive's end. */
  get skippable(): number {
    if (this.#ended) return Number.POSITIVE_INFINITY;
    return this.#have > 0 || this.#sink !== undefined ? 0 : this.#body + this.#padding;
  }

  /** Where whoever wants the current body would have its next bytes put, at most `most` of them. */
  room(most: number): Buffer | undefined {
    return this.#body > 0 ? this.#sink?.room?.(Math.min(this.#body, most)) : undefined;
  }

  /** How many bytes of the archive came before the current body, while the handler is told of its entry. */
  get position(): number {
    return this.#position;
  }

  /** Whether the entry is of a sparse file, whose body is not what is unpacked, while the handler is told of it. */
  get sparse(): boolean {
    return this.#holed;
  }

  /** Takes note that `count` bytes, at most {@link skippable}, were passed over. */
  skip(count: number): void {
    if (this.#ended) return;
    const body = Math.min(count, this.#body);
    this.#body -= body;
    this.#padding -= count - body;
    this.#position += count;
  }

  /** Takes the next piece. @throws SluiceError `tar/...` */
  write(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.#ended) {
      if (this.#body > 0) at = this.#takeBody(bytes, at);
      else if (this.#padding > 0) {
        const take = Math.min(this.#padding, bytes.length - at);
        this.#padding -= take;
        this.#position += take;
        at += take;
      } else at = this.#takeBlock(bytes, at);
    }
  }

  /** Says that there is no more. @throws SluiceError `tar/truncated` */
  finish(): void {
    if (this.#ended) return;
    if (this.#body > 0 || this.#padding > 0 || this.#have > 0 || this.#sparse) {
      throw new SluiceError('tar/truncated', 'the tar archive ends early');
    }
  }

  #takeBody(bytes: Buffer, at: number): number {
    const take = Math.min(this.#body, bytes.length - at);
    this.#body -= take;
    this.#position += take;
    if (this.#sink) {
      const piece = at === 0 && take === bytes.length ? bytes : bytes.subarray(at, at + take);
      if (this.#sink.write(piece) === false) this.#sink = undefined;
      else if (this.#body === 0) this.#endBody();
    }
    return at + take;
  }

  #endBody(): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.end();
  }

  #takeBlock(bytes: Buffer, at: number): number {
    if (this.#have === 0 && bytes.length - at >= blockSize) {
      this.#position += blockSize;
      this.#header(bytes.subarray(at, at + blockSize));
      return at + blockSize;
    }
    const take = Math.min(blockSize - this.#have, bytes.length - at);
    bytes.copy(this.#block, this.#have, at, at + take);
    this.#have += take;
    this.#position += take;
    if (this.#have === blockSize) {
      this.#have = 0;
      this.#header(this.#block);
    }
    return at + take;
  }

  #header(block: Buffer): void {
    if (this.#sparse) {
      this.#sparseBlock(block);
      return;
    }
    if (isZeroBlock(block)) {
      this.#ended = true;
      return;
    }
    if (++this.#entries > maxEntries) throw new SluiceError('tar/entries', 'the tar archive has too many entries');
    const header = this.#entries === 1 ? readFirstHeader(block) : readHeader(block);
    if (header.flag === flags.sparse) {
      if (!header.gnu) throw new SluiceError('tar/sparse', 'a sparse file of the tar archive is in an unknown format');
      const parts: SparsePart[] = [];
      readGnuParts(block, 386, 4, parts);
      this.#sparse = { header, realSize: readNumber(block, 483, 12), parts };
      if (block[482] === 0) this.#sparseEntry();
      return;
    }
    if (this.#isMeta(header)) this.#meta(header);
    else this.#entry(header);
  }

  #isMeta(header: RawHeader): boolean {
    const { flag } = header;
    return flag === flags.pax || flag === flags.paxGlobal || flag === flags.longName || flag === flags.longLink;
  }

  #meta(header: RawHeader): void {
    if (header.size > maxMetaBytes) {
      throw new SluiceError('tar/meta-too-large', 'a long name or pax header of the tar archive is too large');
    }
    const collected = Buffer.alloc(header.size);
    let have = 0;
    this.#openBody(header.size, {
      write: (bytes) => {
        have += bytes.copy(collected, have);
        return true;
      },
      end: () => this.#applyMeta(header.flag, collected),
    });
  }

  #applyMeta(flag: number, bytes: Buffer): void {
    if (flag === flags.pax) this.#pax = readPax(bytes);
    else if (flag === flags.longName) this.#longName = longName(untilNul(bytes));
    else if (flag === flags.longLink) this.#longLink = longName(untilNul(bytes));
    // To the runtimes a global header is an entry of its own, which they pass over: the extensions before it were for it.
    else this.#forgetExtensions();
  }

  #forgetExtensions(): void {
    this.#pax = {};
    this.#longName = undefined;
    this.#longLink = undefined;
  }

  #sparseBlock(block: Buffer): void {
    readGnuParts(block, 0, 21, this.#sparse?.parts ?? []);
    if (block[504] === 0) this.#sparseEntry();
  }

  #sparseEntry(): void {
    const sparse = this.#sparse;
    if (!sparse) return;
    this.#sparse = undefined;
    const { header, realSize, parts } = sparse;
    this.#holed = true;
    this.#sparseBody(header, this.#nameOf(header), realSize, this.#pax.size ?? header.size, parts);
  }

  #entry(header: RawHeader): void {
    const stored = this.#pax.size ?? header.size;
    const path = this.#nameOf(header);
    const type = typeOf(header.flag, path);
    // Links, folders and devices have no body, whatever their header says; so Go's archive/tar has it.
    const hasBody = type === 'file' || type === 'other';
    const sparse = sparseFormat(this.#pax.sparse);
    this.#holed = sparse !== undefined;
    if (sparse === undefined) {
      const size = hasBody ? stored : 0;
      this.#openBody(size, this.#tell(header, path, type, size));
      return;
    }
    if (!hasBody) throw new SluiceError('tar/sparse', 'an entry of the tar archive is sparse and no file');
    const name = sparse.name ?? path;
    const realSize = sparse.realSize ?? stored;
    if (sparse.major === '1') this.#mappedBody(header, name, realSize, stored);
    else this.#sparseBody(header, name, realSize, stored, pairParts(sparse.map));
  }

  #sparseBody(header: RawHeader, path: string, realSize: number, stored: number, parts: SparsePart[]): void {
    checkParts(parts, realSize, stored);
    const sink = this.#tell(header, path, typeOf(header.flag, ''), realSize);
    if (sink) this.#countHoles(realSize - stored);
    this.#openBody(stored, sink && new SparseSink(sink, parts, realSize));
  }

  #mappedBody(header: RawHeader, path: string, realSize: number, stored: number): void {
    const sink = this.#tell(header, path, typeOf(header.flag, ''), realSize);
    const mapped = sink
      ? new MappedSparseSink((parts, mapBytes) => {
          checkParts(parts, realSize, stored - mapBytes);
          this.#countHoles(realSize - (stored - mapBytes));
          return new SparseSink(sink, parts, realSize);
        })
      : undefined;
    this.#openBody(stored, mapped);
  }

  #countHoles(bytes: number): void {
    this.#holeBytes += bytes;
    if (this.#holeBytes > maxHoleBytes) {
      throw new SluiceError(
        'tar/sparse-bomb',
        `the sparse files of the tar archive have more than ${maxHoleBytes} bytes of holes`,
      );
    }
  }

  /** A GNU long name outranks a pax header's, as it does in Go's archive/tar: the name must be the one that is unpacked. */
  #nameOf(header: RawHeader): string {
    return this.#longName || (this.#pax.path ?? header.path);
  }

  /** Tells the handler of an entry, and forgets the extensions that were for this entry alone. */
  #tell(header: RawHeader, path: string, type: EntryType, size: number): BodySink | undefined {
    const { capabilities } = this.#pax;
    const entry: TarEntry = {
      path,
      type,
      size,
      mode: header.mode,
      uid: this.#pax.uid ?? header.uid,
      gid: this.#pax.gid ?? header.gid,
      link: this.#longLink || (this.#pax.link ?? header.link),
    };
    this.#forgetExtensions();
    this.#nameBytes += path.length + entry.link.length;
    if (this.#nameBytes > maxNameBytes) {
      throw new SluiceError('tar/names', `the names in the tar archive have more than ${maxNameBytes} bytes together`);
    }
    return this.#handler.entry(capabilities ? { ...entry, capabilities } : entry);
  }

  #openBody(size: number, sink: BodySink | undefined): void {
    this.#body = size;
    this.#padding = (blockSize - (size % blockSize)) % blockSize;
    this.#sink = sink;
    if (size === 0) this.#endBody();
  }
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
