import type { Package } from '../../model/package.ts';
import type { LayerSurvey } from '../../model/survey.ts';
import { OwnerNames } from '../accounting/account.ts';
import { type NotedOwner, OwnerTableReader } from '../looking/owner-table.ts';
import { type FileTree, type TreeNode, visiblePath } from '../tree.ts';
import type { SeenEntry } from './entries.ts';

/** Most links to folders by which a list may name a file. */
const mostLinks = 5_000;

/** Finds the package that says that a file is its own, by what the surveys have noted: no list is read again. */
export class KnownOwners {
  readonly #tree: FileTree;
  readonly #names: OwnerNames;
  /** The topmost layer's first. */
  readonly #tables: readonly OwnerTableReader[];
  #links: readonly FolderLink[] | undefined;

  constructor(tree: FileTree, packages: readonly Package[], surveys: readonly LayerSurvey[]) {
    this.#tree = tree;
    this.#names = new OwnerNames(packages);
    this.#tables = surveys.flatMap(({ owners }) => (owners ? [new OwnerTableReader(owners)] : [])).reverse();
  }

  /** purl of the package of a file. A link that nobody lists is what it leads to: busybox's hundred names are busybox's. */
  of({ path, kind }: Pick<SeenEntry, 'path' | 'kind'>): string | undefined {
    const own = this.ofPath(path);
    if (own !== undefined || kind !== 'symlink') return own;
    const node = this.#tree.resolve(path);
    const real = node?.kind === 'file' ? visiblePath(node) : undefined;
    return real === undefined ? undefined : this.ofPath(real);
  }

  /** purl of the package of the file at a clean path. */
  ofPath(path: string): string | undefined {
    const noted = this.#noted(path);
    // Where lists with digests stay as they were when a file moved to another package, the one without has it right.
    const first = noted.find(({ digest }) => digest === undefined) ?? noted[0];
    const name = first && this.#names.of({ ...first, path, list: '', database: true });
    return name?.startsWith('pkg:') ? name : undefined;
  }

  /** Whether a file is as its package says, by its digests (`md5:` and hex, and so on). */
  isUnchanged(path: string, digests: readonly string[]): boolean {
    return this.#noted(path).some(
      ({ digest }) => digest !== undefined && digests.some((one) => one.startsWith(digest)),
    );
  }

  #noted(path: string): NotedOwner[] {
    for (const table of this.#tables) {
      const found = this.#namesOf(path).flatMap((name) => table.of(name));
      if (found.length > 0) return found;
    }
    return [];
  }

  /** A file's own path, and those over links to folders: lists have `lib/x` for `usr/lib/x`. */
  #namesOf(path: string): string[] {
    this.#links ??= folderLinks(this.#tree);
    const over = this.#links.flatMap(({ link, real }) =>
      path.startsWith(`${real}/`) ? [link + path.slice(real.length)] : [],
    );
    return [path, ...over];
  }
}

interface FolderLink {
  readonly link: string;
  readonly real: string;
}

function folderLinks(tree: FileTree): FolderLink[] {
  const found: FolderLink[] = [];
  const folders: { readonly node: TreeNode; readonly path: string }[] = [{ node: tree.root, path: '' }];
  for (const { node, path } of folders) {
    for (const [name, child] of node.children ?? []) {
      const below = path === '' ? name : `${path}/${name}`;
      if (child.kind === 'dir') folders.push({ node: child, path: below });
      if (child.kind !== 'symlink' || found.length >= mostLinks) continue;
      const target = tree.resolve(below);
      const real = target?.kind === 'dir' ? visiblePath(target) : undefined;
      if (real !== undefined && real !== '') found.push({ link: below, real });
    }
  }
  return found;
}
