import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isLetter, isNumber } from './digits.ts';

const dot = 0x2e;
const hyphen = 0x2d;

/**
 * The order of Ruby gem versions (Gem::Version): runs of digits and runs of letters, whatever stands between them. Letters
 * mark a prerelease and are older than any number, a hyphen stands for `.pre.`, and zeros that end the numbers or the
 * version mean nothing (`1.0.0.a` equals `1.a`).
 */
export const order: VersionOrder = {
  id: 'gem',
  valid(version) {
    const text = version.trim();
    const cut = text.indexOf('-');
    if (cut < 0) return isDotted(text, false);
    return isDotted(text.slice(0, cut), false) && isDotted(text.slice(cut + 1), true);
  },
  compare(a, b) {
    if (a === b) return 0;
    const left = segmentsOf(a);
    const right = segmentsOf(b);
    const length = Math.max(left.length, right.length);
    for (let at = 0; at < length; at++) {
      const difference = compareSegments(left[at] ?? '0', right[at] ?? '0');
      if (difference !== 0) return difference;
    }
    return 0;
  },
};

function compareSegments(a: string, b: string): number {
  const left = isDigit(a.charCodeAt(0));
  if (left !== isDigit(b.charCodeAt(0))) return left ? 1 : -1;
  return left ? compareDigits(a, b) : compareText(a, b);
}

/** The canonical segments: zeros right before the first letters, and at the end, are left out. */
function segmentsOf(version: string): string[] {
  const segments: string[] = [];
  let release = true;
  const addLetters = (letters: string): void => {
    if (release) dropZeros(segments);
    release = false;
    segments.push(letters);
  };
  for (let at = 0; at < version.length; ) {
    const code = version.charCodeAt(at);
    let end = at + 1;
    if (isDigit(code)) {
      end = digitsEnd(version, end);
      segments.push(version.slice(at, end));
    } else if (isLetter(code)) {
      while (isLetter(version.charCodeAt(end))) end++;
      addLetters(version.slice(at, end));
    } else if (code === hyphen) {
      addLetters('pre');
    }
    at = end;
  }
  dropZeros(segments);
  return segments;
}

function dropZeros(segments: string[]): void {
  for (let last = segments.at(-1); last !== undefined && isZero(last); last = segments.at(-1)) segments.pop();
}

function isZero(segment: string): boolean {
  return isDigit(segment.charCodeAt(0)) && compareDigits(segment, '0') === 0;
}

/** Letters and digits with dots between them; before the hyphen the first part is a number, behind it hyphens may stand too. */
function isDotted(text: string, behindHyphen: boolean): boolean {
  if (!behindHyphen) {
    const end = text.indexOf('.');
    if (!isNumber(end < 0 ? text : text.slice(0, end))) return false;
  }
  let empty = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === dot && !empty) empty = true;
    else if (isDigit(code) || isLetter(code) || (behindHyphen && code === hyphen)) empty = false;
    else return false;
  }
  return !empty;
}
