import { bundleAt, bundleMarkLength, findBundledDeps, indexOfBundleMark } from '../../format/dotnet-bundle.ts';
import { planElf } from '../../format/elf.ts';
import { looksExecutable } from '../../format/executable.ts';
import { placeOf } from '../../format/kept-parts.ts';
import { SluiceError } from '../../util/error.ts';
import type { Parsed, PartialReader, PartlyReadFile } from '../contract.ts';
import { readDepsJson } from './deps-json.ts';
import { Found } from './found.ts';

/** Bytes before a mark that say where the bundle is. */
const before = 8;
/** Largest `.deps.json` of a bundle that is read, in bytes. */
const maxDeps = 64 * 1024 * 1024;

/** How large programs are read: those without a bundle say so in their data; of the others the whole is asked for. */
export const partialReader: PartialReader = {
  from: 1024 * 1024,
  markLength: bundleMarkLength,
  findMark: indexOfBundleMark,
  plan: planElf,
  parse: parsePartly,
};

function parsePartly({ bytes, parts, marks }: PartlyReadFile): Parsed | undefined {
  for (const mark of marks) {
    const place = placeOf(parts, mark - before, before + bundleMarkLength);
    if (place < 0 || bundleAt(bytes, place + before) !== 'none') return undefined;
  }
  return { packages: [], problems: [] };
}

/**
 * What the `.deps.json` in a .NET program of a single file names; nothing for all other programs.
 * @throws SluiceError `nuget/bundle-damaged` when there is a bundle that can't be read, `json/…` when it isn't JSON.
 */
export function readBundle(bytes: Buffer, path: string): Found {
  const range = looksExecutable(bytes) ? findBundledDeps(bytes) : 'absent';
  if (range === 'absent') return new Found();
  if (range === 'damaged') {
    throw new SluiceError('nuget/bundle-damaged', 'the bundle of a single-file .NET program can not be read');
  }
  if (range.length > maxDeps) {
    throw new SluiceError('nuget/bundle-damaged', `the .deps.json of a .NET program has more than ${maxDeps} bytes`);
  }
  return readDepsJson(bytes.subarray(range.offset, range.offset + range.length), path);
}
