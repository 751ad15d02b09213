const modules = '/node_modules/';
const inside = '!/';

/** Last segments of folders that packages of one kind are installed in: what lies in one of them is moved as one. */
const homes = ['/site-packages/', '/dist-packages/', '/specifications/', '/vendor/composer/'];

/**
 * Where a package that stands at this path is changed: the lock file that names it, the project whose `node_modules` it
 * lies in, the folder of a language's packages, the archive or program that holds it.
 */
function placeOf(path: string): string {
  const within = path.indexOf(inside);
  if (within >= 0) return path.slice(0, within);
  const project = path.indexOf(modules);
  if (project >= 0) return project === 0 ? '/' : path.slice(0, project);
  for (const home of homes) {
    const at = path.indexOf(home);
    if (at >= 0) return path.slice(0, at + home.length - 1);
  }
  return path;
}

/** Paths by the place in which they are changed, in the order of the paths. */
export function byPlace(paths: readonly string[]): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const path of paths.length === 0 ? [''] : paths) {
    const place = placeOf(path);
    const known = places.get(place);
    if (known) known.push(path);
    else places.set(place, [path]);
  }
  return places;
}
