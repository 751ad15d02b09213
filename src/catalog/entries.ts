import type { TarEntry } from '../format/tar/contract.ts';
import { type EntryTable, entryKinds } from '../model/survey.ts';
import { cleanPath } from '../util/path.ts';
import { PathTableBuilder } from './path-table.ts';

const kindOf: Record<string, number> = {
  file: entryKinds.indexOf('file'),
  dir: entryKinds.indexOf('dir'),
  symlink: entryKinds.indexOf('symlink'),
  hardlink: entryKinds.indexOf('hardlink'),
};
const device = entryKinds.indexOf('device');

/** Entries that there is room for at first. */
const firstRoom = 1024;

/** Gathers a layer's entries into columns, which grow by half as entries come. */
export class EntryTableBuilder {
  readonly #paths = new PathTableBuilder();
  #kinds = new Uint8Array(firstRoom);
  #sizes = new Float64Array(firstRoom);
  #modes = new Uint16Array(firstRoom);
  #uids = new Uint32Array(firstRoom);
  #gids = new Uint32Array(firstRoom);
  readonly #links = new Map<number, string>();
  readonly #capabilities = new Map<number, string>();

  /** Adds an entry under its clean path and returns its number. */
  add(path: string, entry: TarEntry): number {
    const index = this.#paths.length;
    if (index === this.#kinds.length) this.#resize(Math.max(firstRoom, index + (index >> 1)));
    this.#paths.add(path);
    this.#kinds[index] = kindOf[entry.type] ?? device;
    this.#sizes[index] = entry.size;
    this.#modes[index] = entry.mode;
    this.#uids[index] = entry.uid;
    this.#gids[index] = entry.gid;
    if (entry.capabilities !== undefined) this.#capabilities.set(index, entry.capabilities);
    if (entry.type === 'symlink') this.#links.set(index, entry.link);
    else if (entry.type === 'hardlink') this.#links.set(index, cleanPath(entry.link));
    return index;
  }

  /** The table of all that was added. */
  build(): EntryTable {
    this.#resize(this.#paths.length);
    return {
      paths: this.#paths.build(),
      kinds: this.#kinds,
      sizes: this.#sizes,
      modes: this.#modes,
      uids: this.#uids,
      gids: this.#gids,
      links: this.#links,
      ...(this.#capabilities.size > 0 ? { capabilities: this.#capabilities } : {}),
    };
  }

  #resize(room: number): void {
    this.#kinds = resized(this.#kinds, new Uint8Array(room));
    this.#sizes = resized(this.#sizes, new Float64Array(room));
    this.#modes = resized(this.#modes, new Uint16Array(room));
    this.#uids = resized(this.#uids, new Uint32Array(room));
    this.#gids = resized(this.#gids, new Uint32Array(room));
  }
}

function resized<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from.subarray(0, to.length));
  return to;
}
