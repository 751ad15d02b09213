import { looksExecutable } from '../../format/executable.ts';
import { mayBeProgram } from '../../format/executable-claims.ts';
import { isManagedPe } from '../../format/pe.ts';
import type { EntryHead } from '../contract.ts';
import { isVendorList } from './vendor-list.ts';

/** Whether the path is that of a go.mod file. */
export function isGoMod(path: string): boolean {
  return path.endsWith('go.mod') && (path.length === 6 || path.charCodeAt(path.length - 7) === 0x2f);
}

/**
 * Whether a file may be a Go program, library, or the go.mod or modules.txt file of one. Go files of the module cache and of test
 * data are not: their wishes decide nothing about the program at hand.
 */
export function claims(path: string, head: EntryHead): boolean {
  if (isGoMod(path)) return !path.includes('pkg/mod/') && !path.includes('testdata/');
  if (isVendorList(path)) return true;
  return mayBeProgram(path, head.mode);
}

/** The words that a go.mod file may start with. */
const goModWords = [
  'module',
  'go',
  'toolchain',
  'godebug',
  'require',
  'tool',
  'exclude',
  'replace',
  'retract',
  'ignore',
];

/**
 * Whether the first bytes (up to 512) are those of a program, or start as go.mod does, with a comment or a directive, or as
 * modules.txt does, with `# `.
 * So scripts and texts with the execute permission stay unread, and so do .NET assemblies.
 */
export function sniff(first: Buffer, path: string): boolean {
  if (!isGoMod(path) && !isVendorList(path)) return looksExecutable(first) && !isManagedPe(first);
  let at = 0;
  while (at < first.length && isBlank(first[at])) at++;
  // All blank so far: too little to tell.
  if (at === first.length) return first.length > 0;
  if (first[at] === 0x2f && first[at + 1] === 0x2f) return true;
  if (first[at] === 0x23) return first[at + 1] === 0x20 || first[at + 1] === 0x23;
  let end = at;
  while (end < first.length && end - at < 10 && isLowerLetter(first[end])) end++;
  const stop = first[end];
  if (stop !== undefined && !isBlank(stop) && stop !== 0x28) return false;
  return goModWords.includes(first.toString('latin1', at, end));
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function isLowerLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x61 && byte <= 0x7a;
}
