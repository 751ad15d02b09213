import { createHash } from 'node:crypto';
import { guessedBits } from './value.ts';

/** From this many bits on nobody finds a value by trying all: its hash tells nothing. */
const leastBits = 64;
/** Hexadecimal digits of a fingerprint. */
const digits = 32;

/** Whether the hash of a value may stand in a report: of what can be guessed it would tell who guesses that he is right. */
export function isStrong(value: string): boolean {
  return guessedBits(value) >= leastBits;
}

/** The fingerprint of a secret that nobody guesses: the same wherever it is. */
export function strongFingerprint(rule: string, value: string): string {
  return hashOf(['value', rule, value]);
}

/**
 * The fingerprint of a secret that could be guessed: by its place alone, `name`: what stands in front of it in its line,
 * `ordinal`: the how many-th of these it is, from 0.
 */
export function weakFingerprint(rule: string, path: string, name: string, ordinal: number): string {
  return hashOf(['place', rule, path, name, String(ordinal)]);
}

/** The name in front of a value: the last word there that is one. */
export function nameBefore(before: string): string {
  const words = before.slice(-200).match(/[\p{L}\p{N}_.-]+/gu);
  return words?.at(-1)?.slice(0, 100) ?? '';
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, digits);
}
