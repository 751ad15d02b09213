import { createHash } from 'node:crypto';

/** Most characters of a file's name before its ending: file systems take 255 bytes with everything. */
const longestName = 180;

/** Hexadecimal digits of the hash that stands for what was cut off. */
const hashDigits = 32;

/** What marks a name that was changed; it stands in no other, where it is percent-encoded. */
const mark = '~';

/** Stays as it is: every file system and every shell takes these as they are. */
const plain = /^[A-Za-z0-9._-]$/;

/**
 * A file name for each target, without ending: the target with every byte but letters, digits and `.` `_` `-` written
 * as `%` and two digits, so that it can be computed and read back, and that no target can name a file elsewhere. A long
 * one is cut and ends in a hash. Two that differ in case alone, which some file systems can't tell apart, get numbers
 * by their order.
 */
export function fileNames(targets: readonly string[]): string[] {
  const used = new Map<string, number>();
  return targets.map((target) => {
    const name = fileName(target);
    const folded = name.toLowerCase();
    const times = (used.get(folded) ?? 0) + 1;
    used.set(folded, times);
    return times === 1 ? name : `${name}${mark}${times}`;
  });
}

function fileName(target: string): string {
  let name = '';
  for (const char of target) {
    // A name that starts with a dot is hidden, or is the folder itself.
    if (plain.test(char) && !(name === '' && char === '.')) name += char;
    else for (const byte of Buffer.from(char)) name += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  if (name.length <= longestName) return name;
  const hash = createHash('sha256').update(target).digest('hex').slice(0, hashDigits);
  return `${name.slice(0, longestName - hashDigits - 1)}${mark}${hash}`;
}
