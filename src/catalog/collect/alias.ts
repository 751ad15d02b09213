import { SluiceError } from '../../util/error.ts';
import type { Matcher } from '../../util/glob.ts';
import { cleanPath } from '../../util/path.ts';
import { type FileTree, type TreeNode, visiblePath } from '../tree.ts';
import type { SeenEntry } from './entries.ts';

/** The first character of a glob that is not only itself. */
const special = /[*?{\\]/;

/** Most files and folders that are looked at behind links for one glob. */
const mostVisited = 3_000_000;

/** A link to a folder, by its path without leading slash. */
interface FolderLink {
  readonly path: string;
  readonly target: TreeNode;
  readonly real: string;
}

/** A folder behind a link, as a glob sees it, and how many levels of it the glob may reach. */
interface Area {
  readonly node: TreeNode;
  readonly shown: string;
  readonly real: string;
  readonly depth: number;
}

/** Told of a link where a glob sees it, and how many levels behind it the glob may reach. */
type Behind = (link: FolderLink, shown: string, left: number) => void;

/**
 * Finds files where a glob looks for them over links: of `/bin/*` those of `/usr/bin`, where `/bin` leads there, and of
 * `/etc/ssh/sshd_config` what that leads to. Otherwise whoever makes a file or folder a link would hide it from every
 * rule on it.
 */
export class LinkedPlaces {
  readonly #tree: FileTree;
  readonly #links: readonly FolderLink[];

  /** `entries`: all of the tree, sorted by path. */
  constructor(tree: FileTree, entries: readonly SeenEntry[]) {
    this.#tree = tree;
    this.#links = entries.flatMap(({ path, kind }) => (kind === 'symlink' ? (this.#linkAt(path) ?? []) : []));
  }

  /** Paths without leading slash. @throws SluiceError `files/too-many-links` */
  of(glob: string, matches: Matcher): ReadonlySet<string> {
    const first = glob.search(special);
    if (first < 0) return this.#whole(glob);
    const found = new Set<string>();
    const folder = glob.slice(0, glob.lastIndexOf('/', first));
    const node = this.#tree.resolve(cleanPath(folder));
    const real = node?.kind === 'dir' ? visiblePath(node) : undefined;
    if (node === undefined || real === undefined) return found;
    const reach = reachOf(glob, folder);
    const areas: Area[] = real === cleanPath(folder) ? [] : [{ node, shown: folder, real, depth: reach.most }];
    const inside = real === '' ? '' : `${real}/`;
    // What `**` finds at its real place need not be found once more, but for the last names of the glob.
    const covered = reach.wholeTree ? [inside] : [];
    const behind: Behind = (link, shown, left) => {
      const known = reach.wholeTree && covered.some((one) => `${link.real}/`.startsWith(one));
      const depth = known ? Math.min(left, reach.lastNames) : left;
      if (reach.wholeTree && !known) covered.push(`${link.real}/`);
      if (depth > 0) areas.push({ node: link.target, shown, real: link.real, depth });
    };
    for (const link of this.#links) {
      if (!link.path.startsWith(inside)) continue;
      const shown = `${folder}/${link.path.slice(inside.length)}`;
      behind(link, shown, reach.most - (slashes(shown) - slashes(folder)));
    }
    // Where nothing tells which places are looked at anyway, links behind links would have no end.
    const endless = !reach.wholeTree && reach.most === Number.POSITIVE_INFINITY;
    this.#visit(areas, matches, found, endless ? () => undefined : behind);
    return found;
  }

  /** Looks at what is in the areas; links in them may add more. */
  #visit(areas: Area[], matches: Matcher, found: Set<string>, behind: Behind): void {
    let visited = 0;
    for (const { node, shown, real, depth } of areas) {
      for (const [name, child] of node.children ?? []) {
        if (++visited > mostVisited || areas.length > mostVisited)
          throw new SluiceError('files/too-many-links', 'its links lead to too many files');
        const area = {
          node: child,
          shown: `${shown}/${name}`,
          real: real === '' ? name : `${real}/${name}`,
          depth: depth - 1,
        };
        if (matches(area.shown)) found.add(area.real);
        if (area.depth > 0) this.#below(area, areas, behind);
      }
    }
  }

  #below(area: Area, areas: Area[], behind: Behind): void {
    if (area.node.kind === 'dir') areas.push(area);
    const link = area.node.kind === 'symlink' ? this.#linkAt(area.real) : undefined;
    if (link) behind(link, area.shown, area.depth);
  }

  #linkAt(path: string): FolderLink | undefined {
    const target = this.#tree.resolve(path);
    const real = target?.kind === 'dir' ? visiblePath(target) : undefined;
    return target && real !== undefined ? { path, target, real } : undefined;
  }

  #whole(path: string): ReadonlySet<string> {
    const node = this.#tree.resolve(cleanPath(path));
    const real = node && visiblePath(node);
    return new Set(real === undefined || real === '' || real === cleanPath(path) ? [] : [real]);
  }
}

/** How far below its first folder a glob reaches. */
interface Reach {
  /** Levels; without end with `**`. */
  readonly most: number;
  /** Whether all of the folder is looked into: `/folder/**` and what may follow. */
  readonly wholeTree: boolean;
  /** Names behind the last `**` but the very last: so many levels behind a link have a name that the glob gives. */
  readonly lastNames: number;
}

function reachOf(glob: string, folder: string): Reach {
  const rest = glob.slice(folder.length + 1);
  const deep = rest.lastIndexOf('**');
  if (deep < 0) return { most: slashes(rest) + 1, wholeTree: false, lastNames: 0 };
  const last = Math.max(0, slashes(rest.slice(deep)) - 1);
  return { most: Number.POSITIVE_INFINITY, wholeTree: /^\*\*(?:\/|$)/.test(rest), lastNames: last };
}

function slashes(text: string): number {
  return text.split('/').length - 1;
}
