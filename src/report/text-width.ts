/** Ranges of code points that take two columns of a terminal (Unicode Standard Annex 11: wide and fullwidth). */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const emoji = /^\p{Emoji_Presentation}$/u;

/** What a report itself writes to a terminal: colours (ECMA-48 SGR) and links (OSC 8). Text from outside holds none. */
const sequences = /\x1b(?:\[[0-9;]*m|\]8;;[\x21-\x7e]*\x1b\\)/g;

/** Columns that a text takes on a terminal. What stands in it from outside is harmless already: no control characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text.includes('\x1b') ? text.replace(sequences, '') : text) width += charWidth(char);
  return width;
}

/** Cuts a text to so many columns; what was cut shows as an ellipsis. */
export function clip(text: string, columns: number): string {
  if (text.length <= columns && displayWidth(text) <= columns) return text;
  if (displayWidth(text) <= columns) return text;
  let out = '';
  let width = 0;
  for (const char of text) {
    width += charWidth(char);
    if (width > columns - 1) break;
    out += char;
  }
  return columns > 0 ? `${out.trimEnd()}…` : '';
}

/** Cuts a text to so many columns at its front: of a path the end says most. */
export function clipStart(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const chars = [...text];
  let width = 0;
  let from = chars.length;
  while (from > 0) {
    width += charWidth(chars[from - 1] as string);
    if (width > columns - 1) break;
    from--;
  }
  return columns > 0 ? `…${chars.slice(from).join('')}` : '';
}

/** Fills a text with spaces up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Breaks a text into lines of at most so many columns, at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const limit = Math.max(1, columns);
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const word of text.split(' ').flatMap((part) => pieces(part, limit))) {
    const wordWidth = displayWidth(word);
    if (line !== '' && width + 1 + wordWidth > limit) {
      lines.push(line);
      line = word;
      width = wordWidth;
    } else {
      line = line === '' ? word : `${line} ${word}`;
      width += wordWidth + (width > 0 ? 1 : 0);
    }
  }
  return [...lines, line];
}

/** A word in pieces that each fit on a line. */
function pieces(word: string, columns: number): string[] {
  if (displayWidth(word) <= columns) return [word];
  const out: string[] = [];
  let piece = '';
  let width = 0;
  // A sequence that is cut in two would show, or act on what follows.
  for (const char of word.replace(sequences, '')) {
    const more = charWidth(char);
    if (piece !== '' && width + more > columns) {
      out.push(piece);
      piece = '';
      width = 0;
    }
    piece += char;
    width += more;
  }
  return [...out, piece];
}

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  // Asks for the picture of the sign before it, which most terminals then draw twice as wide.
  if (code === 0xfe0f) return 1;
  // Vowels and finals of Hangul join the sign before them.
  if (code >= 0x1160 && code <= 0x11ff) return 0;
  if (wideRanges.some(([first, last]) => code >= first && code <= last)) return 2;
  if (emoji.test(char)) return 2;
  return zeroWidth.test(char) ? 0 : 1;
}
