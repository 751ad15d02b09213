import { isSettings } from '../../format/listed-paths.ts';
import type { PackageFileFact } from '../../model/collected.ts';
import { compareText } from '../../util/compare-text.ts';
import { isDerived, isDispensable } from '../accounting/category.ts';
import { comparing, type ListedFile } from '../accounting/owned-files.ts';
import type { BodyRequests } from '../body-pass.ts';
import type { FileTree } from '../tree.ts';
import type { SeenEntry } from './entries.ts';

/** Most facts that are kept: an image without any of its packages' files has as many. */
const mostFacts = 100_000;

/** Lists that are a part of the package, and that no package manager wrote when it installed it: distroless'. */
const unpackedLists = 'var/lib/dpkg/status.d/';

/** What is compared: the files that packages list, and where they are in the image. */
export interface PackageFiles {
  readonly listed: ReadonlyMap<string, ListedFile>;
  readonly entries: ReadonlyMap<string, SeenEntry>;
  readonly tree: FileTree;
  /** purl of the package that a list names; undefined when the package database does not know it. */
  readonly ownerOf: (listed: ListedFile) => string | undefined;
}

/** Files that are not any more what their packages say, found out as bodies pass by. */
export class PackageFileCheck {
  readonly #of: PackageFiles;
  readonly #changed = new Set<string>();
  /** Files whose bodies have not come: those that are none any more, and those that could not be read. */
  readonly #waiting = new Set<string>();

  constructor(of: PackageFiles) {
    this.#of = of;
  }

  /** Asks for the bodies of all files of which a package says the digest. */
  request(wanted: BodyRequests): void {
    for (const [path, { digest }] of this.#of.listed) {
      const entry = this.#of.entries.get(path);
      if (digest === undefined || entry === undefined || isChangeable(path)) continue;
      if (entry.kind !== 'file') {
        // Lists name digests of files alone: a link or device that stands there was put in its place.
        this.#changed.add(path);
        continue;
      }
      const sink = comparing(digest, (same) => {
        this.#waiting.delete(path);
        if (!same) this.#changed.add(path);
      });
      if (!sink) continue;
      this.#waiting.add(path);
      if (entry.size === 0) sink.end();
      else wanted.add({ ...entry, kind: 'file' }, sink);
    }
  }

  /** Paths of files that could not be read, sorted. */
  unread(): string[] {
    return [...this.#waiting].sort(compareText);
  }

  /** Sorted by path; undefined when there are too many. */
  facts(): PackageFileFact[] | undefined {
    const facts: PackageFileFact[] = [];
    const { listed, entries, ownerOf } = this.#of;
    for (const path of [...listed.keys()].sort(compareText)) {
      const file = listed.get(path);
      const owner = file && ownerOf(file);
      if (file === undefined || owner === undefined) continue;
      if (facts.length >= mostFacts) return undefined;
      const layer = entries.get(path)?.layer;
      // Where its folder was made a link, programs find it at the path that the package says, and rules look for it there.
      const shown = `/${file.listed ?? path}`;
      if (this.#changed.has(path))
        facts.push({ path: shown, package: owner, state: 'changed', ...(layer === undefined ? {} : { layer }) });
      else if (layer === undefined && this.#isMissed(path, file))
        facts.push({ path: shown, package: owner, state: 'missing' });
    }
    return facts.sort((a, b) => compareText(a.path, b.path));
  }

  /**
   * Whether a file that is not there was taken away. Not what images commonly go without, what is made again and
   * settings; and not where no package manager has installed the package, but somebody taken out of it what he needs.
   */
  #isMissed(path: string, { database, list }: ListedFile): boolean {
    if (!database || list.startsWith(unpackedLists) || isSettings(path) || isDispensable(path)) return false;
    // Lists name folders as well, and ways that lead over links.
    return this.#of.tree.resolve(path) === undefined;
  }
}

/** Whether a file's content is not its package's to say: whoever builds an image sets it up, and caches are made again. */
function isChangeable(path: string): boolean {
  return isSettings(path) || isDerived(path);
}
