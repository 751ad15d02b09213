import { isElf, readElf } from './elf.ts';
import type { Executable, Region } from './executable-view.ts';
import { isThinMachO, isUniversal, readMachO } from './macho.ts';
import { isPe, readPe } from './pe.ts';

/** Whether the first bytes (8 are enough) look like an ELF, PE or Mach-O file. */
export function looksExecutable(first: Buffer): boolean {
  return isElf(first) || isPe(first) || isThinMachO(first) || isUniversal(first);
}

/**
 * The programs in an ELF, PE or Mach-O file: one, or each of a universal binary. Empty when the bytes are none of
 * these. Never throws: what the headers claim and the file does not hold is left out. The bytes must not change
 * as long as this very buffer is in use.
 */
export function readExecutables(bytes: Buffer): readonly Executable[] {
  const known = read.get(bytes);
  if (known) return known;
  const programs = programsIn(bytes);
  read.set(bytes, programs);
  return programs;
}

/** What was read of a body that several plugins look at one after another. */
const read = new WeakMap<Buffer, readonly Executable[]>();

function programsIn(bytes: Buffer): Executable[] {
  if (isElf(bytes)) return listOf(readElf(bytes));
  if (isPe(bytes)) return listOf(readPe(bytes));
  return readMachO(bytes);
}

function listOf(program: Executable | undefined): Executable[] {
  return program === undefined ? [] : [program];
}

/** The bytes of a section or segment that are in the file, without copying. */
export function regionBytes(program: Executable, region: Region): Buffer {
  return region.length === 0
    ? program.bytes.subarray(0, 0)
    : program.bytes.subarray(region.offset, region.offset + region.length);
}

/** The first section of a name (`.go.buildinfo`, `.dep-v0`). */
export function findSection(program: Executable, name: string): Region | undefined {
  return program.sections.find((section) => section.name === name);
}

/** `length` bytes at a virtual address, without copying; undefined when they are not all in one segment of the file. */
export function bytesAt(program: Executable, address: number, length: number): Buffer | undefined {
  if (address < 0 || length < 0) return undefined;
  for (const segment of program.segments) {
    if (segment.address < 0 || address < segment.address) continue;
    const within = address - segment.address;
    if (within + length > segment.length) continue;
    const offset = segment.offset + within;
    return program.bytes.subarray(offset, offset + length);
  }
  return undefined;
}
