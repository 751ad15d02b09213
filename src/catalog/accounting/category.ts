/**
 * What a file is to whoever asks where the bytes of an image come from. `owned`: a package's; `database`: a package
 * manager's own records; `derived`: made from other files, and made again when it is missing; `unknown-executable`: a
 * program that nobody brought; `application`: everything else, put there by whoever built the image.
 */
export const categories = ['owned', 'database', 'derived', 'application', 'unknown-executable'] as const;

/** One of {@link categories}. */
export type Category = (typeof categories)[number];

/** Folders of package managers' records. */
const databaseFolders = [
  'var/lib/dpkg/',
  'var/lib/apt/',
  'lib/apk/',
  'usr/lib/apk/',
  'var/lib/rpm/',
  'usr/lib/sysimage/',
  'usr/share/rpm/',
  'var/lib/rpmmanifest/',
  'var/lib/dnf/',
  'var/lib/yum/',
  'var/lib/zypp/',
  'var/lib/pacman/',
  'var/lib/alternatives/',
  'etc/alternatives/',
];

/** Folders whose content is made again. */
const derivedFolders = [
  'var/cache/',
  'var/log/',
  'var/tmp/',
  'tmp/',
  'run/',
  'root/.cache/',
  'root/.npm/',
  'usr/share/mime/',
  'etc/ssl/certs/',
  'etc/pki/ca-trust/extracted/',
  'var/lib/ca-certificates/',
];

/** Files that programs of the distribution write when packages are installed. */
const derivedFiles = new Set([
  'etc/ld.so.cache',
  'etc/machine-id',
  'etc/mailcap',
  'usr/share/info/dir',
  'usr/lib/locale/locale-archive',
  'usr/lib/udev/hwdb.bin',
  'lib/udev/hwdb.bin',
  'var/lib/shells.state',
]);

/** Endings of files that are made from others. */
const derivedEndings = ['.pyc', '.pyo', '.cache', '.mo.cache', '.elc', '.rbc', 'mimeinfo.cache', '.dpkg-old', '.bak'];

/** Whether the path is among a package manager's own records. */
export function isDatabase(path: string): boolean {
  return databaseFolders.some((folder) => path.startsWith(folder));
}

/** Whether the file is made from others, by its place or name: caches, bytecode, indexes. */
export function isDerived(path: string): boolean {
  if (derivedFiles.has(path) || derivedFolders.some((folder) => path.startsWith(folder))) return true;
  if (path.includes('/__pycache__/') || path.includes('/.cache/')) return true;
  // `passwd-` and `group-` are what the tools that change the files leave of the former ones.
  if (path.startsWith('etc/') && path.endsWith('-')) return true;
  return derivedEndings.some((ending) => path.endsWith(ending));
}

/**
 * Whether images commonly go without the file: documents, manuals and translations, which dpkg's path-exclude, rpm's
 * `--nodocs` and apk leave out.
 */
export function isDispensable(path: string): boolean {
  return (
    /^usr\/(?:local\/)?share\/(?:doc|man|locale|info|lintian|linda|groff|gtk-doc|help|licenses|bash-completion|zsh|fish)\//.test(
      path,
    ) ||
    isDatabase(path) ||
    isDerived(path)
  );
}
