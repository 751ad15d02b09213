// Reads and writes tar files the simple way: enough for the images of the bench, deterministic to the byte.
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const blockSize = 512;
const zeros = Buffer.alloc(blockSize);

/** Writes a tar entry by entry; owners and times are zero, so that the same files give the same bytes. */
export class TarFile {
  #fd;

  constructor(path) {
    this.#fd = openSync(path, 'w');
  }

  folder(path, mode = 0o755) {
    this.#head(`${path}/`, '5', 0, mode, '');
  }

  symlink(path, target) {
    this.#head(path, '2', 0, 0o777, target);
  }

  hardLink(path, target, mode) {
    this.#head(path, '1', 0, mode, target);
  }

  file(path, bytes, mode = 0o644) {
    this.#head(path, '0', bytes.length, mode, '');
    this.#body(bytes);
  }

  /** A file of this machine, copied in pieces. */
  copy(path, from, size, mode = 0o644) {
    this.#head(path, '0', size, mode, '');
    const fd = openSync(from, 'r');
    const piece = Buffer.allocUnsafe(1024 * 1024);
    for (let left = size; left > 0; ) {
      const got = readSync(fd, piece, 0, Math.min(left, piece.length), null);
      if (got === 0) throw new Error(`${from} became shorter while it was read`);
      writeAll(this.#fd, piece.subarray(0, got));
      left -= got;
    }
    closeSync(fd);
    this.#pad(size);
  }

  close() {
    writeAll(this.#fd, Buffer.alloc(2 * blockSize));
    closeSync(this.#fd);
  }

  #head(path, type, size, mode, link) {
    for (const [flag, name, room] of [
      ['K', link, 100],
      ['L', path, 100],
    ]) {
      const bytes = Buffer.from(`${name}\0`);
      if (bytes.length - 1 <= room) continue;
      writeAll(this.#fd, tarHeader('././@LongLink', flag, bytes.length, 0, ''));
      this.#body(bytes);
    }
    writeAll(this.#fd, tarHeader(path, type, size, mode, link));
  }

  #body(bytes) {
    writeAll(this.#fd, bytes);
    this.#pad(bytes.length);
  }

  #pad(size) {
    const over = size % blockSize;
    if (over > 0) writeAll(this.#fd, zeros.subarray(over));
  }
}

/** One header block of a tar; long names need one of GNU before it. */
export function tarHeader(path, type, size, mode, link) {
  const block = Buffer.alloc(blockSize);
  block.write(path, 0, 100);
  block.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(link, 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function writeAll(fd, bytes) {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Puts a folder of this machine into a tar, sorted by name. Devices and sockets are left out. */
export function addFolder(tar, folder) {
  addBelow(tar, folder, '', new Map());
}

/** `written` has the first path of each file with several names: as in most images, the others become hard links. */
function addBelow(tar, folder, prefix, written) {
  for (const item of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const from = join(folder, item.name);
    const path = prefix + item.name;
    if (item.isSymbolicLink()) tar.symlink(path, readlinkSync(from));
    else if (item.isDirectory()) {
      tar.folder(path);
      addBelow(tar, from, `${path}/`, written);
    } else if (item.isFile()) addFile(tar, from, path, written);
  }
}

function addFile(tar, from, path, written) {
  const { dev, ino, nlink, size, mode: bits } = lstatSync(from);
  const mode = bits & 0o111 ? 0o755 : 0o644;
  const first = nlink > 1 ? written.get(`${dev}:${ino}`) : undefined;
  if (first !== undefined) return tar.hardLink(path, first, mode);
  written.set(`${dev}:${ino}`, path);
  tar.copy(path, from, size, mode);
}

/** The members of an uncompressed tar: where each one's body lies. */
export function membersOf(path) {
  const members = new Map();
  const fd = openSync(path, 'r');
  const block = Buffer.alloc(blockSize);
  let longName;
  for (let at = 0; readSync(fd, block, 0, blockSize, at) === blockSize && block[0] !== 0; ) {
    const size = Number.parseInt(block.toString('latin1', 124, 135), 8) || 0;
    const offset = at + blockSize;
    const flag = String.fromCharCode(block[156]);
    if (flag === 'L') {
      const name = Buffer.alloc(size);
      readSync(fd, name, 0, size, offset);
      longName = text(name, 0, size);
    } else {
      const prefix = text(block, 345, 155);
      const name = longName ?? (prefix === '' ? '' : `${prefix}/`) + text(block, 0, 100);
      members.set(name.replace(/^\.\//, ''), { offset, size });
      longName = undefined;
    }
    at = offset + Math.ceil(size / blockSize) * blockSize;
  }
  closeSync(fd);
  return members;
}

function text(bytes, start, length) {
  const end = bytes.indexOf(0, start);
  return bytes.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}

/** The bytes of one member. */
export function readMember(path, { offset, size }) {
  const fd = openSync(path, 'r');
  const bytes = Buffer.alloc(size);
  readSync(fd, bytes, 0, size, offset);
  closeSync(fd);
  return bytes;
}

/** Whether a file is a gzip stream, a zstd stream or neither, by its first bytes. */
export function packingOf(path, offset = 0) {
  const fd = openSync(path, 'r');
  const first = Buffer.alloc(4);
  readSync(fd, first, 0, 4, offset);
  closeSync(fd);
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  return first.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none';
}

/** A JSON file of this machine. */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
