const marker = '/node_modules/';
const manifest = '/package.json';

/** Most folders upwards that are searched: a path that is deeper is made to be slow. */
const deepest = 256;

/** The packages in one `node_modules` folder, by the name of their folder. */
type Installed = ReadonlyMap<string, readonly number[]>;

/** The folder of the package whose manifest has this path; of another file, the folder that it lies in. */
export function installedFolder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Which packages lie in which `node_modules` folder, as Node looks for them (Node's documentation, CommonJS modules). */
export class NodeModules {
  readonly #folders = new Map<string, Map<string, number[]>>();

  /** Takes a package by the path of its manifest; what lies elsewhere is not found by Node. */
  add(path: string, place: number): void {
    const at = path.lastIndexOf(marker);
    if (at < 0 || !path.endsWith(manifest)) return;
    const name = path.slice(at + marker.length, -manifest.length);
    // `x` or `@scope/x`, and no file further below.
    const slash = name.indexOf('/');
    if (name === '' || (slash >= 0 && (!name.startsWith('@') || name.indexOf('/', slash + 1) >= 0))) return;
    const holder = path.slice(0, at);
    const folder = this.#folders.get(holder) ?? new Map<string, number[]>();
    this.#folders.set(holder, folder);
    const places = folder.get(name);
    if (places) places.push(place);
    else folder.set(name, [place]);
  }

  /** The folders that Node looks through for what a package in this folder asks for, the nearest first. */
  trail(folder: string): readonly Installed[] {
    const trail: Installed[] = [];
    let at = folder;
    for (let depth = 0; depth < deepest; depth++) {
      const installed = this.#folders.get(at);
      if (installed) trail.push(installed);
      if (at === '') break;
      at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    }
    return trail;
  }

  /** The first that has the name. */
  static find(trail: readonly Installed[], name: string): readonly number[] | undefined {
    for (const installed of trail) {
      const found = installed.get(name);
      if (found) return found;
    }
    return undefined;
  }
}
