import { rmSync } from 'node:fs';
import type { Digest } from '../model/digest.ts';
import { addTo, takingTurns, unreadableExport } from './export-zip.ts';
import { IndexWriter, type WrittenIndex } from './index-writer.ts';
import type { PackEntry, PackedList } from './pack-format.ts';
import { PackWriter } from './pack-writer.ts';
import { keepFile, temporaryPath } from './store-files.ts';

/** An index in the store, and the pack beside it when one was wanted. */
export interface BuiltData extends WrittenIndex {
  readonly pack?: Digest;
}

/** Makes the index of one ecosystem, and if wanted the pack of what it is made from; what is not finished leaves nothing. */
export class DataBuild {
  readonly #ecosystem: string;
  readonly #folder: string;
  readonly #paths: readonly [index: string, spool: string, pack: string];
  readonly #writer: IndexWriter;
  readonly #pack: PackWriter | undefined;
  readonly #turns = takingTurns();
  /** Whether two keys had the same id: then it matters which came first. */
  ambiguous = false;

  constructor(ecosystem: string, folder: string, withPack: boolean) {
    this.#ecosystem = ecosystem;
    this.#folder = folder;
    this.#paths = [temporaryPath(folder), temporaryPath(folder), temporaryPath(folder)];
    this.#writer = new IndexWriter(ecosystem, this.#paths[1]);
    try {
      this.#pack = withPack ? new PackWriter(this.#paths[2]) : undefined;
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  /** Takes in one entry. The promise, where there is one, lets others have a turn. */
  add(entry: PackEntry): Promise<void> | undefined {
    if (!addTo(this.#writer, entry.key, entry)) this.ambiguous = true;
    this.#pack?.add(entry);
    return this.#turns();
  }

  /**
   * Puts the files into the store. `list`: what the pack remembers of the list of changes.
   * @throws SluiceError `advisory/export-unreadable` when no record could be read.
   */
  finish(list: PackedList | undefined): BuiltData {
    // Empty data in the place of good data would let everything pass.
    if (this.#writer.readable === 0) throw unreadableExport(this.#ecosystem, 'it holds no readable advisory');
    const [index, , pack] = this.#paths;
    const written = this.#writer.finish(index);
    keepFile(this.#folder, index, written.digest, 'index');
    if (!this.#pack || !list) return written;
    const { digest } = this.#pack.finish(list);
    keepFile(this.#folder, pack, digest, 'pack');
    return { ...written, pack: digest };
  }

  /** Closes and removes what was not finished. */
  close(): void {
    this.#writer.close();
    this.#pack?.close();
    for (const path of this.#paths) rmSync(path, { force: true });
  }
}
