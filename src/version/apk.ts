import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit } from './digits.ts';

/**
 * What can stand next in a version, oldest first. A suffix that announces a release is older than nothing at all
 * (`1.0_rc1` < `1.0`), one that follows a release is newer; `junk` is where the grammar ends before the text does.
 */
const rank = {
  junk: 4,
  end: 5,
  revision: 6,
  hash: 7,
  suffixNumber: 8,
  letter: 14,
  digits: 15,
  firstDigits: 16,
} as const;

/** Suffixes by their rank; 4 to 8 are taken by what is neither before nor after a release. */
const suffixes = new Map<string, number>([
  ['alpha', 0],
  ['beta', 1],
  ['pre', 2],
  ['rc', 3],
  ['cvs', 9],
  ['svn', 10],
  ['git', 11],
  ['hg', 12],
  ['p', 13],
]);

interface Token {
  readonly rank: number;
  readonly text: string;
  /** Where the next token starts. */
  readonly end: number;
}

/**
 * The order of Alpine package versions, as in apk-tools 3: `digits{.digits}{letter}{_suffix{n}}{~hash}{-rN}`.
 * Digits may follow the letter too (`6.6.2p1`), which Alpine has shipped and apk-tools 2 accepts.
 */
export const order: VersionOrder = {
  id: 'apk',
  valid(version) {
    let token = firstToken(version);
    while (token.rank !== rank.end && token.rank !== rank.junk) token = nextToken(version, token);
    return token.rank === rank.end;
  },
  compare(a, b) {
    let left = firstToken(a);
    let right = firstToken(b);
    for (;;) {
      if (left.rank !== right.rank) return left.rank - right.rank;
      const difference = compareTokens(left, right);
      if (difference !== 0 || left.rank === rank.end || left.rank === rank.junk) return difference;
      left = nextToken(a, left);
      right = nextToken(b, right);
    }
  },
};

function compareTokens(a: Token, b: Token): number {
  switch (a.rank) {
    case rank.digits:
      // A leading zero makes it a fraction: 1.01 is older than 1.1, so zeros count as text.
      return a.text.startsWith('0') || b.text.startsWith('0')
        ? compareText(a.text, b.text)
        : compareDigits(a.text, b.text);
    case rank.firstDigits:
    case rank.suffixNumber:
    case rank.revision:
      return compareDigits(a.text, b.text);
    default:
      return compareText(a.text, b.text);
  }
}

function firstToken(version: string): Token {
  return digits(version, 0, rank.firstDigits, 0);
}

function nextToken(version: string, previous: Token): Token {
  const at = previous.end;
  if (at >= version.length) return { rank: rank.end, text: '', end: at };
  const code = version.charCodeAt(at);
  const before = previous.rank;
  const numeric = before === rank.digits || before === rank.firstDigits;
  if (code === 0x2e && numeric) return digits(version, at + 1, rank.digits, at);
  if (isDigit(code)) return digitsAfter(version, at, before);
  if (code >= 97 && code <= 122 && numeric) return { rank: rank.letter, text: version.charAt(at), end: at + 1 };
  if (code === 0x5f && before !== rank.hash && before !== rank.revision) return suffix(version, at);
  if (code === 0x7e && before !== rank.hash && before !== rank.revision) return hash(version, at);
  if (code === 0x2d && before !== rank.revision && version.charAt(at + 1) === 'r') {
    return digits(version, at + 2, rank.revision, at);
  }
  return junk(version, at);
}

function digitsAfter(version: string, at: number, before: number): Token {
  if (before === rank.letter) return digits(version, at, rank.digits, at);
  const isSuffix = before < rank.junk || (before > rank.suffixNumber && before < rank.letter);
  return isSuffix ? digits(version, at, rank.suffixNumber, at) : junk(version, at);
}

function digits(version: string, from: number, kind: number, start: number): Token {
  const end = digitsEnd(version, from);
  return end === from ? junk(version, start) : { rank: kind, text: version.slice(from, end), end };
}

function suffix(version: string, at: number): Token {
  let end = at + 1;
  while (version.charCodeAt(end) >= 97 && version.charCodeAt(end) <= 122) end++;
  const found = suffixes.get(version.slice(at + 1, end));
  return found === undefined ? junk(version, at) : { rank: found, text: '', end };
}

function hash(version: string, at: number): Token {
  let end = at + 1;
  while (isHex(version.charCodeAt(end))) end++;
  return end === at + 1 ? junk(version, at) : { rank: rank.hash, text: version.slice(at + 1, end), end };
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102);
}

/** What the grammar has no place for: the rest of the text, compared as text so that the order stays total. */
function junk(version: string, at: number): Token {
  return { rank: rank.junk, text: version.slice(at), end: version.length };
}
