import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { SluiceError } from '../util/error.ts';
import type { LayerPlace, OpenLayer } from './contract.ts';

/** Bytes read from a file at once. */
const windowSize = 512 * 1024;

/** Milliseconds within which two changes of a file may bear the same time: a few ticks of the kernel's clock. */
const clockTick = 50;

/** A regular file that is open for reading. */
export interface OpenFile {
  readonly fd: number;
  /** Bytes. */
  readonly size: number;
  /**
   * Changes whenever the file does: device, inode, size and times. Empty for a file that was written this very moment,
   * which could be written again without its times changing. Never leaves this machine's cache.
   */
  readonly identity: string;
}

/** Opens a regular file; a pipe or device is refused, so that nothing can make sluice wait. @throws SluiceError `file/...` */
export function openFile(path: string, name: string): OpenFile {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (thrown) {
    throw fileError(thrown as NodeJS.ErrnoException, name);
  }
  const stat = fstatSync(fd, { bigint: true });
  if (!stat.isFile()) {
    closeSync(fd);
    throw new SluiceError('file/not-regular', `${name} is not a regular file`);
  }
  const young = Math.abs(Date.now() - Number(stat.ctimeMs)) < clockTick;
  const identity = young ? '' : [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join('-');
  return { fd, size: Number(stat.size), identity };
}

function fileError(error: NodeJS.ErrnoException, name: string): SluiceError {
  if (error.code === 'ENOENT') return new SluiceError('file/missing', `${name} does not exist`);
  if (error.code === 'EACCES') return new SluiceError('file/denied', `${name} may not be read`);
  return new SluiceError('file/unreadable', `${name} can't be opened (${error.code ?? 'unknown error'})`);
}

/** The bytes of a region of an open file, in pieces; each is valid until the next is asked for. */
export function* readRegion(fd: number, offset: number, size: number): Iterable<Buffer> {
  const window = Buffer.allocUnsafeSlow(Math.min(windowSize, Math.max(size, 1)));
  let done = 0;
  while (done < size) {
    const got = readSync(fd, window, 0, Math.min(window.length, size - done), offset + done);
    if (got === 0) throw new SluiceError('file/truncated', 'the file ends early');
    done += got;
    yield window.subarray(0, got);
  }
}

/** All bytes of a region. @throws SluiceError `file/truncated` */
export function readWholeRegion(fd: number, offset: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  for (const piece of readRegion(fd, offset, size)) done += piece.copy(bytes, done);
  return bytes;
}

/** The place of a layer whose blob is a region of an open file. */
export function regionPlace(file: OpenFile, offset: number, size: number): LayerPlace {
  return { kind: 'region', fd: file.fd, offset, size, identity: file.identity && `${file.identity}-${offset}-${size}` };
}

/** Opens layers that lie in open files; the threads of a process share those. @throws SluiceError `layer/place` */
export const openRegion: OpenLayer = (place) => {
  if (place.kind === 'region') return readRegion(place.fd, place.offset, place.size);
  throw new SluiceError('layer/place', 'the layer is not in a local file');
};
