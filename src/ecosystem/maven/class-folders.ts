import type { ZipEntry } from '../../format/zip.ts';
import type { ClassFolders } from './identity.ts';

/** Looks at the classes of an archive by their entries' names; those of other Java releases (META-INF/versions) don't count. */
export function classFolders(entries: readonly ZipEntry[]): ClassFolders {
  const names: string[] = [];
  for (const { name } of entries) {
    if (name.endsWith('.class') && name.includes('/') && !name.startsWith('META-INF/')) names.push(name);
  }
  return {
    common: commonFolder(names),
    has: (folder) => folder === '' || names.length === 0 || names.some((name) => name.startsWith(`${folder}/`)),
  };
}

function commonFolder(names: readonly string[]): string[] {
  const first = names[0];
  if (first === undefined) return [];
  let common = first.slice(0, first.lastIndexOf('/') + 1);
  for (const name of names) {
    while (common !== '' && !name.startsWith(common))
      common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1);
  }
  return common.split('/').filter((word) => word !== '');
}
