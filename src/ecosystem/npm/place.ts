/** Where a file lies: `package`: directly in an installed package's folder; `inside`: deeper in one; `outside` of all of them. */
export type Place = 'package' | 'inside' | 'outside';

const modules = 'node_modules/';
const denoCache = 'npm/registry.npmjs.org/';
const vendorFolder = 'vendor/';
const bunCache = '.bun/install/cache/';
const slash = 0x2f;
const at = 0x40;
const dot = 0x2e;

/** Folders of a package that hold its own test material: a node_modules below them was never installed. */
const testFolders = [
  'test/',
  'tests/',
  '__tests__/',
  'fixture/',
  'fixtures/',
  '__fixtures__/',
  'testdata/',
  'spec/',
  'example/',
  'examples/',
];

/** Tells the {@link Place} of a file from its path alone (runs for every path of an image: no allocation). */
export function placeOf(path: string): Place {
  let below = lastModules(path, path.length);
  if (below === -1) return placeInCache(path);
  if (!isPackageFolder(path, below + modules.length, path.lastIndexOf('/'))) return 'inside';
  while (below > 0) {
    const above = lastModules(path, below - 1);
    if (above === -1) break;
    if (passesTestFolder(path, above + modules.length, below)) return 'inside';
    below = above;
  }
  return 'package';
}

/** Whether a path lies in a package that was installed, of whatever language: its lock file says what its authors develop with. */
export function inPackage(path: string): boolean {
  return lastModules(path, path.length) !== -1 || placeInCache(path) !== 'outside' || inForeignPackage(path);
}

/** Packages of Python, Ruby, and (below their authors' name) of PHP and Go. */
function inForeignPackage(path: string): boolean {
  if (path.includes('site-packages/') || path.includes('dist-packages/') || folderStart(path, 'gems/') !== -1)
    return true;
  const vendor = folderStart(path, vendorFolder);
  const author = vendor === -1 ? -1 : path.indexOf('/', vendor + vendorFolder.length);
  return author !== -1 && path.indexOf('/', author + 1) !== -1;
}

/**
 * The caches from which Deno (`npm/registry.npmjs.org/<name>/<version>/`) and Bun (`.bun/install/cache/<name>@<version>`)
 * run packages without a node_modules.
 */
function placeInCache(path: string): Place {
  const deno = folderStart(path, denoCache);
  const bun = deno === -1 ? folderStart(path, bunCache) : -1;
  if (deno === -1 && bun === -1) return 'outside';
  const start = deno === -1 ? bun + bunCache.length : deno + denoCache.length;
  const scope = path.charCodeAt(start) === at ? path.indexOf('/', start) + 1 : start;
  const folder = path.indexOf('/', scope);
  const end = deno === -1 ? folder : path.indexOf('/', folder + 1);
  return folder > scope && end >= folder && end === path.lastIndexOf('/') ? 'package' : 'inside';
}

/** Where folders stand in a path, one or more of which each ends in a slash; -1 when they don't. */
function folderStart(path: string, folders: string): number {
  let found = path.indexOf(folders);
  while (found > 0 && path.charCodeAt(found - 1) !== slash) found = path.indexOf(folders, found + 1);
  return found;
}

/** The start of the last folder called exactly node_modules that starts at or before `from`; -1 when there is none. */
function lastModules(path: string, from: number): number {
  let found = path.lastIndexOf(modules, from);
  while (found > 0 && path.charCodeAt(found - 1) !== slash) found = path.lastIndexOf(modules, found - 1);
  return found;
}

/** Whether `path[start, end)` is `name`, `@scope/name`, or the folder of Yarn's pnpm linker, `.store/<slug>/package`. */
function isPackageFolder(path: string, start: number, end: number): boolean {
  if (end <= start) return false;
  const first = path.charCodeAt(start);
  const cut = path.indexOf('/', start);
  if (first === dot) {
    const second = path.indexOf('/', cut + 1);
    return path.startsWith('.store/', start) && path.startsWith('package/', second + 1) && second + 8 === end;
  }
  if (first !== at) return cut === end;
  return cut < end && path.indexOf('/', cut + 1) === end;
}

/** Whether `path[start, end)`, a package's folder and what follows, enters one of the {@link testFolders} below the package. */
function passesTestFolder(path: string, start: number, end: number): boolean {
  const first = path.charCodeAt(start);
  if (first === dot) return false;
  let next = path.indexOf('/', start) + 1;
  if (first === at) next = path.indexOf('/', next) + 1;
  while (next > 0 && next < end) {
    if (isTestFolder(path, next)) return true;
    next = path.indexOf('/', next) + 1;
  }
  return false;
}

function isTestFolder(path: string, start: number): boolean {
  for (const folder of testFolders) if (path.startsWith(folder, start)) return true;
  return false;
}
