import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isLetter, isNumber } from './digits.ts';

/** The numbers of a version beyond which there is none (`major.minor.patch.revision`). */
const maxNumbers = 4;
/** The largest number that NuGet reads: a 32-bit one. */
const maxNumber = '2147483647';
const hyphen = 0x2d;

/**
 * The order of NuGet's versions (NuGet documentation, "Package versioning"; NuGet.Versioning): SemVer 2.0.0 with a
 * fourth number, leading zeros, and labels of any case; missing numbers are zero, and what follows `+` does not count.
 */
export const order: VersionOrder = {
  id: 'nuget',
  valid(version) {
    const text = version.trim();
    const plus = text.indexOf('+');
    if (plus >= 0 && !areLabels(text.slice(plus + 1))) return false;
    const { core, labels } = split(text);
    if (labels !== undefined && !areLabels(labels)) return false;
    const numbers = core.split('.');
    return numbers.length <= maxNumbers && numbers.every((n) => isNumber(n) && compareDigits(n, maxNumber) <= 0);
  },
  compare(a, b) {
    const left = split(a.trim());
    const right = split(b.trim());
    const difference = compareNumbers(left.core.split('.'), right.core.split('.'));
    if (difference !== 0) return difference;
    if (left.labels === undefined || right.labels === undefined) {
      return Number(left.labels === undefined) - Number(right.labels === undefined);
    }
    return compareLabels(left.labels.split('.'), right.labels.split('.'));
  },
};

interface Parts {
  /** What stands before the labels: numbers, in a valid version. */
  readonly core: string;
  /** What stands behind the first hyphen; undefined for a release. */
  readonly labels: string | undefined;
}

function split(text: string): Parts {
  const plus = text.indexOf('+');
  const known = plus < 0 ? text : text.slice(0, plus);
  const cut = known.indexOf('-');
  if (cut < 0) return { core: known, labels: undefined };
  return { core: known.slice(0, cut), labels: known.slice(cut + 1) };
}

/** What is no number counts by the digits that it begins with, and then as text, so that any two texts have an order. */
function compareNumbers(a: readonly string[], b: readonly string[]): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a[at] ?? '', b[at] ?? ''];
    const [leftEnd, rightEnd] = [digitsEnd(left, 0), digitsEnd(right, 0)];
    const difference =
      compareDigits(left.slice(0, leftEnd), right.slice(0, rightEnd)) ||
      compareText(left.slice(leftEnd), right.slice(rightEnd));
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareLabels(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const [left, right] = [a[at] ?? '', b[at] ?? ''];
    const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
    const difference =
      leftNumber !== undefined && rightNumber !== undefined
        ? leftNumber - rightNumber
        : Number(leftNumber === undefined) - Number(rightNumber === undefined) ||
          compareText(left.toUpperCase(), right.toUpperCase());
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** NuGet takes a label for a number when a 32-bit integer holds it, with its sign; all others are texts. */
function numberOf(label: string): number | undefined {
  const negative = label.charCodeAt(0) === hyphen;
  const digits = negative ? label.slice(1) : label;
  if (!isNumber(digits) || compareDigits(digits, negative ? '2147483648' : maxNumber) > 0) return undefined;
  return Number(label);
}

/** Letters, digits and hyphens between dots; numbers may have leading zeros here. */
function areLabels(text: string): boolean {
  return text.split('.').every((label) => {
    for (let at = 0; at < label.length; at++) {
      const code = label.charCodeAt(at);
      if (!(isDigit(code) || isLetter(code) || code === hyphen)) return false;
    }
    return label !== '';
  });
}
