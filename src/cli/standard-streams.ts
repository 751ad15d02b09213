import { fstatSync, statSync, writeSync } from 'node:fs';

/** Standard output and standard error. */
export type StandardStream = 1 | 2;

/**
 * Writes at once, so that a large report to a pipe is whole when the process ends. `process.stdout` does that too, but
 * setting it up takes a fifth of the time that a scan of a known image takes. A reader that goes away
 * (`sluice … | head`) is no failure of ours. Returns the system's error code when it could not be written.
 */
export function writeText(stream: StandardStream, text: string): string | undefined {
  return writeAsIs(stream, changed ? changed(text) : text);
}

/** What changes all that is written; undefined: nothing does. */
let changed: ((text: string) => string) | undefined;

/** Has all that is written from now on changed before: a log may be read by a machine that sees commands in it. */
export function changeAll(change: ((text: string) => string) | undefined): void {
  changed = change;
}

/** As {@link writeText}, unchanged. */
export function writeAsIs(stream: StandardStream, text: string): string | undefined {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(stream, bytes, done);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'EPIPE') return undefined;
      if (code !== 'EAGAIN') return code ?? 'unknown error';
      // A pipe that does not block, and a reader that is slow.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return undefined;
}

/** Whether a stream leads to a terminal: asked of the system first, for asking Node sets the stream up. */
export function isTerminal(stream: StandardStream): boolean {
  try {
    const stat = fstatSync(stream);
    if (!stat.isCharacterDevice() || stat.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev) return false;
  } catch {
    return false;
  }
  return (stream === 1 ? process.stdout : process.stderr).isTTY === true;
}
