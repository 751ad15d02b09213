import type { PathTable } from '../model/survey.ts';
import { eachSegment, hashOf } from './path-table.ts';

/** Bits of the filter: with the 20,000 names of a large image, one other name in fifty is taken for one of them. */
const bitCount = 1 << 20;

/**
 * A set of names of files and folders that may say yes to a name that was never added, and never says no to one that
 * was: it tells quickly which of a layer's many files can't matter to the tree.
 */
export class NameFilter {
  readonly #bits = new Uint32Array(bitCount / 32);

  /** Adds the name that stands in the bytes. */
  add(bytes: Uint8Array, from: number, end: number): void {
    const bit = hashOf(bytes, from, end) % bitCount;
    this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  /** Adds every segment of a path. */
  addPath(path: string): void {
    const bytes = Buffer.from(path);
    eachSegment(bytes, 0, bytes.length, (from, end) => this.add(bytes, from, end));
  }

  /** Whether the name that stands in the bytes may have been added. */
  mayHold(bytes: Uint8Array, from: number, end: number): boolean {
    const bit = hashOf(bytes, from, end) % bitCount;
    return ((this.#bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  /** Whether the name may have been added. */
  mayHoldName(name: string): boolean {
    const bytes = Buffer.from(name);
    return this.mayHold(bytes, 0, bytes.length);
  }

  /** Adds the segments of all folders of a table. Each begins mostly as the one before: that part is added already. */
  addFolders({ folderBytes }: PathTable): void {
    let last = 0;
    let lastEnd = 0;
    for (let start = 0; start < folderBytes.length; ) {
      const end = folderBytes.indexOf(0, start);
      // Bytes without a NUL behind them are no folder's: a shared cache may hold anything.
      if (end < 0) return;
      let fresh = start;
      for (let i = 0; start + i < end && last + i < lastEnd && folderBytes[start + i] === folderBytes[last + i]; i++) {
        if (folderBytes[start + i] === 0x2f) fresh = start + i + 1;
      }
      eachSegment(folderBytes, fresh, end, (from, to) => this.add(folderBytes, from, to));
      last = start;
      lastEnd = end;
      start = end + 1;
    }
  }
}
