/** Where pacman keeps a folder for each installed package (pacman, `DBPath`), with a slash at the end. */
export const localFolder = 'var/lib/pacman/local/';

/** Whether a path is a file of that name, with a slash in front, in a package's folder. */
export function entryOf(path: string, file: string): boolean {
  if (!path.endsWith(file) || !path.startsWith(localFolder)) return false;
  const end = path.length - file.length;
  return end > localFolder.length && path.indexOf('/', localFolder.length) === end;
}
