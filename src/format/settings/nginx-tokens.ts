/** A word, or one of the marks `;`, `{` and `}`. */
export interface NginxToken {
  readonly text: string;
  readonly mark?: string;
  /** From 1. */
  readonly line: number;
}

/** The words and marks of nginx.conf. Code in another language (`…_by_lua_block { … }`) is passed over as one word. */
export function* nginxTokens(text: string): Generator<NginxToken, void, undefined> {
  let line = 1;
  let at = 0;
  let last = '';
  while (at < text.length) {
    const letter = text[at] as string;
    if (letter === '\n') line++;
    if (isBlank(letter)) at++;
    else if (letter === '#') at = endOf(text, '\n', at);
    else if (letter === '{' && last.endsWith('_by_lua_block')) {
      const end = behindCode(text, at);
      yield { text: '', mark: ';', line };
      line += linesIn(text, at, end);
      at = end;
      last = '';
    } else if (letter === ';' || letter === '{' || letter === '}') {
      yield { text: letter, mark: letter, line };
      last = '';
      at++;
    } else {
      const end = letter === '"' || letter === "'" ? behindQuote(text, at) : behindWord(text, at);
      const quoted = letter === '"' || letter === "'";
      const word = quoted ? text.slice(at + 1, Math.max(at + 1, end - 1)) : text.slice(at, end);
      yield { text: word, line };
      line += linesIn(text, at, end);
      at = end;
      if (last === '') last = word;
    }
  }
}

function isBlank(letter: string): boolean {
  return letter === ' ' || letter === '\t' || letter === '\n' || letter === '\r' || letter === '\ufeff';
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

function behindQuote(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

/** Behind a word: `${name}` belongs to it. */
function behindWord(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const letter = text[at] as string;
    if (letter === '\\') at++;
    else if (letter === '$' && text[at + 1] === '{') at = endOf(text, '}', at);
    else if (isBlank(letter) || letter === ';' || letter === '{' || letter === '}') return at;
  }
  return text.length;
}

/** Behind the brace that closes a block of code. */
function behindCode(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at + 1;
  }
  return text.length;
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
