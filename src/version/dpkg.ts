import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isLetter, isNumber } from './digits.ts';

/** `[epoch:]upstream[-revision]`; what is absent is empty, which the order takes for zero. */
interface DebianVersion {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string | undefined;
}

const tilde = 0x7e;
/** The largest epoch that dpkg reads: a C `int`. */
const maxEpoch = '2147483647';

/** The order of Debian package versions, deb-version(7): `~` is older than the end, letters are older than other signs. */
export const order: VersionOrder = {
  id: 'dpkg',
  valid(version) {
    const { epoch, upstream, revision } = split(version);
    if (version.includes(':') && epoch === '') return false;
    if (compareDigits(epoch, maxEpoch) > 0) return false;
    if (!isDigit(upstream.charCodeAt(0)) || !consistsOf(upstream, '.+-~:')) return false;
    return revision === undefined || (revision !== '' && consistsOf(revision, '.+~'));
  },
  compare(a, b) {
    const left = split(a);
    const right = split(b);
    return (
      compareDigits(left.epoch, right.epoch) ||
      compareParts(left.upstream, right.upstream) ||
      compareParts(left.revision ?? '', right.revision ?? '')
    );
  },
};

/** A colon that no number precedes is no epoch; the text then stays whole, so that any text has its place. */
function split(version: string): DebianVersion {
  const colon = version.indexOf(':');
  const epoch = colon > 0 && isNumber(version.slice(0, colon)) ? version.slice(0, colon) : '';
  const rest = epoch === '' ? version : version.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  if (hyphen < 0) return { epoch, upstream: rest, revision: undefined };
  return { epoch, upstream: rest.slice(0, hyphen), revision: rest.slice(hyphen + 1) };
}

/** Stretches of non-digits, sign by sign, and stretches of digits, by value, take turns. */
function compareParts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    for (;;) {
      const left = weight(a, i);
      const right = weight(b, j);
      if (left !== right) return left - right;
      if (left === 0) break;
      i++;
      j++;
    }
    const iEnd = digitsEnd(a, i);
    const jEnd = digitsEnd(b, j);
    const difference = compareDigits(a.slice(i, iEnd), b.slice(j, jEnd));
    if (difference !== 0) return difference;
    i = iEnd;
    j = jEnd;
  }
  return 0;
}

/** Where a sign stands: `~`, then the end and digits (zero, which ends a stretch), then letters, then all others. */
function weight(text: string, at: number): number {
  if (at >= text.length) return 0;
  const code = text.charCodeAt(at);
  if (isDigit(code)) return 0;
  if (isLetter(code)) return code;
  return code === tilde ? -1 : code + 256;
}

function consistsOf(text: string, signs: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!(isDigit(code) || isLetter(code) || signs.includes(text.charAt(at)))) return false;
  }
  return true;
}
