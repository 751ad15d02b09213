import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isLetter } from './digits.ts';

/** `[epoch:]pkgver[-pkgrel]`. */
interface Evr {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | undefined;
}

/** What can stand next behind the same separators, oldest first: `1.0rc` < `1.0` < `1.0.1`. */
const rank = { letters: 0, end: 1, digits: 2 } as const;

/**
 * The order of pacman's versions (vercmp(8), libalpm's rpmvercmp). It differs from rpm's in its separators: `~` and `^`
 * are ones like any other, and how many there are counts. A release that only one of the two has is not compared, so
 * that `1.0` equals both `1.0-1` and `1.0-2`, and only there equality is not transitive. Of separators at the very end,
 * about which pacman itself goes in a circle (`1.` < `1.1` < `1..a` < `1.`), only those of equal number compare as there.
 */
export const order: VersionOrder = {
  id: 'alpm',
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
    const iStart = i;
    const jStart = j;
    i = separatorsEnd(a, i);
    j = separatorsEnd(b, j);
    const separators = i - iStart;
    const others = j - jStart;
    if (separators !== others) return compareSeparators(a, i, separators, b, j, others);
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

/** More separators are newer, but letters that follow at once are an earlier stage: `1.0rc` < `1.0` < `1.0.rc`. */
function compareSeparators(a: string, i: number, separators: number, b: string, j: number, others: number): number {
  if (separators === 0 && rankAt(a, i) === rank.letters) return -1;
  if (others === 0 && rankAt(b, j) === rank.letters) return 1;
  return separators - others;
}

function separatorsEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDigit(text.charCodeAt(at)) && !isLetter(text.charCodeAt(at))) at++;
  return at;
}

function rankAt(text: string, at: number): number {
  if (at >= text.length) return rank.end;
  return isDigit(text.charCodeAt(at)) ? rank.digits : rank.letters;
}

function segmentEnd(text: string, from: number, kind: number): number {
  if (kind === rank.digits) return digitsEnd(text, from);
  let at = from;
  while (at < text.length && isLetter(text.charCodeAt(at))) at++;
  return at;
}

/** What makepkg accepts: printable, without blank, slash, colon or hyphen; and something that can be compared. */
function isPart(text: string): boolean {
  let solid = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f || code === 0x2f || code === 0x3a || code === 0x2d) return false;
    if (isDigit(code) || isLetter(code)) solid = true;
  }
  return solid;
}
