import type { PathTable } from '../model/survey.ts';

const slashCode = 0x2f;
const asciiMax = 0x7f;
/** Folders and bytes of names that there is room for at first. */
const firstRoom = 1024;
const firstBytes = 16 * 1024;
/** Bytes of UTF-8 that one unit of a JavaScript string takes at most. */
const bytesPerUnit = 3;

/** What a path table is made of, and written as. */
export interface PathColumns {
  /** Number of the folder by entry. */
  readonly folders: Uint32Array;
  /** Where each entry's name ends in {@link PathColumns.nameBytes}. */
  readonly nameEnds: Uint32Array;
  /** The last segments of all paths, one after another (UTF-8). */
  readonly nameBytes: Buffer;
  /** The folders' paths (UTF-8), each with a NUL behind it. The root's is empty. */
  readonly folderBytes: Buffer;
}

/** Paths as bytes, made texts one by one when they are asked for: most of a layer's never are. */
export class StoredPaths implements PathTable, PathColumns {
  readonly folders: Uint32Array;
  readonly nameEnds: Uint32Array;
  readonly nameBytes: Buffer;
  readonly folderBytes: Buffer;
  #folderPaths: readonly string[] | undefined;

  constructor(columns: PathColumns) {
    this.folders = columns.folders;
    this.nameEnds = columns.nameEnds;
    this.nameBytes = columns.nameBytes;
    this.folderBytes = columns.folderBytes;
  }

  get length(): number {
    return this.folders.length;
  }

  get folderPaths(): readonly string[] {
    // The NUL behind the last one leaves an empty text that is no folder.
    this.#folderPaths ??= this.folderBytes.toString('utf8').split('\0').slice(0, -1);
    return this.#folderPaths;
  }

  nameStart(entry: number): number {
    return entry === 0 ? 0 : (this.nameEnds[entry - 1] ?? 0);
  }

  nameOf(entry: number): string {
    return this.nameBytes.toString('utf8', this.nameStart(entry), this.nameEnds[entry]);
  }

  at(entry: number): string | undefined {
    const folder = this.folderPaths[this.folders[entry] ?? -1];
    if (folder === undefined) return undefined;
    return folder === '' ? this.nameOf(entry) : `${folder}/${this.nameOf(entry)}`;
  }
}

/** Gathers the paths of a layer. Entries come folder by folder, so most are in the folder of the one before. */
export class PathTableBuilder {
  #folders: Uint32Array = new Uint32Array(firstRoom);
  #nameEnds: Uint32Array = new Uint32Array(firstRoom);
  #names: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  #folderBytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  readonly #numbers = new Map<string, number>();
  #count = 0;
  #namesEnd = 0;
  #folderBytesEnd = 0;
  #lastFolder = '';
  #lastNumber = -1;

  get length(): number {
    return this.#count;
  }

  /** Adds a clean path. */
  add(path: string): void {
    if (this.#count === this.#folders.length) this.#grow();
    const slash = path.lastIndexOf('/');
    this.#folders[this.#count] = this.#folderNumber(path, Math.max(slash, 0));
    this.#names = withRoom(this.#names, this.#namesEnd, (path.length - slash) * bytesPerUnit);
    this.#namesEnd = writeText(this.#names, this.#namesEnd, path, slash + 1);
    this.#nameEnds[this.#count] = this.#namesEnd;
    this.#count++;
  }

  #folderNumber(path: string, length: number): number {
    if (this.#lastNumber >= 0 && length === this.#lastFolder.length && path.startsWith(this.#lastFolder)) {
      return this.#lastNumber;
    }
    const folder = path.slice(0, length);
    let number = this.#numbers.get(folder);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(folder, number);
      this.#folderBytes = withRoom(this.#folderBytes, this.#folderBytesEnd, length * bytesPerUnit + 1);
      this.#folderBytesEnd = writeText(this.#folderBytes, this.#folderBytesEnd, folder, 0);
      this.#folderBytes[this.#folderBytesEnd++] = 0;
    }
    this.#lastFolder = folder;
    this.#lastNumber = number;
    return number;
  }

  #grow(): void {
    const room = this.#count + (this.#count >> 1);
    this.#folders = copied(this.#folders, new Uint32Array(room));
    this.#nameEnds = copied(this.#nameEnds, new Uint32Array(room));
  }

  /** The table of all that was added; more may be added afterwards. */
  build(): StoredPaths {
    return new StoredPaths({
      folders: this.#folders.slice(0, this.#count),
      nameEnds: this.#nameEnds.slice(0, this.#count),
      nameBytes: this.#names.subarray(0, this.#namesEnd),
      folderBytes: this.#folderBytes.subarray(0, this.#folderBytesEnd),
    });
  }
}

function copied(from: Uint32Array, to: Uint32Array): Uint32Array {
  to.set(from);
  return to;
}

function withRoom(bytes: Buffer, end: number, more: number): Buffer {
  if (end + more <= bytes.length) return bytes;
  const larger = Buffer.allocUnsafeSlow(Math.max(end + more, bytes.length + (bytes.length >> 1)));
  bytes.copy(larger, 0, 0, end);
  return larger;
}

/** Writes a text from a place in it as UTF-8. Names are short and ASCII: one by one is faster than a call out of JavaScript. */
function writeText(bytes: Buffer, at: number, text: string, from: number): number {
  let end = at;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > asciiMax) return end + bytes.write(text.slice(i), end, 'utf8');
    bytes[end++] = code;
  }
  return end;
}

/** A hash of bytes up to `end` (FNV-1a), the same wherever they stand. */
export function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Calls `each` with where each segment of a path that stands in `bytes` begins and ends. */
export function eachSegment(
  bytes: Uint8Array,
  from: number,
  end: number,
  each: (from: number, end: number) => void,
): void {
  let start = from;
  for (let i = from; i <= end; i++) {
    if (i < end && bytes[i] !== slashCode) continue;
    if (i > start) each(start, i);
    start = i + 1;
  }
}
