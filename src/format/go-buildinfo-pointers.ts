import { bytesAt, findSection, regionBytes } from './executable.ts';
import { type Executable, HeaderReader } from './executable-view.ts';

/** The most relocations of a program that are read. */
const maxRelocations = 1_000_000;

/**
 * The two strings of build information as Go 1.13 to 1.17 wrote it: the header holds the addresses of two Go string
 * headers (address, length), which hold the addresses of the bytes. undefined when an address leads nowhere.
 */
export function readPointerStrings(
  program: Executable,
  start: number,
  pointerSize: number,
  littleEndian: boolean,
  limit: number,
): { version: Buffer; modules: Buffer } | undefined {
  if (pointerSize !== 4 && pointerSize !== 8) return undefined;
  const memory = new Memory(program, pointerSize, littleEndian);
  const address = addressOf(program, start);
  const version = memory.goString(memory.pointerAt(address + 16, start + 16), limit);
  if (version === undefined) return undefined;
  // A program that was not built from modules has no second string.
  const modules = memory.goString(memory.pointerAt(address + 16 + pointerSize, start + 16 + pointerSize), limit);
  return { version, modules: modules ?? Buffer.alloc(0) };
}

/** Virtual address of a place in the file; -1 when no segment maps it. */
function addressOf(program: Executable, offset: number): number {
  for (const segment of program.segments) {
    const within = offset - segment.offset;
    if (segment.address >= 0 && within >= 0 && within < segment.length) return segment.address + within;
  }
  return -1;
}

/** Pointers and strings of a program as they would be in memory. */
class Memory {
  readonly #program: Executable;
  readonly #size: 4 | 8;
  readonly #littleEndian: boolean;

  constructor(program: Executable, size: 4 | 8, littleEndian: boolean) {
    this.#program = program;
    this.#size = size;
    this.#littleEndian = littleEndian;
  }

  /** The pointer at an address, whose place in the file is known too. */
  pointerAt(address: number, offset: number): number {
    const value = this.#number(this.#program.bytes, offset);
    // Linked by the system's linker as position-independent, a pointer is 0 in the file and stands in a relocation.
    return value === 0 && address > 0 ? this.#relocated(address) : value;
  }

  /** The bytes of a Go string whose header (address, length) lies at an address. */
  goString(header: number, limit: number): Buffer | undefined {
    const bytes = header > 0 ? bytesAt(this.#program, header, 2 * this.#size) : undefined;
    if (bytes === undefined) return undefined;
    const length = this.#number(bytes, this.#size);
    const data = this.#number(bytes, 0) || this.#relocated(header);
    return length > 0 && length <= limit ? bytesAt(this.#program, data, length) : undefined;
  }

  #number(bytes: Buffer, offset: number): number {
    return new HeaderReader(bytes, this.#littleEndian).pointer(offset, this.#size === 8 ? 64 : 32);
  }

  /** The addend of the relocation of an address; 0 when there is none. */
  #relocated(address: number): number {
    if (this.#size !== 8) return 0;
    let addends = addendsOf.get(this.#program);
    if (addends === undefined) {
      addends = readAddends(this.#program);
      addendsOf.set(this.#program, addends);
    }
    return addends.get(address) ?? 0;
  }
}

/** Read once a program: a file may hold a thousand marks, and each would look through all relocations. */
const addendsOf = new WeakMap<Executable, ReadonlyMap<number, number>>();

/** The addends of the dynamic relocations by address (ELF `Elf64_Rela`); of several for one address the first counts. */
function readAddends(program: Executable): ReadonlyMap<number, number> {
  const addends = new Map<number, number>();
  const section = findSection(program, '.rela.dyn');
  if (section === undefined) return addends;
  const table = new HeaderReader(regionBytes(program, section), program.littleEndian);
  const count = Math.min(Math.floor(table.bytes.length / 24), maxRelocations);
  for (let i = 0; i < count; i++) {
    const address = table.u64(i * 24);
    if (!addends.has(address)) addends.set(address, table.u64(i * 24 + 16));
  }
  return addends;
}
