const slash = 0x2f;
const vendor = 'vendor/';

/** Folders of a package that hold its own test material: what lies below them was never installed. */
const testFolders = ['test/', 'tests/', 'Test/', 'Tests/', 'fixtures/', 'Fixtures/', 'spec/', 'features/'];
/** Folders of other kinds of package: a lock file in one says what its authors develop with. */
const packageFolders = ['node_modules/', 'site-packages/', 'dist-packages/'];

/** Whether a file lies within an installed package, of this kind (`vendor/acme/x/composer.lock`) or another. */
export function isInPackage(path: string): boolean {
  for (const folder of packageFolders) if (passes(path, folder)) return true;
  return packageFolderEnd(path) !== -1;
}

/** Whether a file lies in the test material of an installed package. */
export function isInTests(path: string): boolean {
  for (let at = packageFolderEnd(path); at !== -1; at = nextSegment(path, at)) {
    for (const folder of testFolders) if (path.startsWith(folder, at)) return true;
  }
  return false;
}

/** Where the path goes on within the first folder of an installed package (`vendor/acme/x/`); -1 when it is in none. */
function packageFolderEnd(path: string): number {
  for (let at = path.indexOf(vendor); at !== -1; at = path.indexOf(vendor, at + 1)) {
    if (at > 0 && path.charCodeAt(at - 1) !== slash) continue;
    const name = nextSegment(path, at + vendor.length);
    return name === -1 ? -1 : nextSegment(path, name);
  }
  return -1;
}

/** Where the segment behind the one at `from` starts; -1 when that is the last. */
function nextSegment(path: string, from: number): number {
  const cut = path.indexOf('/', from);
  return cut === -1 ? -1 : cut + 1;
}

/** Whether the path passes through a folder of exactly this name. */
function passes(path: string, folder: string): boolean {
  let at = path.indexOf(folder);
  while (at > 0 && path.charCodeAt(at - 1) !== slash) at = path.indexOf(folder, at + 1);
  return at !== -1;
}
