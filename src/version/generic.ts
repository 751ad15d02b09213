import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isLetter } from './digits.ts';

/** A longer text is no version. */
const longest = 256;

/**
 * The order of versions as makers of programs write them, who keep no common grammar: numbers by value, a trailing
 * letter or `p1` after what it patches (`1.0.2k` < `1.0.2l`, `9.2` < `9.2p1`), words such as `rc1` before the release
 * that they lead to. Zeros at the end count for nothing: `1.2` is `1.2.0`.
 */
export const order: VersionOrder = {
  id: 'generic',
  valid(version) {
    const text = version.startsWith('v') ? version.slice(1) : version;
    if (text.length > longest || !isDigit(text.charCodeAt(0))) return false;
    for (let at = 1; at < text.length; at++) if (!mayStandIn(text.charCodeAt(at))) return false;
    return true;
  },
  compare(a, b) {
    const left = partsOf(a);
    const right = partsOf(b);
    const shared = Math.min(left.length, right.length);
    for (let at = 0; at < shared; at++) {
      const difference = compareParts(left[at] ?? end, right[at] ?? end);
      if (difference !== 0) return difference;
    }
    return compareParts(left[shared] ?? end, right[shared] ?? end);
  },
};

/** A number, or a word in lower case. */
interface Part {
  readonly rank: number;
  readonly text: string;
}

/** Words for what comes before a release, the earliest first. */
const before = new Map([
  ['dev', -6],
  ['snapshot', -6],
  ['nightly', -6],
  ['ea', -6],
  ['alpha', -5],
  ['a', -5],
  ['beta', -4],
  ['b', -4],
  ['m', -3],
  ['pre', -2],
  ['preview', -2],
  ['rc', -1],
  ['c', -1],
]);
const endRank = 0;
const wordRank = 1;
const numberRank = 2;
const end: Part = { rank: endRank, text: '' };

function compareParts(a: Part, b: Part): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.rank === numberRank ? compareDigits(a.text, b.text) : compareText(a.text, b.text);
}

function partsOf(version: string): Part[] {
  const parts: Part[] = [];
  let at = version.startsWith('v') ? 1 : 0;
  while (at < version.length) {
    const code = version.charCodeAt(at);
    const from = at;
    if (isDigit(code)) {
      at = digitsEnd(version, at);
      parts.push({ rank: numberRank, text: version.slice(from, at) });
    } else if (isLetter(code)) {
      while (isLetter(version.charCodeAt(at))) at++;
      dropZeros(parts);
      parts.push(wordOf(version.slice(from, at).toLowerCase(), isDigit(version.charCodeAt(at))));
    } else {
      at++;
    }
  }
  dropZeros(parts);
  return parts;
}

/** A letter alone is a patch (`1.1.1a`), with a number behind it a stage (`3.13.0a1`). */
function wordOf(word: string, numbered: boolean): Part {
  const rank = word.length > 1 || numbered ? before.get(word) : undefined;
  return rank === undefined ? { rank: wordRank, text: word } : { rank, text: '' };
}

function dropZeros(parts: Part[]): void {
  for (let last = parts.at(-1); last?.rank === numberRank; last = parts.at(-1)) {
    if (compareDigits(last.text, '') !== 0) return;
    parts.pop();
  }
}

function mayStandIn(code: number): boolean {
  // . - + _ ~ :
  return isDigit(code) || isLetter(code) || [0x2e, 0x2d, 0x2b, 0x5f, 0x7e, 0x3a].includes(code);
}
