import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, isDigit, isLetter, isNumber } from './digits.ts';
import { comparePrecedence, readPrecedence } from './precedence.ts';

const hyphen = 0x2d;
const dot = 0x2e;

/**
 * The order of Dart's package manager (dart.dev, "Pub's versioning philosophy"; the pub_semver package): semantic
 * versions, but a build is newer than none, builds are ordered among each other, and zeros may lead a number. As in the
 * order of semantic versions, a core of one or two numbers is taken as padded with zeros.
 */
export const order: VersionOrder = {
  id: 'pub',
  valid(version) {
    const { core, prerelease, build } = partsOf(version);
    const numbers = core.split('.');
    return (
      numbers.length <= 3 &&
      numbers.every(isNumber) &&
      (prerelease === undefined || isIdentifiers(prerelease)) &&
      (build === undefined || isIdentifiers(build))
    );
  },
  compare(a, b) {
    const difference = comparePrecedence(readPrecedence(a), readPrecedence(b));
    return difference === 0 ? compareBuilds(partsOf(a).build, partsOf(b).build) : difference;
  },
};

/** `1.2.3-pre+build`, cut at its plus and then at the first hyphen before it. */
function partsOf(version: string): { core: string; prerelease: string | undefined; build: string | undefined } {
  const plus = version.indexOf('+');
  const known = plus < 0 ? version : version.slice(0, plus);
  const cut = known.indexOf('-');
  return {
    core: cut < 0 ? known : known.slice(0, cut),
    prerelease: cut < 0 ? undefined : known.slice(cut + 1),
    build: plus < 0 ? undefined : version.slice(plus + 1),
  };
}

function compareBuilds(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const left = a.split('.');
  const right = b.split('.');
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const difference = compareIdentifiers(left[at] ?? '', right[at] ?? '');
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Numbers come before words. */
function compareIdentifiers(a: string, b: string): number {
  const left = isNumber(a);
  const right = isNumber(b);
  if (left && right) return compareDigits(a, b);
  return left === right ? compareText(a, b) : Number(right) - Number(left);
}

/** Letters, digits and hyphens, with single dots between them. */
function isIdentifiers(text: string): boolean {
  let last = dot;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === dot ? last === dot : !(isDigit(code) || isLetter(code) || code === hyphen)) return false;
    last = code;
  }
  return last !== dot;
}
