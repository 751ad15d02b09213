import { createHash, type Hash } from 'node:crypto';
import type { Ecosystem, OwnershipReader } from '../../ecosystem/contract.ts';
import type { BodySink } from '../../format/tar/contract.ts';
import type { Owner, Package } from '../../model/package.ts';
import { dirName } from '../../util/path.ts';
import { collector } from '../body-pass.ts';
import { RealPaths } from '../real-paths.ts';
import type { FileTree } from '../tree.ts';
import type { VisibleFile } from '../visible-files.ts';

/** A file that a package lists. */
export interface ListedFile {
  /** Clean path without leading slash, ways over links taken. */
  readonly path: string;
  /** The path as the list has it, where another link than that of a merged `/usr` leads elsewhere. */
  readonly listed?: string;
  readonly ecosystem: string;
  readonly owner: Owner;
  /** `md5:`, `sha1:` or `sha256:` and hex, where the list says it. */
  readonly digest?: string;
  /** Path of the list. */
  readonly list: string;
  /** Whether it is a distribution's, whose word is before that of any other package manager. */
  readonly database: boolean;
}

/** Most files of all lists together; the largest images hold a fifth. */
const maxListed = 2_000_000;

/** Which plugin's list of files stands at a path. */
export function listAt(
  path: string,
  size: number,
  ecosystems: readonly Ecosystem[],
): [Ecosystem, OwnershipReader] | undefined {
  for (const ecosystem of ecosystems) {
    const { ownership } = ecosystem;
    if (ownership?.claims(path, { size, mode: 0o644 }, true) && size <= ownership.limit) return [ecosystem, ownership];
  }
  return undefined;
}

/** All files that packages list, as the lists are read one by one. */
export class ListedFiles {
  readonly byPath = new Map<string, ListedFile>();
  readonly #places: RealPaths;

  constructor(tree: FileTree) {
    this.#places = new RealPaths(tree);
  }

  /** A sink for the body of a list. */
  reading({ path, size, mode }: VisibleFile, ecosystem: Ecosystem, reader: OwnershipReader): BodySink {
    const { id, database } = ecosystem;
    return collector(reader.limit, (bytes) => {
      try {
        const tell = (owner: Owner, listed: string, digest?: string): void => {
          const real = this.#places.of(listed);
          const file: ListedFile = {
            path: real,
            ...(real === listed || real === `usr/${listed}` ? {} : { listed }),
            ...{ ecosystem: id, owner: { ...owner }, list: path, database },
          };
          this.#add(digest === undefined ? file : { ...file, digest });
        };
        reader.read({ path, bytes, size, mode }, tell, true);
      } catch {
        // A list that can't be read owns nothing: its files show as nobody's.
      }
    });
  }

  #add(file: ListedFile): void {
    const known = this.byPath.get(file.path);
    if (!known && this.byPath.size >= maxListed) return;
    this.byPath.set(file.path, known ? combined(known, file) : file);
  }
}

/**
 * What two lists say of one file. A module's own list must not speak for what the distribution installed. Of one package
 * manager's, one may say the owner and the other the digest (dpkg's `.list` and `.md5sums`); where the owners differ,
 * it is the one whose list has no digests, for lists with digests stay as they were when a package's file moved to another.
 */
function combined(known: ListedFile, told: ListedFile): ListedFile {
  if (known.database !== told.database) return told.database ? told : known;
  if (known.ecosystem !== told.ecosystem) return known;
  if (known.owner.name === told.owner.name) {
    return known.digest === undefined && told.digest !== undefined ? { ...known, digest: told.digest } : known;
  }
  return known.digest !== undefined && told.digest === undefined && known.list !== told.list ? told : known;
}

/** Finds the package that a file belongs to by the folders and files in which packages were found. */
export class PackagePlaces {
  readonly #files = new Map<string, Package>();
  readonly #folders = new Map<string, Package>();

  constructor(packages: readonly Package[], ecosystems: readonly Ecosystem[]) {
    const byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
    for (const found of packages) {
      const ecosystem = byId.get(found.ecosystem);
      // What a lock file names is not there, and a database's file is nobody's own.
      if (found.presence === 'declared' || !ecosystem || ecosystem.database) continue;
      for (const path of found.paths) this.#add(path, found, ecosystem);
    }
  }

  #add(path: string, found: Package, ecosystem: Ecosystem): void {
    const inside = path.indexOf('!/');
    const file = path.slice(1, inside < 0 ? undefined : inside);
    if (!this.#files.has(file)) this.#files.set(file, found);
    const folder = inside < 0 ? ecosystem.folder?.(file) : undefined;
    if (folder && !this.#folders.has(folder)) this.#folders.set(folder, found);
  }

  /** The package of a file: the file's own, else that of the nearest folder. */
  of(path: string): Package | undefined {
    const own = this.#files.get(path);
    if (own) return own;
    for (let folder = dirName(path); folder !== ''; folder = dirName(folder)) {
      const found = this.#folders.get(folder);
      if (found) return found;
    }
    return undefined;
  }
}

/** Takes the digest of a body by the algorithm of a listed one, and tells whether it is that. */
export function comparing(digest: string, tell: (same: boolean) => void): BodySink | undefined {
  const colon = digest.indexOf(':');
  const algorithm = digest.slice(0, colon);
  if (algorithm !== 'md5' && algorithm !== 'sha1' && algorithm !== 'sha256') return undefined;
  // Made when the first bytes come: a hundred thousand sinks may wait at once.
  let hash: Hash | undefined;
  return {
    write: (bytes) => {
      hash ??= createHash(algorithm);
      hash.update(bytes);
      return true;
    },
    end: () => tell((hash ?? createHash(algorithm)).digest('hex') === digest.slice(colon + 1)),
  };
}
