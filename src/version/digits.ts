import { compareText } from '../util/compare-text.ts';

/** Whether a UTF-16 code unit is an ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a UTF-16 code unit is an ASCII letter. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** The first place from `from` on that holds no digit; the length of the text when all are digits. */
export function digitsEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** Whether the text is one digit or more and nothing else. */
export function isNumber(text: string): boolean {
  return text !== '' && digitsEnd(text, 0) === text.length;
}

/**
 * Orders two runs of digits by their value; an empty run counts as zero. By length and then by text, so that
 * a number of 100,000 digits costs no more than reading it and none loses precision.
 */
export function compareDigits(a: string, b: string): number {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  return left.length === right.length ? compareText(left, right) : left.length - right.length;
}

function withoutZeros(digits: string): string {
  let at = 0;
  while (at < digits.length && digits.charCodeAt(at) === 48) at++;
  return at === 0 ? digits : digits.slice(at);
}
