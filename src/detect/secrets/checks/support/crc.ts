import { crc32 } from 'node:zlib';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A number to the base 62, of at least so many digits, as GitHub and npm write checksums: digits, capitals, small letters. */
export function base62(value: number, length: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = digits[rest % 62]! + text;
  return text.padStart(length, '0');
}

/** Whether the last six characters are the CRC-32 of those in front, behind the prefix (GitHub's and npm's tokens). */
export function checksumHolds(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1);
  return base62(crc32(body.slice(0, -6)), 6) === body.slice(-6);
}
