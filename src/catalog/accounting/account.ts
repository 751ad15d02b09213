import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Distribution, Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { LayerSurvey } from '../../model/survey.ts';
import { compareText } from '../../util/compare-text.ts';
import { BodyRequests, firstBytes, type WantedBodies } from '../body-pass.ts';
import { type FileTree, visiblePath } from '../tree.ts';
import type { VisibleFile } from '../visible-files.ts';
import { type Category, isDatabase, isDerived, isDispensable } from './category.ts';
import { isProgram, programKind } from './executables.ts';
import { comparing, type ListedFile, ListedFiles, listAt, PackagePlaces } from './owned-files.ts';

/** Reads bodies of the image again, by layer and entry. */
export type ReadBodies = (wanted: ReadonlyMap<number, WantedBodies>) => Promise<void>;

/** What an image is looked at by. */
export interface Accountable {
  readonly files: readonly VisibleFile[];
  readonly tree: FileTree;
  readonly surveys: readonly LayerSurvey[];
  readonly packages: readonly Package[];
  readonly ecosystems: readonly Ecosystem[];
  readonly readBodies: ReadBodies;
}

/** What one file of the image is. */
export interface AccountedFile {
  readonly file: VisibleFile;
  readonly category: Category;
  /** purl of the package that owns it; a package manager's list may name one that its database does not. */
  readonly owner?: string;
  /** The kind of package that owns it. */
  readonly ecosystem?: string;
  /** Of an unknown executable: what it looks like. */
  readonly program?: string;
  /** It is listed with another digest than it has: somebody replaced it. */
  readonly replaced?: true;
}

/** A file that a package lists and the image does not hold. */
export interface MissingFile {
  readonly path: string;
  readonly owner: string;
  /** Images commonly go without it: documents, manuals, translations. */
  readonly dispensable: boolean;
}

/** Where every byte of an image comes from. */
export interface Account {
  /** Sorted by path. */
  readonly files: readonly AccountedFile[];
  /** Sorted by path. */
  readonly missing: readonly MissingFile[];
  /** Owners that lists of files name and the package database does not, sorted: somebody took them out of it. */
  readonly unlisted: readonly string[];
  /** Files of lower layers that later ones hide. */
  readonly hidden: { readonly files: number; readonly bytes: number };
}

/** Where every byte of a target comes from, and what it is. */
export interface TargetAccount extends Account {
  readonly kind: 'image' | 'folder';
  /** Digest of the manifest, where there is one. */
  readonly digest?: string;
  readonly platform?: string;
  readonly distribution?: Distribution;
  /** The history line that made each layer; none for a folder. */
  readonly createdBy: readonly string[];
  readonly problems: readonly Problem[];
}

/** Says of every file of an image where it comes from. Reads lists of files, owned files and the heads of all others. @throws SluiceError */
export async function accountFor(image: Accountable): Promise<Account> {
  const listed = await readLists(image);
  const places = new PackagePlaces(image.packages, image.ecosystems);
  const names = new OwnerNames(image.packages);
  const replaced = new Set<string>();
  const programs = new Map<string, string>();
  const wanted = new BodyRequests();
  for (const file of image.files) {
    if (file.kind !== 'file' || file.size === 0) continue;
    const digest = listed.byPath.get(file.path)?.digest;
    if (digest !== undefined)
      wanted.add(
        file,
        comparing(digest, (same) => !same && replaced.add(file.path)),
      );
    else if (!listed.byPath.has(file.path) && !places.of(file.path)) {
      wanted.add(
        file,
        firstBytes(512, (bytes) => noteProgram(file, bytes, programs)),
      );
    }
  }
  await image.readBodies(wanted.byLayer);
  const files = image.files.map((file): AccountedFile => {
    const own = listed.byPath.get(file.path);
    if (own) {
      const changed = replaced.has(file.path) ? { replaced: true as const } : {};
      return { file, category: 'owned', owner: names.of(own), ecosystem: own.ecosystem, ...changed };
    }
    const found = places.of(file.path);
    if (found) return { file, category: 'owned', owner: found.purl, ecosystem: found.ecosystem };
    return unowned(file, programs.get(file.path));
  });
  const settled = withLinks(files, image.tree);
  return {
    files: settled,
    missing: missingFiles(image, listed, names),
    unlisted: names.unlisted(),
    hidden: hiddenFiles(image),
  };
}

/** A link that nobody owns is what it leads to: busybox's hundred names are busybox's. */
function withLinks(files: readonly AccountedFile[], tree: FileTree): AccountedFile[] {
  const byPath = new Map(files.map((one) => [one.file.path, one]));
  return files.map((one) => {
    if (one.file.kind !== 'symlink' || one.category === 'owned') return one;
    const node = tree.resolve(one.file.path);
    const path = node?.kind === 'file' ? visiblePath(node) : undefined;
    const target = path === undefined ? undefined : byPath.get(path);
    if (target?.owner === undefined || target.ecosystem === undefined) return one;
    return { file: one.file, category: 'owned', owner: target.owner, ecosystem: target.ecosystem };
  });
}

function noteProgram(file: VisibleFile, bytes: Buffer, programs: Map<string, string>): void {
  const kind = programKind(bytes, file.mode);
  if (kind !== undefined) programs.set(file.path, kind);
}

function unowned(file: VisibleFile, program: string | undefined): AccountedFile {
  if (isDatabase(file.path)) return { file, category: 'database' };
  if (program !== undefined && isProgram(program, file)) return { file, category: 'unknown-executable', program };
  return { file, category: isDerived(file.path) ? 'derived' : 'application' };
}

async function readLists({ files, tree, ecosystems, readBodies }: Accountable): Promise<ListedFiles> {
  const listed = new ListedFiles(tree);
  const wanted = new BodyRequests();
  for (const file of files) {
    const list = file.kind === 'file' ? listAt(file.path, file.size, ecosystems) : undefined;
    if (list) wanted.add(file, listed.reading(file, ...list));
  }
  await readBodies(wanted.byLayer);
  return listed;
}

function missingFiles({ files, tree }: Accountable, listed: ListedFiles, names: OwnerNames): MissingFile[] {
  const present = new Set(files.map(({ path }) => path));
  const missing: MissingFile[] = [];
  for (const file of listed.byPath.values()) {
    // A list may name folders, and ways that lead over links of the last segment.
    if (present.has(file.path) || tree.resolve(file.path)) continue;
    missing.push({ path: file.path, owner: names.of(file), dispensable: isDispensable(file.path) });
  }
  return missing.sort((a, b) => compareText(a.path, b.path));
}

/** Files that no container sees, because a later layer replaced or removed them. */
function hiddenFiles({ files, surveys }: Accountable): { files: number; bytes: number } {
  const seen = new Set(files.map(({ bodyLayer, bodyEntry }) => `${bodyLayer} ${bodyEntry}`));
  let count = 0;
  let bytes = 0;
  surveys.forEach(({ entries }, layer) => {
    entries.kinds.forEach((kind, entry) => {
      if (kind !== 0 || seen.has(`${layer} ${entry}`) || entries.paths.nameOf(entry).startsWith('.wh.')) return;
      count++;
      bytes += entries.sizes[entry] ?? 0;
    });
  });
  return { files: count, bytes };
}

/** What owners are called: the purl of the package that the database names, else what the list says. */
export class OwnerNames {
  readonly #purls = new Map<string, string>();
  readonly #unlisted = new Set<string>();

  constructor(packages: readonly Package[]) {
    for (const { ecosystem, name, version, arch, purl } of packages) {
      const other = alike(name);
      const names = [[name], [name, version], [name, '', arch], [name, version, arch], [other, version], [other]];
      for (const key of names) {
        const text = [ecosystem, ...key].join('\0');
        if (!this.#purls.has(text)) this.#purls.set(text, purl);
      }
    }
  }

  of({ ecosystem, owner }: ListedFile): string {
    const { name, version = '', arch } = owner;
    const key = arch ? [name, version, arch] : version ? [name, version] : [name];
    // A folder may spell the name in another way: `zope_interface` for `zope.interface`.
    const keys = [key, [name], [alike(name), version], [alike(name)]];
    const purl = keys.map((one) => this.#purls.get([ecosystem, ...one].join('\0'))).find((one) => one !== undefined);
    if (purl !== undefined) return purl;
    const text = `${ecosystem} ${name}${version ? ` ${version}` : ''}`;
    this.#unlisted.add(text);
    return text;
  }

  unlisted(): string[] {
    return [...this.#unlisted].sort();
  }
}

function alike(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
