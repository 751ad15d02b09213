import { gzipSync } from 'node:zlib';
import { sha256, zstdStored } from './image-writer.ts';
import { end, entry, header } from './tar-writer.ts';

/** A file, folder or link of a layer that has an index. */
export interface IndexedFile {
  readonly name: string;
  /** `reg` by default. */
  readonly type?: 'reg' | 'dir' | 'symlink' | 'hardlink' | 'char' | 'fifo';
  readonly body?: Buffer | string;
  readonly link?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** An entry of an index as it is written. */
export type TocEntry = Record<string, unknown>;

/** What to write otherwise. */
export interface IndexOptions {
  /** Most bytes of a chunk: 64 KiB by default. */
  readonly chunkSize?: number;
  /** Bytes of a gzip member below which the next chunk goes into the same. */
  readonly minMember?: number;
  /** eStargz's first footer of 47 bytes. */
  readonly legacyFooter?: boolean;
  /** Bytes in front of all that the index is of. */
  readonly front?: Buffer;
  /** Changes the index before it is written: the digests that pin it are of what is written. */
  readonly change?: (entries: TocEntry[]) => unknown;
}

/** A layer with an index. */
export interface IndexedLayer {
  readonly blob: Buffer;
  readonly tar: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
}

const flags = { reg: '0', dir: '5', symlink: '2', hardlink: '1', char: '3', fifo: '6' } as const;

/** The compressed parts of a blob, of which some are open for more bytes. */
class Parts {
  readonly blob: Buffer[] = [];
  readonly tar: Buffer[] = [];
  size = 0;
  #open: Buffer[] = [];
  readonly #pack: (bytes: Buffer) => Buffer;

  constructor(pack: (bytes: Buffer) => Buffer) {
    this.#pack = pack;
  }

  write(bytes: Buffer): void {
    this.#open.push(bytes);
    this.tar.push(bytes);
  }

  get openSize(): number {
    return this.#open.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  close(): void {
    if (this.#open.length > 0) this.append(this.#pack(Buffer.concat(this.#open)));
    this.#open = [];
  }

  append(bytes: Buffer): void {
    this.blob.push(bytes);
    this.size += bytes.length;
  }
}

/** Writes a layer as eStargz: chunks in gzip members of their own, the index behind them, the footer last. */
export function estargzLayer(files: readonly IndexedFile[], options: IndexOptions = {}): IndexedLayer {
  const parts = new Parts((bytes) => gzipSync(bytes));
  if (options.front) parts.append(options.front);
  let member: number | undefined;
  const entries = writeFiles(files, parts, options, (chunk) => {
    if (member === undefined || parts.openSize >= (options.minMember ?? 0)) {
      parts.close();
      member = parts.size;
      chunk.offset = member;
    } else Object.assign(chunk, { offset: member, innerOffset: parts.openSize });
    return () => undefined;
  });
  parts.close();
  const toc = json(entries, options);
  const place = parts.size;
  parts.write(Buffer.concat([entry('0', 'stargz.index.json', toc, { mode: 0 }), end]));
  parts.close();
  parts.append(footer(place, options.legacyFooter ?? false));
  const annotations = { 'containerd.io/snapshot/stargz/toc.digest': sha256(toc) };
  return { blob: Buffer.concat(parts.blob), tar: Buffer.concat(parts.tar), annotations };
}

/** Writes a layer as zstd:chunked: chunks in frames of their own, the index in a frame that decoders pass over. */
export function chunkedLayer(files: readonly IndexedFile[], options: IndexOptions = {}): IndexedLayer {
  const parts = new Parts(zstdStored);
  if (options.front) parts.append(options.front);
  const entries = writeFiles(files, parts, options, (chunk, first) => {
    parts.close();
    chunk.offset = parts.size;
    return () => {
      parts.close();
      first.endOffset = parts.size;
    };
  });
  parts.write(end);
  parts.close();
  const toc = json(entries, options);
  const packed = zstdStored(toc);
  const position = [parts.size + 8, packed.length, toc.length, 1].join(':');
  parts.append(skippable(packed));
  parts.append(skippable(Buffer.from('what tar-split keeps')));
  parts.append(skippable(Buffer.alloc(64)));
  const annotations = {
    'io.github.containers.zstd-chunked.manifest-checksum': sha256(packed),
    'io.github.containers.zstd-chunked.manifest-position': position,
  };
  return { blob: Buffer.concat(parts.blob), tar: Buffer.concat(parts.tar), annotations };
}

/** Writes entries and chunks. `place` says where a chunk stands, before it is written, and gets to know when it was. */
function writeFiles(
  files: readonly IndexedFile[],
  parts: Parts,
  { chunkSize = 64 * 1024 }: IndexOptions,
  place: (chunk: TocEntry, first: TocEntry) => () => void,
): TocEntry[] {
  const entries: TocEntry[] = [];
  for (const { name, type = 'reg', body = '', link, mode = 0o644, uid = 0, gid = 0 } of files) {
    const bytes = Buffer.from(body);
    parts.write(header(flags[type], name, bytes.length, { mode, uid, gid, ...(link ? { link } : {}) }));
    const first: TocEntry = { name, type, mode, modtime: '2026-01-02T03:04:05Z' };
    if (uid > 0) first.uid = uid;
    if (gid > 0) first.gid = gid;
    if (link !== undefined) first.linkName = link;
    entries.push(first);
    if (bytes.length === 0) continue;
    Object.assign(first, { size: bytes.length, digest: sha256(bytes) });
    for (let at = 0; at < bytes.length; at += chunkSize) {
      const chunk = bytes.subarray(at, at + chunkSize);
      const said: TocEntry = at === 0 ? first : { name, type: 'chunk', chunkOffset: at };
      const written = place(said, first);
      if (at > 0) entries.push(said);
      if (at + chunkSize < bytes.length) said.chunkSize = chunk.length;
      if (bytes.length > chunkSize) said.chunkDigest = sha256(chunk);
      parts.write(chunk);
      written();
    }
    parts.write(Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return entries;
}

function json(entries: TocEntry[], { change }: IndexOptions): Buffer {
  const said = change?.(entries) ?? { version: 1, entries };
  return Buffer.isBuffer(said) ? said : Buffer.from(JSON.stringify(said));
}

/** An empty gzip member whose extra field says where the index begins. */
export function footer(place: number, legacy = false): Buffer {
  const text = Buffer.from(`${place.toString(16).padStart(16, '0')}STARGZ`);
  const extra = legacy ? text : Buffer.concat([Buffer.from([0x53, 0x47, 22, 0]), text]);
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, extra.length, 0]);
  return Buffer.concat([head, extra, Buffer.from([1, 0, 0, 0xff, 0xff]), Buffer.alloc(8)]);
}

function skippable(bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50, 0);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

/** Bytes that do not pack, the same for the same seed. */
export function filler(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
