/** Largest value of a byte that is ASCII. */
const asciiMax = 0x7f;
const backslash = 0x5c;

/**
 * A name as text: UTF-8 where it is; a byte that is not part of valid UTF-8, and a backslash, become `\xNN`.
 * No two names become the same text, so that no file can pose as another.
 */
export function decodeName(bytes: Buffer, start = 0, end = bytes.length): string {
  let plain = true;
  let ascii = true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > asciiMax) ascii = false;
    if (byte === backslash) plain = false;
  }
  if (ascii && plain) return bytes.toString('latin1', start, end);
  const text = bytes.toString('utf8', start, end);
  if (plain && !text.includes('\ufffd')) return text;
  return escapeName(bytes.subarray(start, end));
}

function escapeName(bytes: Buffer): string {
  let text = '';
  let i = 0;
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i);
    if (length === 0 || bytes[i] === backslash) {
      text += `\\x${(bytes[i] ?? 0).toString(16).padStart(2, '0')}`;
      i++;
    } else {
      text += bytes.toString('utf8', i, i + length);
      i += length;
    }
  }
  return text;
}

/** Length of the valid UTF-8 sequence at `at` (RFC 3629), 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first <= asciiMax) return 1;
  let length = 0;
  if (first >= 0xc2 && first <= 0xdf) length = 2;
  else if (first >= 0xe0 && first <= 0xef) length = 3;
  else if (first >= 0xf0 && first <= 0xf4) length = 4;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  // Overlong forms, surrogates and code points above U+10FFFF are not UTF-8.
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] ?? 0;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}
