import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isLetter } from './digits.ts';

/** `[epoch:]version[-release]`. */
interface Evr {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | undefined;
}

/** What can stand next in a version, oldest first: `1~rc` < `1` < `1^git` < `1a` < `1.1`. */
const rank = { tilde: 0, end: 1, caret: 2, letters: 3, digits: 4 } as const;

const tilde = 0x7e;
const caret = 0x5e;

/**
 * The order of RPM versions (rpm-version(7), rpmvercmp). A missing epoch is 0. A release that only one of the two has
 * is not compared, as in rpm itself: `1.0` equals both `1.0-1` and `1.0-2`, and only there equality is not transitive.
 */
export const order: VersionOrder = {
  id: 'rpm',
  valid(text) {
    const { version, release } = split(text);
    return isPart(version) && (release === undefined || isPart(release));
  },
  compare(a, b) {
    const left = split(a);
    const right = split(b);
    const difference = compareDigits(left.epoch, right.epoch) || compareParts(left.version, right.version);
    if (difference !== 0 || left.release === undefined || right.release === undefined) return difference;
    return compareParts(left.release, right.release);
  },
};

function split(text: string): Evr {
  const digits = digitsEnd(text, 0);
  const hasEpoch = text.charAt(digits) === ':';
  const epoch = hasEpoch ? text.slice(0, digits) : '';
  const rest = hasEpoch ? text.slice(digits + 1) : text;
  const hyphen = rest.lastIndexOf('-');
  if (hyphen < 0) return { epoch, version: rest, release: undefined };
  return { epoch, version: rest.slice(0, hyphen), release: rest.slice(hyphen + 1) };
}

function compareParts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  for (;;) {
    i = skipSeparators(a, i);
    j = skipSeparators(b, j);
    const kind = rankAt(a, i);
    const other = rankAt(b, j);
    if (kind !== other) return kind - other;
    if (kind === rank.end) return 0;
    const iEnd = segmentEnd(a, i, kind);
    const jEnd = segmentEnd(b, j, kind);
    const compare = kind === rank.digits ? compareDigits : compareText;
    const difference = compare(a.slice(i, iEnd), b.slice(j, jEnd));
    if (difference !== 0) return difference;
    i = iEnd;
    j = jEnd;
  }
}

/** Separators only part segments; which ones and how many does not matter (`2_0` equals `2.0`). */
function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSeparator(text.charCodeAt(at))) at++;
  return at;
}

function isSeparator(code: number): boolean {
  return !(isDigit(code) || isLetter(code) || code === tilde || code === caret);
}

function rankAt(text: string, at: number): number {
  if (at >= text.length) return rank.end;
  const code = text.charCodeAt(at);
  if (code === tilde) return rank.tilde;
  if (code === caret) return rank.caret;
  return isDigit(code) ? rank.digits : rank.letters;
}

function segmentEnd(text: string, from: number, kind: number): number {
  if (kind === rank.digits) return digitsEnd(text, from);
  if (kind !== rank.letters) return from + 1;
  let at = from;
  while (at < text.length && isLetter(text.charCodeAt(at))) at++;
  return at;
}

/** Letters, digits and `. _ + ~ ^`, at least one of them a letter or a digit. */
function isPart(text: string): boolean {
  let solid = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code) || isLetter(code)) solid = true;
    else if (!'._+~^'.includes(text.charAt(at))) return false;
  }
  return solid;
}
