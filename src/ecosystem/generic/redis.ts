import type { Mark, Statement } from './mark.ts';
import { isDigit, isLetter } from './version-text.ts';

/** Most digits of one of the numbers. */
const maxDigits = 3;
/** Least and most bytes of a build's name behind the version in it: a host and a time, or a time alone. */
const leastName = 10;
const mostName = 120;

/**
 * `7.0.15`, as a string of its own, or as the beginning of the name of the build: `7.0.15buildkitsandbox-1702957741…`.
 * Redis names no version beside a fixed text; its binary lists hundreds of versions of its commands too.
 */
export const dotted: Mark = {
  find(bytes, from) {
    for (let dot = bytes.indexOf(0x2e, from); dot >= 0; dot = bytes.indexOf(0x2e, dot + 1)) {
      const start = startOf(bytes, dot);
      if (start >= from && goesOn(bytes, dot + 1)) return start;
    }
    return -1;
  },
  begins: (window) => isDigit(window[1]),
  read(window) {
    let end = 1;
    while (end < Math.min(window.length, mostName) && isNamePart(window[end])) end++;
    if (end === window.length || window[end] !== 0) return undefined;
    const text = window.toString('latin1', 1, end);
    return { name: window[0] === 0 ? 'bare' : 'other', version: text };
  },
};

/** The one of the versions in the binary that the name of its build begins with: the longest, if several do. */
export function redisVersion(name: string, statements: readonly Statement[]): Statement | undefined {
  const bare = new Set<string>();
  for (const statement of statements) if (statement.name === 'bare') bare.add(statement.version);
  for (const { version: build } of statements) {
    for (let length = build.length - leastName; length > 0; length--) {
      const next = build.charCodeAt(length);
      const version = build.slice(0, length);
      if ((isDigit(next) || isLetter(next)) && bare.has(version)) return { name, version };
    }
  }
  return undefined;
}

/** The place before the first number, whose end is the point; -1 when none begins there. */
function startOf(bytes: Buffer, dot: number): number {
  let at = dot - 1;
  while (at >= 0 && dot - at <= maxDigits && isDigit(bytes[at])) at--;
  return at >= 0 && at < dot - 1 && !isDigit(bytes[at]) && bytes[at] !== 0x2e ? at : -1;
}

/** Whether a number, a point and a digit stand there. */
function goesOn(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at - from < maxDigits && isDigit(bytes[at])) at++;
  return at > from && bytes[at] === 0x2e && isDigit(bytes[at + 1]);
}

/** Letters, digits, `-`, `.`, `_`. */
function isNamePart(byte: number | undefined): boolean {
  return isDigit(byte) || isLetter(byte) || byte === 0x2d || byte === 0x2e || byte === 0x5f;
}
