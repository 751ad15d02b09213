import { cleanPath } from '../util/path.ts';

/** Longest path that is told, in characters (Linux, PATH_MAX): in no image is a file deeper. */
const pathLimit = 4096;
/** Files of one list at most; the largest distributions install half a million. */
const fileLimit = 2_000_000;
/** Characters of all paths of one list at most. */
const textLimit = 256 * 1024 * 1024;

/**
 * Makes clean paths of what one list of files says, and stops a small list from telling of endless ones: a folder that
 * is named once and long, and files in it that are many and short.
 */
export class ListedPaths {
  #files = fileLimit;
  #text = textLimit;

  /** The clean path of a file as a list names it, with or without leading `/` or `./`; undefined for none, and beyond the limits. */
  of(path: string): string | undefined {
    if (path.length > pathLimit || this.#files <= 0 || this.#text <= 0) return undefined;
    this.#files--;
    this.#text -= path.length;
    const bare = path.charCodeAt(0) === 0x2f ? path.slice(1) : path;
    return cleanPath(bare) || undefined;
  }

  /** As {@link of}, of a file in a folder. */
  in(folder: string, name: string): string | undefined {
    if (folder.length + name.length > pathLimit) return undefined;
    return this.of(folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`);
  }
}

/** Whether a file is one that users are meant to change, as far as its place tells: its digest then says nothing. */
export function isSettings(path: string): boolean {
  return path.startsWith('etc/');
}
