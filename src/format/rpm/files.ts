import type { RandomAccess } from '../random-access.ts';
import { type IndexEntry, readEntries, readTexts } from './header.ts';

const tagDigests = 1035;
const tagFlags = 1037;
const tagVerifyFlags = 1045;
const tagModes = 1030;
const tagStates = 1029;
const tagDirIndexes = 1116;
const tagBaseNames = 1117;
const tagDirNames = 1118;
const tagDigestAlgorithm = 5011;

const typeChar = 1;
const typeInt8 = 2;
const typeInt16 = 3;
const typeInt32 = 4;

/** `RPMFILE_CONFIG`, `RPMFILE_DOC` and `RPMFILE_GHOST` (rpm, rpmfiles.h). */
const flagConfig = 1 << 0;
const flagDoc = 1 << 1;
const flagGhost = 1 << 6;

/** `RPMVERIFY_FILEDIGEST`: without it (`%verify(not filedigest)`) the content is another's to change, such as a cache's. */
const verifyDigest = 1 << 0;

/** The kind of file in its mode (inode(7)). */
const kindMask = 0o170000;
const kindFolder = 0o040000;
const kindRegular = 0o100000;

/** What became of a file that is not there or is another package's: replaced, not installed, of the wrong colour. */
const statesWithout = new Set([1, 2, 4]);

/** Bytes of one list of names or digests that are read. */
const maxList = 64 * 1024 * 1024;

/** Digest algorithms by their number (OpenPGP, RFC 9580 section 9.5); MD5 where none is named. */
const algorithms = new Map([
  [1, { name: 'md5', digits: 32 }],
  [2, { name: 'sha1', digits: 40 }],
  [8, { name: 'sha256', digits: 64 }],
]);

/** One file that a package brought. */
export interface RpmFile {
  /** With a slash at the end. */
  readonly folder: string;
  readonly name: string;
  /** `md5:`, `sha1:` or `sha256:` and hex: of regular files that are no settings, no documents, and not to change. */
  readonly digest?: string;
}

/**
 * The files in a package's header that are in the image: no folders, none that are only reserved (`%ghost`), none that
 * were left out when it was installed. Nothing when the header's lists do not fit together. The digests, the longest
 * list, are only read where they are wanted.
 */
export function* readRpmFiles(blob: RandomAccess, wantsDigests: boolean): Generator<RpmFile> {
  const entries = new Map<number, IndexEntry>();
  for (const entry of readEntries(blob, isFileTag, () => {}) ?? []) entries.set(entry.tag, entry);
  const texts = (tag: number, encoding?: 'latin1') => {
    const entry = entries.get(tag);
    return entry && readTexts(blob, entry, maxList, encoding);
  };
  const numbers = (tag: number) => readNumbers(blob, entries.get(tag));
  const names = texts(tagBaseNames);
  const folders = texts(tagDirNames);
  const folderOf = numbers(tagDirIndexes);
  if (names === undefined || folders === undefined || folderOf === undefined) return;
  const digests = wantsDigests ? texts(tagDigests, 'latin1') : undefined;
  const algorithm = algorithms.get(numbers(tagDigestAlgorithm)?.[0] ?? 1);
  const flags = numbers(tagFlags);
  const verified = numbers(tagVerifyFlags);
  const modes = numbers(tagModes);
  const states = numbers(tagStates);
  for (let i = 0; i < names.length; i++) {
    const folder = folders[folderOf[i] ?? -1];
    const name = names[i];
    const flag = flags?.[i] ?? 0;
    const kind = (modes?.[i] ?? kindRegular) & kindMask;
    if (folder === undefined || name === undefined || kind === kindFolder || (flag & flagGhost) !== 0) continue;
    if (states !== undefined && statesWithout.has(states[i] ?? 0)) continue;
    const fixed = kind === kindRegular && (flag & (flagConfig | flagDoc)) === 0 && isVerified(verified, i);
    const hex = fixed && algorithm ? digests?.[i]?.toLowerCase() : undefined;
    if (algorithm && hex?.length === algorithm.digits) yield { folder, name, digest: `${algorithm.name}:${hex}` };
    else yield { folder, name };
  }
}

/** Headers without the list are of packages that have all of their files compared. */
function isVerified(verified: Uint32Array | undefined, file: number): boolean {
  return verified === undefined || ((verified[file] ?? 0) & verifyDigest) !== 0;
}

function isFileTag(tag: number): boolean {
  switch (tag) {
    case tagDigests:
    case tagFlags:
    case tagVerifyFlags:
    case tagModes:
    case tagStates:
    case tagDirIndexes:
    case tagBaseNames:
    case tagDirNames:
    case tagDigestAlgorithm:
      return true;
    default:
      return false;
  }
}

/** The numbers of an entry, of whatever width. Undefined when they are not all there. */
function readNumbers(blob: RandomAccess, entry: IndexEntry | undefined): Uint32Array | undefined {
  if (entry === undefined) return undefined;
  const { type, at, end, count } = entry;
  const width = type === typeInt32 ? 4 : type === typeInt16 ? 2 : type === typeChar || type === typeInt8 ? 1 : 0;
  if (width === 0 || at + width * count > end) return undefined;
  const bytes = blob.read(at, width * count);
  const numbers = new Uint32Array(count);
  for (let i = 0, from = 0; i < count; i++, from += width) {
    let number = 0;
    for (let digit = 0; digit < width; digit++) number = number * 256 + bytes[from + digit]!;
    numbers[i] = number;
  }
  return numbers;
}
