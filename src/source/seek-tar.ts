import { readSync } from 'node:fs';
import type { TarWalker } from '../format/tar/walker.ts';
import { SluiceError } from '../util/error.ts';

/** Bytes read at once behind a place that was passed over: a header, most often, with a few small files. */
const leastWindow = 16 * 1024;

/** Bytes read at once where the last few reads were wanted whole. */
const mostWindow = 256 * 1024;

/**
 * Walks a tar in a region of an open file without reading the bodies that nobody wants. What is read at once grows
 * until something is passed over again: small files lie close together, and wanted ones may be large.
 * @throws SluiceError `file/truncated`, `tar/...`, and what the walker's handler throws
 */
export function seekTar(fd: number, offset: number, size: number, walker: TarWalker): void {
  const window = Buffer.allocUnsafeSlow(Math.min(mostWindow, Math.max(size, 1)));
  let step = leastWindow;
  let at = 0;
  while (at < size) {
    const whole = walker.room(size - at);
    const room = whole && whole.length >= mostWindow ? whole : window.subarray(0, Math.min(step, size - at));
    const got = readAt(fd, room, offset + at);
    walker.write(room.subarray(0, got));
    at += got;
    const skip = Math.min(walker.skippable, size - at);
    step = skip > 0 ? leastWindow : Math.min(2 * step, mostWindow);
    if (skip === 0) continue;
    walker.skip(skip);
    at += skip;
    // What was passed over up to the end was never touched: it must be there all the same.
    if (at === size) readAt(fd, window.subarray(0, 1), offset + size - 1);
  }
  walker.finish();
}

/** Fills the front of `room`, at least one byte of it, and says how much. */
function readAt(fd: number, room: Buffer, position: number): number {
  const got = readSync(fd, room, 0, room.length, position);
  if (got === 0) throw new SluiceError('file/truncated', 'the file ends early');
  return got;
}
