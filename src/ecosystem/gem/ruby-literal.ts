/** Longest text (characters) that is read of one literal. */
const literalLimit = 1000;
/** Most texts that are read of one list. */
const listLimit = 100;

const backslash = 0x5c;
/** Hexadecimal signs of `\uXXXX`, and the most of `\u{X}`; the last character of Unicode. */
const shortCode = 4;
const longestCode = 6;
const lastCode = 0x10ffff;
const closers = new Map([
  ['<', '>'],
  ['{', '}'],
  ['(', ')'],
  ['[', ']'],
]);
const escapes = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['e', '\u001b'],
]);

/** A text of Ruby source, and where the source goes on behind it. */
export interface Literal {
  readonly text: string;
  readonly end: number;
}

/**
 * The text literal that starts at a place of a line: `"x"`, `'x'`, `%q<x>`, `%Q{x}`. Undefined for anything else, for one
 * that doesn't end on the line, and for one that Ruby would have to compute (`"#{x}"`). Nothing is ever evaluated.
 */
export function rubyText(line: string, from: number): Literal | undefined {
  const first = line.charAt(from);
  if (first === '"') return quoted(line, from + 1, '"', true);
  if (first === "'") return quoted(line, from + 1, "'", false);
  if (first !== '%') return undefined;
  const kind = line.charAt(from + 1);
  const named = kind === 'q' || kind === 'Q';
  const opener = line.charAt(from + (named ? 2 : 1));
  const closer = closers.get(opener);
  return closer === undefined ? undefined : quoted(line, from + (named ? 3 : 2), closer, kind !== 'q');
}

/** The texts of `["x".freeze, "y"]`; undefined when what starts there is no list of texts that ends on the line. */
export function rubyTexts(line: string, from: number): string[] | undefined {
  if (line.charAt(from) !== '[') return undefined;
  const texts: string[] = [];
  let at = skipBlanks(line, from + 1);
  while (line.charAt(at) !== ']') {
    const literal = rubyText(line, at);
    if (literal === undefined || texts.length >= listLimit) return undefined;
    texts.push(literal.text);
    at = skipBlanks(line, afterFreeze(line, literal.end));
    if (line.charAt(at) === ',') at = skipBlanks(line, at + 1);
    else if (line.charAt(at) !== ']') return undefined;
  }
  return texts;
}

/** The first place from `from` on that holds neither a blank nor a tab. */
export function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line.charAt(at) === ' ' || line.charAt(at) === '\t') at++;
  return at;
}

function afterFreeze(line: string, at: number): number {
  return line.startsWith('.freeze', at) ? at + '.freeze'.length : at;
}

function quoted(line: string, from: number, closer: string, escaped: boolean): Literal | undefined {
  let text = '';
  let start = from;
  const stop = Math.min(line.length, from + literalLimit);
  for (let at = from; at < stop; ) {
    const sign = line.charAt(at);
    if (sign === closer) return { text: text + line.slice(start, at), end: at + 1 };
    if (sign === '#' && escaped && line.charAt(at + 1) === '{') return undefined;
    if (line.charCodeAt(at) !== backslash) {
      at++;
      continue;
    }
    const sequence = escaped ? dumped(line, at + 1) : plainEscape(line, at + 1, closer);
    if (sequence === undefined) return undefined;
    text += line.slice(start, at) + sequence.text;
    at = sequence.end;
    start = at;
  }
  return undefined;
}

/** In single quotes a backslash only stands for itself, but before the closing sign and another backslash. */
function plainEscape(line: string, at: number, closer: string): Literal {
  const sign = line.charAt(at);
  return { text: sign === closer || sign === '\\' ? sign : `\\${sign}`, end: at + 1 };
}

/** What String#dump writes: `\n`, `\"`, `\#`, `\u00e9`, `\u{1F600}`; undefined when it stands for no character. */
function dumped(line: string, at: number): Literal | undefined {
  const sign = line.charAt(at);
  if (sign !== 'u') return { text: escapes.get(sign) ?? sign, end: at + 1 };
  const braced = line.charAt(at + 1) === '{';
  const start = braced ? at + 2 : at + 1;
  const length = braced ? line.slice(start, start + longestCode + 1).indexOf('}') : shortCode;
  const code = length > 0 ? Number.parseInt(line.slice(start, start + length), 16) : Number.NaN;
  if (!(code <= lastCode) || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return { text: String.fromCodePoint(code), end: start + length + (braced ? 1 : 0) };
}
