const slash = 0x2f;
const hyphen = 0x2d;
const dot = 0x2e;

const gems = 'gems/';
const specifications = 'specifications/';
const checkouts = 'bundler/gems/';

/** Folders of a gem that hold its own test material: what lies below them was never installed. */
const testFolders = ['test/', 'tests/', 'spec/', 'specs/', 'fixtures/', 'features/', 'example/', 'examples/'];
/** Folders of other kinds of package: a lock file in one says what its authors develop with. */
const packageFolders = ['node_modules/', 'site-packages/', 'dist-packages/'];
/** Least and most digits of the commit that ends the name of a checkout's folder. */
const commitDigits = { least: 7, most: 40 } as const;
/** How deep in a checkout Bundler looks for gems (its glob is three folders deep at most). */
const checkoutDepth = 3;

/** `installed`: written by RubyGems; `checkout`: a gem that Bundler installed from git. */
export type SpecificationPlace = 'installed' | 'checkout';

/** Where a gemspec lies; undefined when it is no installed gem's (runs for every gemspec of an image: no allocation). */
export function specificationPlace(path: string): SpecificationPlace | undefined {
  const name = path.lastIndexOf('/') + 1;
  let folder = name;
  if (endsWithFolder(path, folder, 'default/')) folder -= 'default/'.length;
  if (endsWithFolder(path, folder, specifications)) return inTests(path, folder) ? undefined : 'installed';
  const checkout = checkoutStart(path);
  if (checkout === -1) return undefined;
  return depthBelow(path, checkout) <= checkoutDepth && !inTests(path, name) ? 'checkout' : undefined;
}

/** Whether a lock file lies within an installed package, of this kind or another. */
export function isInPackage(path: string): boolean {
  for (const folder of packageFolders) if (passes(path, folder)) return true;
  return gemFolderEnd(path) !== -1;
}

/** The folder of what the gemspec at this path describes: `…/gems/x-1.0` of `…/specifications/x-1.0.gemspec`. */
export function gemFolder(path: string): string | undefined {
  const place = specificationPlace(path);
  const name = path.lastIndexOf('/') + 1;
  if (place === 'checkout') return path.slice(0, name - 1);
  if (place === undefined) return undefined;
  const root = path.lastIndexOf(specifications, name);
  return `${path.slice(0, root)}${gems}${path.slice(name, -'.gemspec'.length)}`;
}

/** Whether `path[0, end)` ends with the folder, as a whole segment. */
function endsWithFolder(path: string, end: number, folder: string): boolean {
  const start = end - folder.length;
  if (start < 0 || !path.startsWith(folder, start)) return false;
  return start === 0 || path.charCodeAt(start - 1) === slash;
}

/** Where the path goes on within the last checkout of Bundler's (`bundler/gems/rack-0a1b2c3d4e5f/`); -1 when it is in none. */
function checkoutStart(path: string): number {
  const at = path.lastIndexOf(checkouts);
  if (at === -1 || (at > 0 && path.charCodeAt(at - 1) !== slash)) return -1;
  const start = at + checkouts.length;
  const end = path.indexOf('/', start);
  return end !== -1 && endsWithCommit(path, start, end) ? end + 1 : -1;
}

/** Number of segments from `start` on. */
function depthBelow(path: string, start: number): number {
  let depth = 1;
  for (let at = path.indexOf('/', start); at !== -1; at = path.indexOf('/', at + 1)) depth++;
  return depth;
}

/** Whether `path[0, end)` passes through a folder of tests within an installed gem. */
function inTests(path: string, end: number): boolean {
  const start = gemFolderEnd(path);
  if (start === -1) return false;
  for (let at = start; at < end; ) {
    for (const folder of testFolders) if (path.startsWith(folder, at)) return true;
    const next = path.indexOf('/', at);
    if (next === -1) return false;
    at = next + 1;
  }
  return false;
}

/** Where the path goes on within the first folder of an installed gem (`gems/x-1.0/`); -1 when it is in none. */
function gemFolderEnd(path: string): number {
  for (let at = path.indexOf(gems); at !== -1; at = path.indexOf(gems, at + 1)) {
    if (at > 0 && path.charCodeAt(at - 1) !== slash) continue;
    const start = at + gems.length;
    const end = path.indexOf('/', start);
    if (end === -1) return -1;
    if (endsWithCommit(path, start, end) || holdsVersion(path, start, end)) return end + 1;
  }
  return -1;
}

/** Whether `path[start, end)` is `name-<commit>`. */
function endsWithCommit(path: string, start: number, end: number): boolean {
  const cut = path.lastIndexOf('-', end - 1);
  const digits = end - cut - 1;
  if (cut <= start || digits < commitDigits.least || digits > commitDigits.most) return false;
  for (let at = cut + 1; at < end; at++) if (!isHex(path.charCodeAt(at))) return false;
  return true;
}

/** Whether `path[start, end)` is `name-1.0` or `name-1.0-x86_64-linux`: a hyphen, digits, and then a dot or the end. */
function holdsVersion(path: string, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) {
    if (path.charCodeAt(at) !== hyphen) continue;
    let next = at + 1;
    while (next < end && isDigit(path.charCodeAt(next))) next++;
    if (next > at + 1 && (next === end || path.charCodeAt(next) === dot)) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 0x61 && code <= 0x66);
}

/** Whether the path passes through a folder of exactly this name. */
function passes(path: string, folder: string): boolean {
  let at = path.indexOf(folder);
  while (at > 0 && path.charCodeAt(at - 1) !== slash) at = path.indexOf(folder, at + 1);
  return at !== -1;
}
