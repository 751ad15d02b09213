import { baseName, dirName } from '../util/path.ts';
import { type FileTree, visiblePath } from './tree.ts';

/** Finds where files truly stand: a list may name one by a way over links, `lib/x` for `usr/lib/x`. */
export class RealPaths {
  readonly #tree: FileTree;
  readonly #folders = new Map<string, string>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** The path with the links of its folder followed; the last segment is not. */
  of(path: string): string {
    const folder = this.#folder(dirName(path));
    return folder === '' ? baseName(path) : `${folder}/${baseName(path)}`;
  }

  #folder(path: string): string {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const node = path === '' ? undefined : this.#tree.resolve(path);
    const real = node?.kind === 'dir' ? (visiblePath(node) ?? path) : path;
    this.#folders.set(path, real);
    return real;
  }
}
