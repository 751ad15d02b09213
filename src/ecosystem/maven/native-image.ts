import { gunzipSync } from 'node:zlib';
import { isElf, planElf, readElf, readPartialElf } from '../../format/elf.ts';
import { elfSymbols } from '../../format/elf-symbols.ts';
import { bytesAt, findSection } from '../../format/executable.ts';
import { mayBeProgram } from '../../format/executable-claims.ts';
import type { Executable } from '../../format/executable-view.ts';
import { readInImage } from '../../format/sbom/in-image.ts';
import { warning } from '../../model/problem.ts';
import { SluiceError } from '../../util/error.ts';
import type { EntryHead, Parsed, PartialReader } from '../contract.ts';

/** Programs of fewer bytes are no native images: these carry a Java heap, a collector and the classes of the runtime. */
const leastSize = 1024 * 1024;
/** The section of the Java heap, which every native image has from the beginning on and no other program. */
const heapSection = '.svm_heap';
/** What GraalVM exports where it embeds a bill of materials ("Software Bill of Materials in Native Image"). */
const placeSymbol = 'sbom';
const lengthSymbol = 'sbom_length';
/** Most bytes of the bill of materials, packed and unpacked; one that lists every class has a fifth. */
const maxPacked = 16 * 1024 * 1024;
const maxUnpacked = 64 * 1024 * 1024;

const unlisted = 'a native image of GraalVM without a bill of materials: the Java libraries in it are not known';
const nothing: Parsed = { packages: [], problems: [] };

/** Whether a file may be a program that GraalVM's native-image compiled. Runs for every path: no allocation. */
export function mayBeNativeImage(path: string, { size, mode }: EntryHead): boolean {
  return size >= leastSize && mayBeProgram(path, mode);
}

/**
 * How large files are read. A program's sections tell whether it is a native image, and these alone are read whole;
 * archives are. `reads` tells by the path whether a file is a program: its first bytes may be those of anything.
 */
export function partialReaderOf(isProgram: (path: string) => boolean): PartialReader {
  return {
    from: leastSize,
    markLength: 1,
    findMark: () => -1,
    plan: (first, size) => (isElf(first) ? planElf(first, size) : beginsLikeArchive(first) ? undefined : []),
    parse(file) {
      if (!isProgram(file.path)) return undefined;
      if (!isElf(file.bytes)) return nothing;
      const program = readPartialElf(file);
      return program === undefined || isNativeImage(program) ? undefined : nothing;
    },
  };
}

/** A zip, or a script that may stand before one. */
function beginsLikeArchive(first: Buffer): boolean {
  return (first[0] === 0x50 && first[1] === 0x4b) || (first[0] === 0x23 && first[1] === 0x21);
}

function isNativeImage(program: Executable): boolean {
  return findSection(program, heapSection) !== undefined;
}

/** The packages that a native image says it was compiled from; empty for all other programs. Never throws. */
export function readNativeImage(path: string, bytes: Buffer): Parsed {
  const program = readElf(bytes);
  if (program === undefined || !isNativeImage(program)) return nothing;
  try {
    const packed = embeddedIn(program);
    if (packed === undefined) return { packages: [], problems: [warning('maven/unlisted', unlisted, path)] };
    const { byType, problems } = readInImage(unpacked(packed), 'installed', path);
    const others = [...byType].filter(([id]) => id !== 'maven').map(([id, packages]) => ({ ecosystem: id, packages }));
    return { packages: byType.get('maven') ?? [], problems, ...(others.length > 0 ? { others } : {}) };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    const message = `the bill of materials in the native image can not be read: ${thrown.message}`;
    return { packages: [], problems: [warning('maven/unreadable', message, path)] };
  }
}

/** The packed bill of materials; undefined when there is none, as GraalVM's Community Edition writes none. */
function embeddedIn(program: Executable): Buffer | undefined {
  const symbols = elfSymbols(program, [placeSymbol, lengthSymbol]);
  const place = symbols.get(placeSymbol);
  const lengthPlace = symbols.get(lengthSymbol);
  if (place === undefined || lengthPlace === undefined) return undefined;
  const length = bytesAt(program, lengthPlace, 8);
  if (length === undefined) throw damaged('its length lies outside of the file');
  const size = Number(program.littleEndian ? length.readBigUInt64LE() : length.readBigUInt64BE());
  if (size > maxPacked) throw damaged(`it is said to have more than ${maxPacked} bytes`);
  const packed = bytesAt(program, place, size);
  if (packed === undefined) throw damaged('it lies outside of the file');
  return packed;
}

function unpacked(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: maxUnpacked });
  } catch (thrown) {
    const large = (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw damaged(large ? `it has more than ${maxUnpacked} bytes` : 'it is not gzip, or damaged');
  }
}

function damaged(why: string): SluiceError {
  return new SluiceError('maven/unreadable', why);
}
