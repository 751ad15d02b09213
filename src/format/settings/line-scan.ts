import { textLines } from '../../util/text-lines.ts';
import { longestLine } from './contract.ts';

/** A line with words, and its number from 1. */
export interface ScannedLine {
  readonly text: string;
  readonly line: number;
}

/** Lines that have words, without white space around them: comments (behind one of `comments`) and empty ones are left out. */
export function* scannedLines(text: string, comments: string): Generator<ScannedLine, void, undefined> {
  let line = 0;
  for (const raw of textLines(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)) {
    line++;
    if (raw.length > longestLine) continue;
    const bare = raw.trim();
    if (bare !== '' && !comments.includes(bare[0] as string)) yield { text: bare, line };
  }
}

/** Lines of which each that ends with a backslash goes on in the next one. */
export function* joinedLines(text: string, comments: string): Generator<ScannedLine, void, undefined> {
  let open: { text: string; line: number } | undefined;
  for (const { text: piece, line } of scannedLines(text, comments)) {
    const goesOn = piece.endsWith('\\');
    const bare = goesOn ? piece.slice(0, -1).trimEnd() : piece;
    if (!open) open = { text: bare, line };
    else open.text = `${open.text} ${bare}`;
    // A text of continued lines alone would make one of any length.
    if (goesOn && open.text.length < longestLine) continue;
    yield open;
    open = undefined;
  }
  if (open) yield open;
}

/** The words of a line, of which those in single or double quotes are one without them. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  let begun = false;
  for (const letter of line) {
    if (quote !== '') {
      if (letter === quote) quote = '';
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      begun = true;
    } else if (letter === ' ' || letter === '\t') {
      if (begun) words.push(word);
      word = '';
      begun = false;
    } else {
      word += letter;
      begun = true;
    }
  }
  if (begun) words.push(word);
  return words;
}

/** A text without the quotes around it. */
export function unquoted(text: string): string {
  const quote = text[0];
  const isQuoted = text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}
