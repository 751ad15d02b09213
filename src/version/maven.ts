import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, isDigit } from './digits.ts';

/** One part of a version. `rank` says what it is; a part of a higher rank is newer whatever its text. */
interface Token {
  readonly rank: number;
  readonly text: string;
}

/** Qualifiers from the oldest; the empty one is the release itself. */
const qualifiers = new Map<string, number>([
  ['alpha', 0],
  ['beta', 1],
  ['milestone', 2],
  ['rc', 3],
  ['cr', 3],
  ['snapshot', 4],
  ['', 5],
  ['final', 5],
  ['ga', 5],
  ['release', 5],
  ['sp', 6],
]);
const abbreviations = new Map<string, string>([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);

const releaseRank = 5;
const unknownRank = 7;
const hyphenNumberRank = 8;
const dotNumberRank = 9;

/** The order of Maven versions (https://maven.apache.org/pom.html#version-order-specification). */
export const order: VersionOrder = {
  id: 'maven',
  /** Maven gives every text a place; a range or an unresolved property is still no version. */
  valid(version) {
    for (let at = 0; at < version.length; at++) {
      const code = version.charCodeAt(at);
      if (code <= 0x20 || code === 0x7f || '{}$[](),'.includes(version.charAt(at))) return false;
    }
    return version !== '';
  },
  compare(a, b) {
    const left = tokenize(a);
    const right = tokenize(b);
    const length = Math.max(left.length, right.length);
    for (let at = 0; at < length; at++) {
      const difference = compareTokens(left[at], right[at]);
      if (difference !== 0) return difference;
    }
    return 0;
  },
};

/** Parts at dots, hyphens and between digits and letters, where a hyphen is understood. */
function tokenize(version: string): Token[] {
  const text = version.toLowerCase();
  const tokens: Token[] = [];
  let start = 0;
  let hyphen = false;
  for (let at = 0; at <= text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '.' || sign === '-' || sign === '') {
      append(tokens, text.slice(start, at), hyphen, false);
      hyphen = sign === '-';
      start = at + 1;
    } else if (at > start && isDigit(text.charCodeAt(at)) !== isDigit(text.charCodeAt(at - 1))) {
      append(tokens, text.slice(start, at), hyphen, isDigit(text.charCodeAt(at)));
      hyphen = true;
      start = at;
    }
  }
  dropNulls(tokens);
  return tokens;
}

function append(tokens: Token[], text: string, hyphen: boolean, beforeDigit: boolean): void {
  const numeric = text === '' || isDigit(text.charCodeAt(0));
  // `1.0-x`, `1.0.x` and `1x` are the same: no zero stays before a hyphen or a qualifier. A word for the release stays
  // before a qualifier: `1.final-x` is older than `1-sp1-x` (MNG-7714), while `1-ga-1` is `1-1`.
  if (!numeric) dropZeros(tokens);
  else if (hyphen) dropNulls(tokens);
  if (numeric) {
    tokens.push({ rank: hyphen ? hyphenNumberRank : dotNumberRank, text });
    return;
  }
  const word = beforeDigit ? (abbreviations.get(text) ?? text) : text;
  tokens.push({ rank: qualifiers.get(word) ?? unknownRank, text: word });
}

function dropZeros(tokens: Token[]): void {
  for (let last = tokens.at(-1); last !== undefined; last = tokens.at(-1)) {
    if (last.rank < hyphenNumberRank || compareToNone(last) !== 0) return;
    tokens.pop();
  }
}

/** Even the first part goes: `0` is what nothing is, and `0.x` is `x`. */
function dropNulls(tokens: Token[]): void {
  for (let last = tokens.at(-1); last !== undefined; last = tokens.at(-1)) {
    if (compareToNone(last) !== 0) return;
    tokens.pop();
  }
}

function compareTokens(a: Token | undefined, b: Token | undefined): number {
  if (a === undefined || b === undefined) {
    if (a !== undefined) return compareToNone(a);
    return b === undefined ? 0 : -compareToNone(b);
  }
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.rank >= hyphenNumberRank) return compareDigits(a.text, b.text);
  return a.rank === unknownRank ? compareText(a.text, b.text) : 0;
}

/** A version that ends is compared as if zeros, or empty qualifiers, followed. */
function compareToNone(token: Token): number {
  return token.rank >= hyphenNumberRank ? compareDigits(token.text, '0') : token.rank - releaseRank;
}
