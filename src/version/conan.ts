import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isLetter } from './digits.ts';

/** The longest version that Conan takes, in characters. */
const maxLength = 101;

/**
 * The order of Conan 2's versions (Conan documentation, "Versioning"): any number of items between dots, then a
 * pre-release behind the first `-` and a build behind the last `+`, which count as versions of their own.
 *
 * Conan compares a number with a text as two texts, which has no order (`10a` < `9` < `10` < `10a`). Here the digits that
 * a text begins with count as its number: the same, as long as these are equally many.
 */
export const order: VersionOrder = {
  id: 'conan',
  valid(version) {
    if (version.length > maxLength) return false;
    for (let at = 0; at < version.length; at++) {
      const code = version.charCodeAt(at);
      if (isDigit(code) || isLetter(code) || code === 0x5f) continue;
      if (at === 0 || !(code === 0x2b || code === 0x2d || code === 0x2e)) return false;
    }
    return version !== '';
  },
  compare(a, b) {
    const left = read(a);
    const right = read(b);
    const difference = compareItems(left.items, right.items);
    if (difference !== 0) return difference;
    // A release is newer than its pre-releases, whatever their builds are.
    if ((left.pre === undefined) !== (right.pre === undefined)) return left.pre === undefined ? 1 : -1;
    return compareQualifiers(left.pre, right.pre) || compareQualifiers(left.build, right.build);
  },
};

interface Version {
  readonly items: readonly string[];
  readonly pre: readonly string[] | undefined;
  readonly build: readonly string[] | undefined;
}

function read(text: string): Version {
  const plus = text.lastIndexOf('+');
  const known = plus < 0 ? text : text.slice(0, plus);
  const cut = known.indexOf('-');
  return {
    items: itemsOf(cut < 0 ? known : known.slice(0, cut)),
    pre: cut < 0 ? undefined : itemsOf(known.slice(cut + 1)),
    build: plus < 0 ? undefined : itemsOf(text.slice(plus + 1)),
  };
}

/** The items between the dots without the zeros at the end: `1.0` is `1`. */
function itemsOf(text: string): readonly string[] {
  const items = text.split('.');
  let end = items.length;
  while (end > 0 && isZero(items[end - 1] ?? '')) end--;
  return items.slice(0, end);
}

function isZero(item: string): boolean {
  for (let at = 0; at < item.length; at++) if (item.charCodeAt(at) !== 0x30) return false;
  return item !== '';
}

function compareQualifiers(a: readonly string[] | undefined, b: readonly string[] | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareItems(a, b);
}

function compareItems(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = compareItem(a[at] ?? '', b[at] ?? '');
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareItem(a: string, b: string): number {
  const [aEnd, bEnd] = [digitsEnd(a, 0), digitsEnd(b, 0)];
  if (aEnd === 0 || bEnd === 0) return compareText(a, b);
  return compareDigits(a.slice(0, aEnd), b.slice(0, bEnd)) || compareText(a.slice(aEnd), b.slice(bEnd));
}
