import { findSection } from './executable.ts';
import type { Executable, Region } from './executable-view.ts';
import { readPointerStrings } from './go-buildinfo-pointers.ts';
import { type GoModuleInfo, parseModuleInfo } from './go-modinfo.ts';
import type { KeptParts } from './kept-parts.ts';

/** What the Go linker wrote into a program about how it was made (Go's `debug/buildinfo`). */
export interface GoBuildInfo extends GoModuleInfo {
  /** As the toolchain writes it: `go1.22.1`, `go1.20.12 X:strictfipsruntime`, `devel go1.27-2b7c33d Mon …`. */
  readonly goVersion: string;
  /** Whether the program says anything of its modules: those of some build systems (`GO111MODULE=off`) do not. */
  readonly hasModules: boolean;
}

/** The outcome of looking for build information; `damaged` when its mark is there and what follows can't be read. */
export type GoBuildInfoSearch =
  | { readonly kind: 'found'; readonly info: GoBuildInfo }
  | { readonly kind: 'damaged' | 'absent' };

/** The two strings of the blob; the module information is still in its frame. */
interface RawStrings {
  readonly version: Buffer;
  readonly modules: Buffer;
}

/** The mark without its first byte, 0xff: that one is so frequent that looking for it makes the search five times slower. */
const mark = Buffer.from(' Go buildinf:', 'latin1');
/** Its end is looked for: Node finds up to seven bytes twice as fast as more, and most of a scan's bytes are programs'. */
const markEnd = mark.subarray(-5);
/** Ends without a mark before them, in one search, after which the whole mark is looked for: they are made to cost time. */
const maxStrayEnds = 10_000;
/** Bytes of the mark that {@link indexOfMark} finds. */
export const markLength = mark.length;
const alignment = 16;
const headerSize = 32;
const inlineStrings = 2;
/** More marks than this in one region are an attack on the scanner's time; a real program has one or two. */
const maxMarks = 1_000;
/** More writable segments than this are not searched one by one. */
const maxSegments = 8;
/** The longest Go version that is believed, in bytes. */
const maxVersionLength = 256;
/** The longest module information that is read, in bytes; the largest real ones have about 100 kB. */
const maxModulesLength = 16 * 1024 * 1024;
/** Length of the sentinel before and behind the module information. */
const frame = 16;

/**
 * Looks for Go build information: in its own section, else in the writable data segments, where the linker puts it
 * first, else in the whole file. Programs that read build information carry the mark as a constant too, so a mark
 * counts only when what follows can be decoded. Never throws.
 */
export function findGoBuildInfo(program: Executable): GoBuildInfoSearch {
  return searchSpans([...dataSpans(program), { offset: 0, length: program.bytes.length }], () => program);
}

/**
 * As {@link findGoBuildInfo}, of a program of which parts were kept: undefined unless the information stands in its own
 * section or a data segment, and whole in that part.
 */
export function findKeptGoBuildInfo(program: Executable, { parts }: KeptParts): GoBuildInfo | undefined {
  const search = searchSpans(dataSpans(program), ({ offset }) => {
    const part = parts.find(({ at, length }) => at <= offset && offset < at + length);
    // What lies behind the part is another place of the file.
    return { ...program, bytes: program.bytes.subarray(0, part ? part.at + part.length : 0) };
  });
  return search.kind === 'found' ? search.info : undefined;
}

/** Whether a mark at this place of a file may be one of build information, which is aligned. */
export function mayBeginBuildInfo(offset: number): boolean {
  return offset > 0 && (offset - 1) % alignment === 0;
}

function searchSpans(spans: readonly Span[], programOf: (span: Span) => Executable): GoBuildInfoSearch {
  let damaged = false;
  for (const span of spans) {
    const search = searchRegion(programOf(span), span);
    if (search.kind === 'found') return search;
    damaged ||= search.kind === 'damaged';
  }
  return { kind: damaged ? 'damaged' : 'absent' };
}

type Span = Pick<Region, 'offset' | 'length'>;

function dataSpans(program: Executable): Span[] {
  const spans: Span[] = [];
  const own = findSection(program, '.go.buildinfo') ?? findSection(program, '__go_buildinfo');
  if (own !== undefined) spans.push(own);
  // Segments do not overlap; where they do, the same bytes would be searched again and again.
  let left = program.bytes.length;
  for (const segment of program.segments) {
    if (spans.length > maxSegments) break;
    if (!segment.writable || segment.executable || segment.length > left) continue;
    left -= segment.length;
    spans.push(segment);
  }
  return spans;
}

function searchRegion(program: Executable, span: Span): GoBuildInfoSearch {
  const { bytes } = program;
  const end = span.offset + span.length;
  // Searched as a view, so that the search ends with the region.
  const view = bytes.subarray(span.offset, end);
  let damaged = false;
  let from = 0;
  for (let i = 0; i < maxMarks; i++) {
    const hit = indexOfMark(view, from);
    if (hit < 0) break;
    from = hit + mark.length;
    const start = span.offset + hit - 1;
    if (start < 0 || start % alignment !== 0 || bytes[start] !== 0xff) continue;
    const info = decode(program, start);
    if (info !== undefined) return { kind: 'found', info };
    damaged = true;
  }
  return { kind: damaged ? 'damaged' : 'absent' };
}

/** Where the next mark of build information stands in the bytes, from a place on; -1 when there is none. Its first byte, 0xff, is the one before. */
export function indexOfMark(view: Buffer, from: number): number {
  const before = mark.length - markEnd.length;
  let end = from + before;
  for (let i = 0; i < maxStrayEnds; i++) {
    end = view.indexOf(markEnd, end);
    if (end < 0) return -1;
    if (mark.compare(view, end - before, end + markEnd.length) === 0) return end - before;
    end++;
  }
  return view.indexOf(mark, end - before);
}

function decode(program: Executable, start: number): GoBuildInfo | undefined {
  const { bytes } = program;
  if (start + headerSize > bytes.length) return undefined;
  const pointerSize = bytes[start + 14] ?? 0;
  const flags = bytes[start + 15] ?? 0;
  const raw =
    (flags & inlineStrings) !== 0
      ? readInlineStrings(bytes, start + headerSize)
      : readPointerStrings(program, start, pointerSize, (flags & 1) === 0, maxModulesLength);
  if (raw === undefined || !isVersion(raw.version)) return undefined;
  const text = unframed(raw.modules);
  return { goVersion: raw.version.toString('latin1'), hasModules: text !== '', ...parseModuleInfo(text) };
}

/** Go 1.18 and later: two strings behind the header, each with its length before it. */
function readInlineStrings(bytes: Buffer, at: number): RawStrings | undefined {
  const version = readInlineString(bytes, at, maxVersionLength);
  if (version === undefined) return undefined;
  const modules = readInlineString(bytes, version.end, maxModulesLength);
  return modules === undefined ? undefined : { version: version.value, modules: modules.value };
}

/** A string with its length before it as an unsigned LEB128 number (Go's `binary.Uvarint`). */
function readInlineString(bytes: Buffer, at: number, limit: number): { value: Buffer; end: number } | undefined {
  let length = 0;
  // Four bytes hold any length below the limits; longer numbers are damage.
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte >= 0x80) continue;
    const start = at + i + 1;
    const end = start + length;
    return length <= limit && end <= bytes.length ? { value: bytes.subarray(start, end), end } : undefined;
  }
  return undefined;
}

function isVersion(version: Buffer): boolean {
  if (version.length === 0 || version.length > maxVersionLength) return false;
  return version.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** Takes off the sentinels (Go's `modload.infoStart` and `infoEnd`); the text between them ends with a newline. */
function unframed(modules: Buffer): string {
  const end = modules.length - frame;
  return end > frame && modules[end - 1] === 0x0a ? modules.toString('utf8', frame, end) : '';
}
