import type { Package } from '../../model/package.ts';
import { compareText } from '../../util/compare-text.ts';
import { dependencyOf } from './package-vulnerability.ts';
import { relativePath } from './places.ts';
import { nameText } from './text.ts';

/** Most files that are listed: an installed tree has one for every package. */
const filesListed = 10_000;

/** The files that name packages, with the packages (schemas 15.0, `dependency_files`), by path. */
export function dependencyFiles(packages: readonly Package[], name: string): object[] {
  const files = new Map<string, { path: string; package_manager: string; dependencies: object[] }>();
  for (const found of packages) {
    const manager = nameText(found.ecosystem) || 'unknown';
    const paths = found.paths.length === 0 ? [name] : found.paths.map((path) => relativePath(path) ?? name);
    for (const path of new Set(paths)) {
      const key = `${path}\0${manager}`;
      const file = files.get(key) ?? { path, package_manager: manager, dependencies: [] };
      file.dependencies.push(dependencyOf(found));
      files.set(key, file);
    }
  }
  const sorted = [...files.entries()].sort(([a], [b]) => compareText(a, b));
  return sorted.slice(0, filesListed).map(([, file]) => file);
}
