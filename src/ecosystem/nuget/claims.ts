import { looksExecutable } from '../../format/executable.ts';
import { mayBeProgram } from '../../format/executable-claims.ts';
import { isManagedPe } from '../../format/pe.ts';
import { isNamed } from '../../util/path.ts';
import type { EntryHead } from '../contract.ts';

/** What a file is, by its path. */
export type FileKind = 'deps' | 'lock' | 'assets' | 'config' | 'nuspec';

const slash = 0x2f;
const dot = 0x2e;
const nuspec = '.nuspec';

/** Folders of unpacked packages: a lock file in one says what its authors develop with. */
const packageFolders = ['.nuget/packages/', 'node_modules/', 'site-packages/', 'dist-packages/', 'gems/'];

/** Whether a file is one of .NET's lists, or may be a program that .NET put into a single file. */
export function claims(path: string, head: EntryHead): boolean {
  return kindOf(path) !== undefined || mayBeProgram(path, head.mode);
}

/**
 * Whether the first bytes (up to 512) are those of a program, where the file is not one of .NET's own texts: scripts and
 * data with the execute permission stay unread, and so do assemblies: a bundle is in a program of machine code.
 */
export function sniff(first: Buffer, path: string): boolean {
  return kindOf(path) !== undefined || (looksExecutable(first) && !isManagedPe(first));
}

/** What kind of file of .NET's is at a path; undefined for all others. The last letter alone turns almost every path away. */
export function kindOf(path: string): FileKind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x6e: // n
      if (!path.endsWith('.json')) return undefined;
      if (path.endsWith('.deps.json')) return 'deps';
      if (isNamed(path, 'packages.lock.json')) return isWithinPackage(path) ? undefined : 'lock';
      return isNamed(path, 'project.assets.json') && !isWithinPackage(path) ? 'assets' : undefined;
    case 0x67: // g
      return isNamed(path, 'packages.config') && !isWithinPackage(path) ? 'config' : undefined;
    case 0x63: // c
      return path.endsWith(nuspec) && isUnpacked(path) ? 'nuspec' : undefined;
    default:
      return undefined;
  }
}

/** Whether a .nuspec lies in the folder of a .NET tool, from where the tool runs; in the packages' folder it is at hand for builds. */
export function isOfTool(path: string): boolean {
  return path.includes('/.store/') || path.startsWith('.store/');
}

/** Whether a .nuspec lies as NuGet unpacks packages, `x/1.0.0/x.nuspec`: elsewhere it is a wish of someone's source tree. */
function isUnpacked(path: string): boolean {
  const fileAt = path.lastIndexOf('/') + 1;
  const versionAt = path.lastIndexOf('/', fileAt - 2) + 1;
  const nameAt = path.lastIndexOf('/', versionAt - 2) + 1;
  const length = path.length - nuspec.length - fileAt;
  const first = path.charCodeAt(versionAt);
  if (versionAt < 2 || fileAt === 0 || first < 0x30 || first > 0x39 || length !== versionAt - 1 - nameAt) return false;
  for (let i = 0; i < length; i++) {
    if (lowered(path.charCodeAt(nameAt + i)) !== lowered(path.charCodeAt(fileAt + i))) return false;
  }
  return length > 0 && path.charCodeAt(fileAt) !== dot;
}

function lowered(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}

function isWithinPackage(path: string): boolean {
  for (const folder of packageFolders) {
    const at = path.indexOf(folder);
    if (at === 0 || (at > 0 && path.charCodeAt(at - 1) === slash)) return true;
  }
  return false;
}
