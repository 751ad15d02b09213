/** Folders of unpacked packages of other kinds: what lies in one says what its authors build with. */
const packageFolders = ['node_modules/', 'site-packages/', 'dist-packages/', 'gems/', 'vendor/', 'pkg/mod/'];

/** Whether a path leads into a package of another kind. */
export function isWithinPackage(path: string): boolean {
  return packageFolders.some((folder) => {
    const at = path.indexOf(folder);
    return at === 0 || (at > 0 && path.charCodeAt(at - 1) === 0x2f);
  });
}
