/** One directive of a go.mod file: its word and what stands behind it, on one line or in a block. */
export interface Directive {
  readonly verb: string;
  readonly words: readonly string[];
}

/** The directives of a go.mod file and the first line that breaks its grammar. */
export interface DirectiveList {
  readonly directives: readonly Directive[];
  /** From 1; undefined when every line could be read. */
  readonly badLine: number | undefined;
}

/** More words on a line than this make no directive. */
const maxWords = 16;
/** The most directives that are read; the line behind the last of them counts as broken. */
const maxDirectives = 50_000;

/** Splits a go.mod file into directives (Go modules reference, "Lexical elements" and "Grammar"), in linear time. */
export function readDirectives(text: string): DirectiveList {
  const directives: Directive[] = [];
  let badLine: number | undefined;
  let block: { verb: string; line: number } | undefined;
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const words = splitLine(text, at, end);
    at = end + 1;
    line++;
    if (words === undefined) {
      badLine ??= line;
      continue;
    }
    const [first, second] = words;
    if (first === undefined) continue;
    if (directives.length >= maxDirectives) {
      badLine ??= line;
      break;
    }
    if (block !== undefined) {
      if (first === ')' && words.length === 1) block = undefined;
      else directives.push({ verb: block.verb, words });
    } else if (second === '(' && words.length === 2) {
      block = { verb: first, line };
    } else if (second !== '(') {
      directives.push({ verb: first, words: words.slice(1) });
    } else if (words[2] !== ')') {
      badLine ??= line;
    }
  }
  return { directives, badLine: badLine ?? block?.line };
}

/** The words of one line without its comment; undefined when a quote is open or there are too many words. */
function splitLine(text: string, from: number, end: number): string[] | undefined {
  const words: string[] = [];
  let at = from;
  while (at < end) {
    const c = text.charCodeAt(at);
    if (c === 0x20 || c === 0x09 || c === 0x0d) {
      at++;
      continue;
    }
    if (startsComment(text, at)) break;
    if (words.length >= maxWords) return undefined;
    const stop = wordEnd(text, at, end, c);
    if (stop < 0) return undefined;
    const quoted = c === 0x22 || c === 0x60;
    words.push(quoted ? text.slice(at + 1, stop - 1) : text.slice(at, stop));
    at = stop;
  }
  return words;
}

function startsComment(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x2f && text.charCodeAt(at + 1) === 0x2f;
}

/** Where the word that starts at `at` ends; -1 when its quote does not close on the line. */
function wordEnd(text: string, at: number, end: number, first: number): number {
  if (first === 0x22 || first === 0x60) {
    // A path or version needs no escape, and none is understood: a backslash makes it no plain word.
    for (let i = at + 1; i < end; i++) if (text.charCodeAt(i) === first) return i + 1;
    return -1;
  }
  if (isPunctuation(first)) return at + 1;
  let stop = at;
  while (stop < end && !isWordStop(text, stop)) stop++;
  return stop;
}

/** Round and square brackets and the comma are words of their own. */
function isPunctuation(c: number): boolean {
  return c === 0x28 || c === 0x29 || c === 0x5b || c === 0x5d || c === 0x2c;
}

function isWordStop(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c === 0x20 || c === 0x09 || c === 0x0d || isPunctuation(c) || startsComment(text, at);
}
