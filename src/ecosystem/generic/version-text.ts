/** A version in the bytes of a program. */
export interface VersionText {
  readonly version: string;
  /** Where it ends. */
  readonly end: number;
}

/** Most digits of one number, and most numbers. */
const maxDigits = 8;
const maxNumbers = 5;

/** Words for what is no release yet, as programs write them behind their numbers. */
const stages = ['alpha', 'beta', 'rc', 'RC', 'dev', 'nightly', 'preview', 'pre', 'a', 'b', 'p'].map((word) =>
  Buffer.from(word, 'latin1'),
);

/**
 * Reads two numbers or more with points between them from a place on, and what belongs to them: `-rc1`, `beta2`, `p1`,
 * or up to two small letters (`1.0.2zg`). What a distribution or builder put behind is left out. Undefined where no
 * version stands, or one that runs on into other letters.
 */
export function readVersion(bytes: Buffer, from: number): VersionText | undefined {
  const core = endOfNumbers(bytes, from, maxNumbers);
  if (core === undefined) return undefined;
  const end = endOfStage(bytes, core) ?? endOfLetters(bytes, core);
  if (isDigit(bytes[end]) || isLetter(bytes[end])) return undefined;
  return { version: bytes.toString('latin1', from, end), end };
}

/** Where the numbers end that begin at a place: two at least, `most` at most; undefined when there are no two. */
export function endOfNumbers(bytes: Buffer, from: number, most: number): number | undefined {
  let at = endOfDigits(bytes, from);
  if (at === undefined) return undefined;
  let numbers = 1;
  while (numbers < most && bytes[at] === 0x2e) {
    const next = endOfDigits(bytes, at + 1);
    if (next === undefined) break;
    at = next;
    numbers++;
  }
  return numbers > 1 ? at : undefined;
}

function endOfDigits(bytes: Buffer, from: number): number | undefined {
  let at = from;
  while (at - from <= maxDigits && isDigit(bytes[at])) at++;
  return at > from && at - from <= maxDigits ? at : undefined;
}

/** Behind `rc1`, `-rc1`, `-dev`, `p1`; a word of one letter must have its number. */
function endOfStage(bytes: Buffer, from: number): number | undefined {
  const start = bytes[from] === 0x2d ? from + 1 : from;
  for (const word of stages) {
    const behind = start + word.length;
    if (behind > bytes.length || word.compare(bytes, start, behind) !== 0) continue;
    const end = endOfDigits(bytes, behind);
    if (end !== undefined) return end;
    if (word.length > 1 && !isLetter(bytes[behind])) return behind;
  }
  return undefined;
}

function endOfLetters(bytes: Buffer, from: number): number {
  let at = from;
  while (at - from < 3 && isSmallLetter(bytes[at])) at++;
  return at - from < 3 && !isDigit(bytes[at]) && !isLetter(bytes[at]) ? at : from;
}

/** Whether a byte is an ASCII digit. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Whether a byte is an ASCII letter. */
export function isLetter(byte: number | undefined): boolean {
  return isSmallLetter(byte) || (byte !== undefined && byte >= 0x41 && byte <= 0x5a);
}

function isSmallLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x61 && byte <= 0x7a;
}
