/** Most pairs of one instruction that are read. */
const mostPairs = 2_000;

/**
 * The names and values that ENV, ARG and LABEL set (Dockerfile reference): `NAME=value …`, of ENV and LABEL also `NAME value`.
 * The value of an argument that has none is empty. Quotes are taken away.
 */
export function pairsOf(name: string, rest: string, escaper: string): readonly (readonly [string, string])[] {
  if (name !== 'ENV' && name !== 'ARG' && name !== 'LABEL') return [];
  const words = quotedWords(rest, escaper);
  const [first] = words;
  if (first === undefined) return [];
  if (name !== 'ARG' && !first.includes('=')) return [[first, rest.slice(first.length).trim()]];
  return words.slice(0, mostPairs).map((word) => {
    const equals = word.indexOf('=');
    return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
  });
}

/** The words that blanks separate outside of quotes, the quotes taken away. */
function quotedWords(text: string, escaper: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length && words.length < mostPairs; ) {
    const char = text[at]!;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
      continue;
    }
    const isQuote = char === '"' || char === "'";
    const [part, end] = isQuote
      ? quoted(text, at, escaper)
      : [plain(text, at, escaper), at + (char === escaper ? 2 : 1)];
    word = (word ?? '') + part;
    at = end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** One character outside of quotes; a variable that is escaped stays so until variables are replaced. */
function plain(text: string, at: number, escaper: string): string {
  if (text[at] !== escaper) return text[at]!;
  const next = text[at + 1] ?? '';
  return next === '$' ? escaper + next : next;
}

/** What stands in the quotes that begin at `from`, and where what is behind them begins. */
function quoted(text: string, from: number, escaper: string): readonly [string, number] {
  const quote = text[from]!;
  let out = '';
  let at = from + 1;
  for (; at < text.length && text[at] !== quote; at++) {
    const char = text[at]!;
    if (quote === "'") out += char === '$' ? escaper + char : char;
    else if (char !== escaper || at + 1 >= text.length) out += char;
    else {
      const next = text[++at]!;
      out += next === quote || next === escaper ? next : char + next;
    }
  }
  return [out, at + 1];
}
