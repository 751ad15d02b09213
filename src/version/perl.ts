import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, isNumber } from './digits.ts';

/** Digits of a decimal version's fraction that make up one number. */
const group = 3;

/**
 * The order of Perl's version objects (perldoc version): dotted-decimal ones, `v1.2.3` or with two dots, are numbers;
 * decimal ones are fractions, three digits a number: `1.5` is `v1.500.0` and newer than `1.10`. An underscore means
 * nothing, nor do zeros at the end.
 */
export const order: VersionOrder = {
  id: 'perl',
  valid(version) {
    const marked = version.startsWith('v');
    const parts = withoutUnderscore(marked ? version.slice(1) : version)?.split('.');
    if (parts === undefined) return false;
    // `.5` and `5.` are decimal versions as well.
    const optional = marked ? -1 : parts[0] === '' ? 0 : parts.length === 2 ? 1 : -1;
    return (
      parts.every((part, at) => isNumber(part) || (at === optional && part === '' && parts.length > 1)) &&
      parts.join('') !== ''
    );
  },
  compare(a, b) {
    const left = numbersOf(a);
    const right = numbersOf(b);
    const length = Math.max(left.length, right.length);
    for (let at = 0; at < length; at++) {
      const difference = compareParts(left[at] ?? '0', right[at] ?? '0');
      if (difference !== 0) return difference;
    }
    return 0;
  },
};

/** `1.02_03` as `1.0203`; undefined where an underscore doesn't stand once, between digits and behind a dot. */
function withoutUnderscore(text: string): string | undefined {
  const at = text.indexOf('_');
  if (at < 0) return text;
  const behind = text.slice(at + 1);
  const before = text.slice(0, at);
  return isNumber(behind) && before.includes('.') && !before.endsWith('.') ? before + behind : undefined;
}

function numbersOf(version: string): string[] {
  const marked = version.startsWith('v');
  const parts = (marked ? version.slice(1) : version).replaceAll('_', '').split('.');
  if (marked || parts.length !== 2) return parts;
  const [whole = '', fraction = ''] = parts;
  const numbers = [whole === '' ? '0' : whole];
  for (let at = 0; at < fraction.length; at += group) numbers.push(fraction.slice(at, at + group).padEnd(group, '0'));
  return numbers;
}

/** What is no number comes before the numbers, so that any text has its place. */
function compareParts(a: string, b: string): number {
  const left = isNumber(a);
  const right = isNumber(b);
  if (left && right) return compareDigits(a, b);
  return left === right ? compareText(a, b) : Number(left) - Number(right);
}
