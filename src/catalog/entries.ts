import type { TarEntry } from '../format/tar/contract.ts';
import { type EntryTable, entryKinds } from '../model/survey.ts';
import { cleanPath } from '../util/path.ts';

const kindOf: Record<string, number> = {
  file: entryKinds.indexOf('file'),
  dir: entryKinds.indexOf('dir'),
  symlink: entryKinds.indexOf('symlink'),
  hardlink: entryKinds.indexOf('hardlink'),
};
const device = entryKinds.indexOf('device');

/** Gathers a layer's entries into columns. */
export class EntryTableBuilder {
  readonly #paths: string[] = [];
  readonly #kinds: number[] = [];
  readonly #sizes: number[] = [];
  readonly #modes: number[] = [];
  readonly #uids: number[] = [];
  readonly #gids: number[] = [];
  readonly #links = new Map<number, string>();

  /** Adds an entry under its clean path and returns its number. */
  add(path: string, entry: TarEntry): number {
    const index = this.#paths.length;
    this.#paths.push(path);
    this.#kinds.push(kindOf[entry.type] ?? device);
    this.#sizes.push(entry.size);
    this.#modes.push(entry.mode);
    this.#uids.push(entry.uid);
    this.#gids.push(entry.gid);
    if (entry.type === 'symlink') this.#links.set(index, entry.link);
    else if (entry.type === 'hardlink') this.#links.set(index, cleanPath(entry.link));
    return index;
  }

  /** The table of all that was added. */
  build(): EntryTable {
    return {
      paths: this.#paths,
      kinds: Uint8Array.from(this.#kinds),
      sizes: Float64Array.from(this.#sizes),
      modes: Uint16Array.from(this.#modes),
      uids: Uint32Array.from(this.#uids),
      gids: Uint32Array.from(this.#gids),
      links: this.#links,
    };
  }
}
