import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryPrefix } from './store-files.ts';

const turnName = `${temporaryPrefix}turn`;

/** A turn takes some milliseconds. One that lasts longer than this, in milliseconds, is of a process that was killed in it. */
const longestTurnMs = 3_000;
/** For no longer than this, in milliseconds, a turn is waited for, however many others want one. */
const longestWaitMs = 30_000;
const pauseMs = 5;

/**
 * Does what processes that share the folder should do one after the other. It is no lock: where no turn is to be had, be
 * it that the folder can't hold one or that others take them all, the work is done without.
 */
export function inTurn<T>(folder: string, work: () => T): T {
  const path = join(folder, turnName);
  const own = randomUUID();
  const taken = takeTurn(path, own);
  try {
    return work();
  } finally {
    // One that was taken from us, because we were held up, is another's.
    if (taken && holderOf(path) === own) rmSync(path, { force: true });
  }
}

function takeTurn(path: string, own: string): boolean {
  const start = performance.now();
  let holder: string | undefined;
  let since = start;
  for (;;) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code !== 'EEXIST') {
        // On a full disk the file may be there, empty: whoever comes next would wait for nobody.
        if (holderOf(path) === '') rmSync(path, { force: true });
        return false;
      }
    }
    const now = performance.now();
    if (now - start > longestWaitMs) return false;
    const found = holderOf(path);
    if (found !== holder) {
      holder = found;
      since = now;
    } else if (now - since > longestTurnMs) {
      rmSync(path, { force: true });
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
  }
}

function holderOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
