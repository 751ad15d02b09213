import type { RandomAccess } from '../random-access.ts';
import { type Damage, u32be } from './pages.ts';

/** What sluice takes from one package's header. */
export interface RpmHeader {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** Absent when the header has none, which compares as 0. */
  readonly epoch?: number;
  readonly arch?: string;
  readonly vendor?: string;
  readonly license?: string;
  /** File name of the source package: `bash-4.4.20-4.el8_6.src.rpm`. */
  readonly sourceRpm?: string;
  /** Modularity label: `name:stream:version:context`. */
  readonly module?: string;
  /** What it requires, as it says: names of packages, of libraries, of files, of features; not sorted. */
  readonly requires?: readonly string[];
}

const tagName = 1000;
const tagVersion = 1001;
const tagRelease = 1002;
const tagEpoch = 1003;
const tagVendor = 1011;
const tagLicense = 1014;
const tagArch = 1022;
const tagSourceRpm = 1044;
const tagRequireName = 1049;
const tagModularityLabel = 5096;

const typeInt32 = 4;
const typeString = 6;
const typeStringArray = 8;
const typeI18nString = 9;

/** Index entries in one header at most (rpm's `HEADER_TAGS_MAX`). */
const maxEntries = 0xffff;
/** The longest string that is taken from a header, in bytes. */
const maxString = 65_536;
const shortString = 128;
/** The longest list of requirements that is taken, in bytes; of a longer one none are. */
const maxRequires = 256 * 1024;
/** `il` and `dl`: the number of index entries and the size of the data that follows them. */
const introSize = 8;
const entrySize = 16;

/**
 * Reads a header as the package database keeps it: without the magic of a package file, numbers big-endian
 * (rpm, docs/manual/format_header.md). Undefined, with the damage noted, when name, version or release can't be read.
 */
export function readHeader(blob: RandomAccess, damage: Damage): RpmHeader | undefined {
  const values = collectTags(blob, damage);
  if (values === undefined) return undefined;
  const name = text(values, tagName);
  const version = text(values, tagVersion);
  const release = text(values, tagRelease);
  if (!isToken(name) || !isToken(version) || !isToken(release)) {
    damage('rpm/header-incomplete', 'the header of a package has no readable name, version or release');
    return undefined;
  }
  const epoch = values.get(tagEpoch);
  const arch = text(values, tagArch);
  const vendor = text(values, tagVendor);
  const license = text(values, tagLicense);
  const sourceRpm = text(values, tagSourceRpm);
  const module = text(values, tagModularityLabel);
  const requires = values.get(tagRequireName);
  return {
    name,
    version,
    release,
    ...(typeof epoch === 'number' && { epoch }),
    ...(arch && { arch }),
    ...(vendor && { vendor }),
    ...(license && { license }),
    ...(sourceRpm && { sourceRpm }),
    ...(module && { module }),
    ...(Array.isArray(requires) && { requires }),
  };
}

type Value = string | number | readonly string[];
type Values = ReadonlyMap<number, Value>;

/** The index of a header, and where in the header its data lies. */
interface HeaderIndex {
  /** Entries of 16 bytes: tag, type, offset in the data, count. */
  readonly index: Buffer;
  /** Where the data starts. */
  readonly data: number;
  /** Size of the data as the header says it. */
  readonly dataSize: number;
  /** Where the data ends, in truth. */
  readonly end: number;
}

/** One entry of the index. */
export interface IndexEntry {
  readonly tag: number;
  readonly type: number;
  /** Where in the header the value starts. */
  readonly at: number;
  /** Where the header's data ends. */
  readonly end: number;
  /** Values in it. */
  readonly count: number;
  /** Bytes up to the value of the next entry, which most often is all of this one; 0 when that stands further in front. */
  readonly likely: number;
}

function openHeader(blob: RandomAccess, damage: Damage): HeaderIndex | undefined {
  const intro = blob.size >= introSize ? blob.read(0, introSize) : undefined;
  const entries = intro?.readUInt32BE(0) ?? 0;
  const data = introSize + entries * entrySize;
  if (intro === undefined || entries === 0 || entries > maxEntries || data > blob.size) {
    damage('rpm/header-truncated', 'the header of a package ends before its index does');
    return undefined;
  }
  const dataSize = intro.readUInt32BE(4);
  if (data + dataSize > blob.size) {
    damage('rpm/header-truncated', 'the header of a package is shorter than it says');
  } else if (data + dataSize < blob.size) {
    damage('rpm/header-damaged', 'the header of a package is longer than it says');
  }
  const end = Math.min(data + dataSize, blob.size);
  return { index: blob.read(introSize, entries * entrySize), data, dataSize, end };
}

/**
 * The wanted entries of a header's index, each tag once; undefined, with the damage noted, when there is no index. Later
 * entries win: rpm lets those behind the signed region replace those inside of it. No entry is read twice, or else a
 * header of one large text and thousands of entries for it would keep the reader busy.
 */
export function readEntries(
  blob: RandomAccess,
  isWanted: (tag: number) => boolean,
  damage: Damage,
): Iterable<IndexEntry> | undefined {
  const opened = openHeader(blob, damage);
  if (opened === undefined) return undefined;
  const { index, data, dataSize, end } = opened;
  const found = new Map<number, IndexEntry>();
  for (let at = 0; at < index.length; at += entrySize) {
    const type = u32be(index, at + 4);
    const offset = u32be(index, at + 8);
    const count = u32be(index, at + 12);
    if (type > typeI18nString || offset > dataSize || count === 0 || count > dataSize) {
      damage('rpm/header-damaged', 'an entry of a package header points outside of the header');
      continue;
    }
    const tag = u32be(index, at);
    if (!isWanted(tag)) continue;
    const next = at + entrySize < index.length ? u32be(index, at + entrySize + 8) : dataSize;
    const likely = Math.max(0, Math.min(next, end - data) - offset);
    found.set(tag, { tag, type, at: data + offset, end, count, likely });
  }
  return found.values();
}

/** The values of the wanted tags. */
function collectTags(blob: RandomAccess, damage: Damage): Values | undefined {
  const entries = readEntries(blob, isWanted, damage);
  if (entries === undefined) return undefined;
  const values = new Map<number, Value>();
  for (const entry of entries) {
    const { tag, type, at, end } = entry;
    if (tag === tagRequireName) {
      // What is required says nothing of what the package is.
      const names = readTexts(blob, entry, maxRequires);
      if (names !== undefined) values.set(tag, names);
      continue;
    }
    const value = tag === tagEpoch ? readInt(blob, type, at, end) : readText(blob, type, at, end);
    if (value === undefined) damage('rpm/header-damaged', `tag ${tag} of a package header can't be read`);
    else values.set(tag, value);
  }
  return values;
}

function isWanted(tag: number): boolean {
  switch (tag) {
    case tagName:
    case tagVersion:
    case tagRelease:
    case tagEpoch:
    case tagVendor:
    case tagLicense:
    case tagArch:
    case tagSourceRpm:
    case tagRequireName:
    case tagModularityLabel:
      return true;
    default:
      return false;
  }
}

function readInt(blob: RandomAccess, type: number, at: number, end: number): number | undefined {
  return type === typeInt32 && at + 4 <= end ? blob.read(at, 4).readUInt32BE(0) : undefined;
}

/** The string at `at`, up to its NUL; of an array, the first. */
function readText(blob: RandomAccess, type: number, at: number, end: number): string | undefined {
  if (at >= end || (type !== typeString && type !== typeStringArray && type !== typeI18nString)) return undefined;
  // Nearly all strings are short; the second look is for the few that are not.
  for (const most of [shortString, maxString]) {
    const bytes = blob.read(at, Math.min(most, end - at));
    const stop = bytes.indexOf(0);
    if (stop >= 0) return bytes.toString('utf8', 0, stop);
  }
  return undefined;
}

/** All texts of a list; undefined when it is none, is not whole, or is longer than `most` bytes. */
export function readTexts(
  blob: RandomAccess,
  entry: IndexEntry,
  most: number,
  encoding: 'utf8' | 'latin1' = 'utf8',
): readonly string[] | undefined {
  const { type, at, end, count, likely } = entry;
  if (type !== typeStringArray || at >= end) return undefined;
  const size = Math.min(most, end - at);
  for (const length of likely > 0 && likely < size ? [likely, size] : [size]) {
    const texts = blob
      .read(at, length)
      .toString(encoding)
      .split('\0', count + 1);
    // Behind the last NUL stands what is not of this list.
    if (texts.length > count) return texts.slice(0, count);
  }
  return undefined;
}

function text(values: Values, tag: number): string | undefined {
  const value = values.get(tag);
  return typeof value === 'string' ? value : undefined;
}

/** Whether a name or version is there and has no space or control character, with which it could forge report lines. */
export function isToken(value: string | undefined): value is string {
  if (value === undefined || value === '') return false;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c <= 32 || c === 127) return false;
  }
  return true;
}
