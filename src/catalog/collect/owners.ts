import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Package } from '../../model/package.ts';
import { OwnerNames } from '../accounting/account.ts';
import { type ListedFile, ListedFiles, listAt } from '../accounting/owned-files.ts';
import type { BodyRequests } from '../body-pass.ts';
import { type FileTree, visiblePath } from '../tree.ts';
import type { SeenEntry } from './entries.ts';

/** Finds the package that says that a file is its own, by the package managers' lists of files. */
export class FileOwners {
  readonly #tree: FileTree;
  readonly #listed: ListedFiles;
  readonly #names: OwnerNames;

  constructor(tree: FileTree, packages: readonly Package[]) {
    this.#tree = tree;
    this.#listed = new ListedFiles(tree);
    this.#names = new OwnerNames(packages);
  }

  /** Asks for the bodies of all lists. */
  request(entries: readonly SeenEntry[], ecosystems: readonly Ecosystem[], wanted: BodyRequests): void {
    for (const entry of entries) {
      const { kind } = entry;
      const list = kind === 'file' ? listAt(entry.path, entry.size, ecosystems) : undefined;
      if (!list || kind !== 'file') continue;
      const file = { ...entry, kind };
      wanted.add(file, this.#listed.reading(file, ...list));
    }
  }

  /** All files that packages list, by path; known when the bodies have come. */
  get listed(): ReadonlyMap<string, ListedFile> {
    return this.#listed.byPath;
  }

  /** purl of the package that a list names; undefined when the package database does not know it. */
  purlOf(listed: ListedFile): string | undefined {
    const name = this.#names.of(listed);
    return name.startsWith('pkg:') ? name : undefined;
  }

  /** purl of the package of a file. A link that nobody lists is what it leads to: busybox's hundred names are busybox's. */
  of({ path, kind }: SeenEntry): string | undefined {
    const listed = this.listed.get(path) ?? (kind === 'symlink' ? this.#target(path) : undefined);
    return listed && this.purlOf(listed);
  }

  #target(path: string): ListedFile | undefined {
    const node = this.#tree.resolve(path);
    const real = node?.kind === 'file' ? visiblePath(node) : undefined;
    return real === undefined ? undefined : this.listed.get(real);
  }
}
