import { isElf } from '../../format/elf.ts';
import { looksExecutable } from '../../format/executable.ts';
import { isPe } from '../../format/pe.ts';
import type { VisibleFile } from '../visible-files.ts';

/** Any of the three execute permissions. */
const executeBits = 0o111;

/** What a file looks like by its first bytes: `ELF`, `PE`, `Mach-O`, `script`; undefined when it is no program. */
export function programKind(first: Buffer, mode: number): string | undefined {
  if (isElf(first)) return 'ELF';
  if (isPe(first)) return 'PE';
  if (looksExecutable(first)) return 'Mach-O';
  return (mode & executeBits) !== 0 && first[0] === 0x23 && first[1] === 0x21 ? 'script' : undefined;
}

/**
 * Whether a file that nobody owns counts as a program of its own: machine code anywhere; a script only where programs
 * are looked for, for an application's own scripts are its source.
 */
export function isProgram(kind: string, { path }: VisibleFile): boolean {
  if (kind !== 'script') return true;
  return /^(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/.test(path);
}
