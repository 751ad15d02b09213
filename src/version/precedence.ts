import { compareText } from '../util/compare-text.ts';
import { compareDigits, digitsEnd, isDigit, isLetter, isNumber } from './digits.ts';

/** What counts in a semantic version; build metadata does not (SemVer 2.0.0, section 10). */
export interface Precedence {
  /** The numbers of the core, as digits; missing ones count as zero. */
  readonly core: readonly string[];
  /** The identifiers of the prerelease; undefined for a release, which is newer than all of its prereleases. */
  readonly prerelease: readonly string[] | undefined;
}

/** Reads any text: what follows the numbers without being in the grammar counts as a prerelease (`1.0.0beta1`). */
export function readPrecedence(text: string): Precedence {
  const plus = text.indexOf('+');
  const known = plus < 0 ? text : text.slice(0, plus);
  const core: string[] = [];
  let at = 0;
  while (isDigit(known.charCodeAt(at))) {
    const end = digitsEnd(known, at);
    core.push(known.slice(at, end));
    at = end;
    if (known.charAt(end) === '.' && isDigit(known.charCodeAt(end + 1))) at++;
    else break;
  }
  if (at === known.length) return { core, prerelease: undefined };
  const separated = known.charAt(at) === '-' || known.charAt(at) === '.';
  return { core, prerelease: known.slice(separated ? at + 1 : at).split('.') };
}

/** Orders two versions (SemVer 2.0.0, section 11). */
export function comparePrecedence(a: Precedence, b: Precedence): number {
  const numbers = Math.max(a.core.length, b.core.length);
  for (let at = 0; at < numbers; at++) {
    const difference = compareDigits(a.core[at] ?? '0', b.core[at] ?? '0');
    if (difference !== 0) return difference;
  }
  if (a.prerelease === undefined || b.prerelease === undefined) {
    return Number(a.prerelease === undefined) - Number(b.prerelease === undefined);
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

/** Whether the text is a semantic version without prefix; a core of one or two numbers is taken as padded with zeros. */
export function isSemver(text: string): boolean {
  const plus = text.indexOf('+');
  if (
    plus >= 0 &&
    !text
      .slice(plus + 1)
      .split('.')
      .every(isIdentifier)
  )
    return false;
  const known = plus < 0 ? text : text.slice(0, plus);
  const hyphen = known.indexOf('-');
  if (
    hyphen >= 0 &&
    !known
      .slice(hyphen + 1)
      .split('.')
      .every(isPrereleaseIdentifier)
  )
    return false;
  const core = (hyphen < 0 ? known : known.slice(0, hyphen)).split('.');
  return core.length <= 3 && core.every((number) => isNumber(number) && !hasLeadingZero(number));
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = compareIdentifiers(a[at] ?? '', b[at] ?? '');
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const left = isNumber(a);
  const right = isNumber(b);
  if (left && right) return compareDigits(a, b);
  return left === right ? compareText(a, b) : Number(right) - Number(left);
}

function isPrereleaseIdentifier(text: string): boolean {
  return isIdentifier(text) && !(isNumber(text) && hasLeadingZero(text));
}

function isIdentifier(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!(isDigit(code) || isLetter(code) || code === 0x2d)) return false;
  }
  return text !== '';
}

function hasLeadingZero(digits: string): boolean {
  return digits.length > 1 && digits.startsWith('0');
}
