import { SluiceError } from '../../../util/error.ts';
import { type Assertion, type CharSet, complement, lastCodePoint, type PatternNode, pairsOf } from './node.ts';

/** Whether the ends of the text that is matched are those of the whole text; elsewhere `^` and `$` do not hold. */
export interface TextEnds {
  readonly begin: boolean;
  readonly end: boolean;
}

/** Whose syntax: JavaScript's without flags but `y`, `g` and `d`, or RE2's. */
export type Dialect = 'javascript' | 're2';

const lastUnit = 0xffff;
/** What never matches. */
const nothing = { javascript: '(?!)', re2: '[^\\x00-\\x{10FFFF}]' };

/**
 * A pattern as text: it takes the same texts. Characters beyond U+FFFF cannot be in a class of their own.
 * @throws SluiceError `pattern/unsupported`
 */
export function printPattern(node: PatternNode, ends: TextEnds, dialect: Dialect = 'javascript'): string {
  const print = (inner: PatternNode): string => printPattern(inner, ends, dialect);
  switch (node.kind) {
    case 'empty':
      return '(?:)';
    case 'one':
      return printSet(node.of, dialect);
    case 'cat':
      return node.items.map((item) => (item.kind === 'alt' ? `(?:${print(item)})` : print(item))).join('');
    case 'alt':
      return node.items.map(print).join('|');
    case 'group':
      return `(${print(node.of)})`;
    case 'repeat':
      return `${isAtom(node.of) ? print(node.of) : `(?:${print(node.of)})`}${quantifier(node.min, node.max)}${node.lazy ? '?' : ''}`;
    case 'assert':
      return dialect === 're2' ? printForRe2(node.what, ends) : printAssertion(node.what, ends);
  }
}

function isAtom({ kind }: PatternNode): boolean {
  return kind === 'one' || kind === 'group';
}

function quantifier(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function printForRe2(what: Assertion, ends: TextEnds): string {
  switch (what) {
    case 'begin':
      return ends.begin ? '\\A' : nothing.re2;
    case 'end':
      return ends.end ? '\\z' : nothing.re2;
    case 'line-begin':
      return '(?m:^)';
    case 'line-end':
      return '(?m:$)';
    case 'word':
      return '\\b';
    case 'not-word':
      return '\\B';
  }
}

function printAssertion(what: Assertion, ends: TextEnds): string {
  switch (what) {
    case 'begin':
      return ends.begin ? '(?<![^])' : '(?!)';
    case 'end':
      return ends.end ? '(?![^])' : '(?!)';
    case 'line-begin':
      return ends.begin ? '(?<![^\\n])' : '(?<=\\n)';
    case 'line-end':
      return ends.end ? '(?![^\\n])' : '(?=\\n)';
    case 'word':
      return '\\b';
    case 'not-word':
      return '\\B';
  }
}

function printSet(set: CharSet, dialect: Dialect): string {
  if (set.length === 0) return nothing[dialect];
  if (set.length === 2 && set[0] === 0 && set[1] === lastCodePoint) return dialect === 're2' ? '(?s:.)' : '[^]';
  const negated = set.at(-1) === lastCodePoint;
  const shown = negated ? complement(set) : set;
  if (shown.at(-1)! > lastUnit) {
    if (shown.length === 2 && shown[0] === shown[1]) return `(?:${units(shown[0]!)})`;
    throw new SluiceError('pattern/unsupported', 'characters beyond U+FFFF in a class are not known here');
  }
  if (!negated && shown.length === 2 && shown[0] === shown[1]) return printUnit(shown[0]!);
  const ranges = pairsOf(shown).map(([low, high]) =>
    low === high
      ? printUnit(low)
      : high === low + 1
        ? printUnit(low) + printUnit(high)
        : `${printUnit(low)}-${printUnit(high)}`,
  );
  return `[${negated ? '^' : ''}${ranges.join('')}]`;
}

function units(code: number): string {
  const text = String.fromCodePoint(code);
  return printUnit(text.charCodeAt(0)) + printUnit(text.charCodeAt(1));
}

function printUnit(code: number): string {
  if (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f
  )
    return String.fromCharCode(code);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
