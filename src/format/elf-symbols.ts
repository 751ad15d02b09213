import { findSection, regionBytes } from './executable.ts';
import type { Executable } from './executable-view.ts';

/** Most symbols of one table that are looked at; the largest programs have a quarter. */
const maxSymbols = 4_000_000;
/** `st_shndx` of a symbol that another file must bring. */
const undefinedSection = 0;

/** Tables of symbols and the sections of their names; `strip` leaves the first alone. */
const tables = [
  ['.dynsym', '.dynstr'],
  ['.symtab', '.strtab'],
] as const;

/** Where the fields of a symbol lie (System V ABI, chapter 4: symbol table). */
const layouts = {
  32: { size: 16, value: 4, section: 14 },
  64: { size: 24, value: 8, section: 6 },
} as const;

/**
 * The addresses of those of the named symbols that an ELF file itself defines, dynamic ones before others. Names are
 * compared as ASCII; what a table says and the file does not hold is left out.
 */
export function elfSymbols(program: Executable, names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const wanted = names.map((name) => ({ name, bytes: Buffer.from(`${name}\0`, 'latin1') }));
  for (const [symbols, strings] of tables) {
    if (found.size === names.length) break;
    const symbolSection = findSection(program, symbols);
    const stringSection = findSection(program, strings);
    if (!symbolSection || !stringSection) continue;
    const texts = regionBytes(program, stringSection);
    for (const { name, address } of symbolsIn(program, regionBytes(program, symbolSection), texts, wanted)) {
      if (!found.has(name)) found.set(name, address);
    }
  }
  return found;
}

interface WantedName {
  readonly name: string;
  /** With the NUL that ends it. */
  readonly bytes: Buffer;
}

function* symbolsIn(
  { bits, littleEndian }: Executable,
  table: Buffer,
  texts: Buffer,
  wanted: readonly WantedName[],
): Generator<{ name: string; address: number }, void, undefined> {
  const { size, value, section } = layouts[bits];
  const count = Math.min(Math.floor(table.length / size), maxSymbols);
  for (let i = 0; i < count; i++) {
    const at = i * size;
    const text = littleEndian ? table.readUInt32LE(at) : table.readUInt32BE(at);
    const name = wanted.find(({ bytes }) => startsWith(texts, text, bytes))?.name;
    if (name === undefined || table.readUInt16LE(at + section) === undefinedSection) continue;
    const address = addressAt(table, at + value, bits, littleEndian);
    if (address !== undefined) yield { name, address };
  }
}

function startsWith(texts: Buffer, at: number, bytes: Buffer): boolean {
  if (texts[at] !== bytes[0] || at + bytes.length > texts.length) return false;
  return texts.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0;
}

/** Undefined above 2^53 - 1, where a double is no longer exact. */
function addressAt(table: Buffer, at: number, bits: 32 | 64, littleEndian: boolean): number | undefined {
  if (bits === 32) return littleEndian ? table.readUInt32LE(at) : table.readUInt32BE(at);
  const address = Number(littleEndian ? table.readBigUInt64LE(at) : table.readBigUInt64BE(at));
  return Number.isSafeInteger(address) ? address : undefined;
}
