import type { Package } from '../../model/package.ts';

/** Folders within a package's own in which its licences stand (PEP 639, REUSE, Maven archives). */
const within = ['/licenses', '/licences', '/LICENSES', '/license_files', '/META-INF'];

/** Whose folder it is, where one package alone has its file there: `node_modules/x` with `package.json`. */
export class PackageFolders {
  /** purl by folder; undefined where several packages are, as beside a lock file or in a database. */
  readonly #owners = new Map<string, string | undefined>();

  constructor(packages: readonly Package[]) {
    for (const { purl, paths, presence } of packages) {
      if (presence !== 'installed') continue;
      for (const path of paths) this.#add(folderOf(path), purl);
    }
  }

  /** purl of the package in whose folder the file stands. */
  ownerOf(path: string): string | undefined {
    const folder = folderOf(path);
    const own = this.#owners.get(folder);
    if (own !== undefined) return own;
    const inner = within.find((name) => folder.endsWith(name));
    return inner === undefined ? undefined : this.#owners.get(folder.slice(0, -inner.length));
  }

  #add(folder: string, purl: string): void {
    const known = this.#owners.get(folder);
    this.#owners.set(folder, this.#owners.has(folder) && known !== purl ? undefined : purl);
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
