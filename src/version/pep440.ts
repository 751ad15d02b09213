import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isLetter, isNumber } from './digits.ts';

/** A version of Python packages, read; numbers stay digits, what is absent is undefined. */
interface PythonVersion {
  readonly epoch: string;
  /** Without trailing zeros: `1.0` equals `1`. */
  readonly release: readonly string[];
  readonly pre: { readonly rank: number; readonly number: string } | undefined;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: readonly string[] | undefined;
}

/** Spellings of a prerelease with the rank of what they mean; a spelling that starts another comes after it. */
const preWords: readonly (readonly [string, number])[] = [
  ['alpha', 0],
  ['a', 0],
  ['beta', 1],
  ['b', 1],
  ['preview', 2],
  ['pre', 2],
  ['rc', 2],
  ['c', 2],
];
const postWords: readonly (readonly [string, number])[] = [
  ['post', 0],
  ['rev', 0],
  ['r', 0],
];
const devWords: readonly (readonly [string, number])[] = [['dev', 0]];

/** A prerelease's rank where there is none: a bare `.dev` comes before all prereleases, a release after them. */
const beforePre = -1;
const afterPre = 3;

/** The order of Python package versions (PEP 440). What is none is older than all that are, and ordered as text. */
export const order: VersionOrder = {
  id: 'pep440',
  valid(version) {
    return read(version) !== undefined;
  },
  compare(a, b) {
    const left = read(a);
    const right = read(b);
    if (left === undefined || right === undefined) {
      if (left !== undefined) return 1;
      return right === undefined ? compareText(a, b) : -1;
    }
    return compareParsed(left, right);
  },
};

/** How many versions are remembered once they are read: one is held against many, and they are sorted by hundreds. */
const rememberedVersions = 2048;
/** Longer texts are read each time: what is remembered stays small. */
const maxRememberedLength = 64;
const remembered = new Map<string, PythonVersion>();

function read(version: string): PythonVersion | undefined {
  if (version.length > maxRememberedLength) return parse(version);
  const known = remembered.get(version);
  if (known !== undefined) return known;
  const parsed = parse(version);
  // What is no version is rare, and read again.
  if (parsed === undefined) return undefined;
  if (remembered.size >= rememberedVersions) remembered.clear();
  remembered.set(version, parsed);
  return parsed;
}

function compareParsed(a: PythonVersion, b: PythonVersion): number {
  return (
    compareDigits(a.epoch, b.epoch) ||
    compareReleases(a.release, b.release) ||
    preRank(a) - preRank(b) ||
    compareDigits(a.pre?.number ?? '', b.pre?.number ?? '') ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareLocals(a.local, b.local)
  );
}

function preRank(version: PythonVersion): number {
  if (version.pre !== undefined) return version.pre.rank;
  return version.post === undefined && version.dev !== undefined ? beforePre : afterPre;
}

function compareReleases(a: readonly string[], b: readonly string[]): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = compareDigits(a[at] ?? '0', b[at] ?? '0');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `absent` is the sign of a version without the part against one that has it. */
function compareOptional(a: string | undefined, b: string | undefined, absent: number): number {
  if (a === undefined || b === undefined) {
    if (a === b) return 0;
    return a === undefined ? absent : -absent;
  }
  return compareDigits(a, b);
}

/** Numbers are newer than words, and more segments than fewer. */
function compareLocals(a: readonly string[] | undefined, b: readonly string[] | undefined): number {
  const left = a ?? [];
  const right = b ?? [];
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const one = left[at] ?? '';
    const other = right[at] ?? '';
    const numbers = Number(isNumber(one)) - Number(isNumber(other));
    const difference = numbers || (isNumber(one) ? compareDigits(one, other) : compareText(one, other));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Reads all spellings that PEP 440 normalizes (`v1.0-ALPHA.1`); undefined for anything else. */
function parse(version: string): PythonVersion | undefined {
  const text = version.trim().toLowerCase();
  let at = text.startsWith('v') ? 1 : 0;
  const first = digitsEnd(text, at);
  const hasEpoch = first > at && text.charAt(first) === '!';
  const epoch = hasEpoch ? text.slice(at, first) : '0';
  if (hasEpoch) at = first + 1;
  const release = readRelease(text, at);
  if (release === undefined) return undefined;
  const pre = readWord(text, release.end, preWords);
  const post = readPost(text, pre?.end ?? release.end);
  const dev = readWord(text, post?.end ?? pre?.end ?? release.end, devWords);
  const end = dev?.end ?? post?.end ?? pre?.end ?? release.end;
  const local = text.charAt(end) === '+' ? readLocal(text.slice(end + 1)) : undefined;
  if (local === undefined && end !== text.length) return undefined;
  return { epoch, release: release.numbers, pre, post: post?.number, dev: dev?.number, local };
}

function readRelease(text: string, from: number): { numbers: string[]; end: number } | undefined {
  const numbers: string[] = [];
  let end = digitsEnd(text, from);
  if (end === from) return undefined;
  numbers.push(text.slice(from, end));
  while (text.charAt(end) === '.' && isDigit(text.charCodeAt(end + 1))) {
    const next = digitsEnd(text, end + 1);
    numbers.push(text.slice(end + 1, next));
    end = next;
  }
  while (numbers.length > 1 && compareDigits(numbers.at(-1) ?? '', '0') === 0) numbers.pop();
  return { numbers, end };
}

/** `[-_.]? word [-_.]? digits?`; a word without digits has the number 0. */
function readWord(
  text: string,
  from: number,
  words: readonly (readonly [string, number])[],
): { rank: number; number: string; end: number } | undefined {
  const start = skipSeparator(text, from);
  for (const [word, rank] of words) {
    if (!text.startsWith(word, start)) continue;
    const digits = skipSeparator(text, start + word.length);
    const end = digitsEnd(text, digits);
    return { rank, number: text.slice(digits, end) || '0', end };
  }
  return undefined;
}

/** A post-release may be a bare `-1` as well. */
function readPost(text: string, from: number): { number: string; end: number } | undefined {
  if (text.charAt(from) === '-' && isDigit(text.charCodeAt(from + 1))) {
    const end = digitsEnd(text, from + 1);
    return { number: text.slice(from + 1, end), end };
  }
  return readWord(text, from, postWords);
}

function skipSeparator(text: string, at: number): number {
  return at < text.length && '-_.'.includes(text.charAt(at)) ? at + 1 : at;
}

function readLocal(text: string): string[] | undefined {
  const segments: string[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = text.charCodeAt(at);
    if (at < text.length && (isDigit(code) || isLetter(code))) continue;
    if (at === start || (at < text.length && !'-_.'.includes(text.charAt(at)))) return undefined;
    segments.push(text.slice(start, at));
    start = at + 1;
  }
  return segments;
}
