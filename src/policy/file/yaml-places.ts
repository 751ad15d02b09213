import type { Scalar } from 'yaml';

/**
 * Where a part of a scalar's text stands in its file, both as offsets. The text without its white space is written in
 * the file without its white space, whatever the style, folding and indentation; only quotes and escapes differ. So the
 * characters that are no white space are counted.
 */
export function offsetInFile(source: string, scalar: Scalar, offset: number): number {
  const text = String(scalar.value);
  const [from, to] = scalar.range ?? [0, 0, 0];
  const before = inked(text, offset);
  if (scalar.type === 'QUOTE_DOUBLE') return behindEscapes(source, from + 1, to - 1, before);
  if (scalar.type === 'QUOTE_SINGLE') return behindQuotes(source, from + 1, to - 1, before);
  const blocked = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
  return behindInk(source, blocked ? afterLine(source, from) : from, to, before);
}

/** How many characters before the offset are no white space. */
function inked(text: string, offset: number): number {
  let count = 0;
  const end = Math.min(offset, text.length);
  for (let at = 0; at < end; at++) if (!isSpace(text.charCodeAt(at))) count++;
  return count;
}

function behindInk(source: string, from: number, to: number, count: number): number {
  let left = count;
  let end = from;
  for (let at = from; at < to; at++) {
    if (isSpace(source.charCodeAt(at))) continue;
    if (left === 0) return at;
    left--;
    end = at + 1;
  }
  // Behind the text: not in the lines that may follow it.
  return end;
}

/** In single quotes `''` is one character. */
function behindQuotes(source: string, from: number, to: number, count: number): number {
  let left = count;
  for (let at = from; at < to; at++) {
    if (isSpace(source.charCodeAt(at))) continue;
    if (left === 0) return at;
    left--;
    if (source[at] === "'") at++;
  }
  return Math.max(from, to);
}

/** Digits behind the letter of an escape (YAML 1.2.2, section 5.7). */
const escapeDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
/** Escapes that stand for white space. */
const blankEscapes = 'nrt _NLPvf\t\n\r';

function behindEscapes(source: string, from: number, to: number, count: number): number {
  let left = count;
  for (let at = from; at < to; at++) {
    if (isSpace(source.charCodeAt(at))) continue;
    const letter = source[at] === '\\' ? (source[at + 1] ?? '') : '';
    const blank = letter !== '' && blankEscapes.includes(letter);
    if (left === 0 && !blank) return at;
    if (!blank) left--;
    if (letter !== '') at += 1 + (Object.hasOwn(escapeDigits, letter) ? (escapeDigits[letter] ?? 0) : 0);
  }
  return Math.max(from, to);
}

function afterLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end + 1;
}

function isSpace(code: number): boolean {
  return (
    code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x85 || code === 0x2028 || code === 0x2029
  );
}
