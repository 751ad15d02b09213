import { looksExecutable } from '../../format/executable.ts';
import { mayBeProgram } from '../../format/executable-claims.ts';
import { isManagedPe } from '../../format/pe.ts';
import { isNamed } from '../../util/path.ts';
import type { EntryHead } from '../contract.ts';

const slash = 0x2f;
const letterK = 0x6b;
const letterN = 0x6e;

/** Folders of unpacked packages: a lock file in one says what its authors develop with. */
const packageFolders = ['registry/src/', 'git/checkouts/', 'vendor/', 'node_modules/', 'site-packages/', 'gems/'];

/** Whether the path is that of a Cargo.lock. */
export function isLockFile(path: string): boolean {
  return isNamed(path, 'Cargo.lock');
}

/** Whether the path is that of the list that `cargo install` keeps. */
export function isInstallList(path: string): boolean {
  return isNamed(path, '.crates2.json');
}

/** Whether a file may be a program that Rust built, a Cargo.lock of the image's own or the list of `cargo install`. */
export function claims(path: string, head: EntryHead): boolean {
  const last = path.charCodeAt(path.length - 1);
  if (last === letterK && isLockFile(path)) return !isWithinPackage(path);
  if (last === letterN && isInstallList(path)) return true;
  return mayBeProgram(path, head.mode);
}

/**
 * Whether the first bytes (up to 512) are those of a program, where the file is not one of Cargo's own: scripts and data
 * with the execute permission stay unread, and so do .NET assemblies, which hold no machine code.
 */
export function sniff(first: Buffer, path: string): boolean {
  return isLockFile(path) || isInstallList(path) || (looksExecutable(first) && !isManagedPe(first));
}

function isWithinPackage(path: string): boolean {
  for (const folder of packageFolders) {
    const at = path.indexOf(folder);
    if (at === 0 || (at > 0 && path.charCodeAt(at - 1) === slash)) return true;
  }
  return false;
}
