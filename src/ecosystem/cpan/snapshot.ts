import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { distribution } from './distribution.ts';

/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** What one file names. `full`: there were more than {@link packageLimit}. */
export interface Records {
  readonly records: readonly PackageRecord[];
  readonly full: boolean;
}

const mark = 'carton snapshot format';
const section = 'DISTRIBUTIONS';

/**
 * What a cpanfile.snapshot names (Carton's documentation, format version 1.0): the distributions, two spaces in. What they
 * need is told in modules and for their build as well, and not read.
 * @throws SluiceError `cpan/unreadable` when it isn't one.
 */
export function readSnapshot(bytes: Buffer): Records {
  const text = bytes.toString('utf8');
  const records: PackageRecord[] = [];
  let known = false;
  let inSection = false;
  for (const line of textLines(text)) {
    if (!line.startsWith(' ')) {
      inSection = line === section;
      known ||= inSection || (line.startsWith('#') && line.includes(mark));
    } else if (inSection && line.charAt(1) === ' ' && line.charAt(2) !== ' ') {
      const found = distribution(line.trim());
      if (found === undefined) continue;
      if (records.length >= packageLimit) return { records, full: true };
      records.push({ ...found, presence: 'declared' });
    }
  }
  if (!known && text.trim() !== '') throw new SluiceError('cpan/unreadable', 'this is not a cpanfile.snapshot');
  return { records, full: false };
}
