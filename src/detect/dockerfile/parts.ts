import type { Flag } from './contract.ts';

/** Most words of an instruction that are told. */
const mostWords = 2_000;

/** Instructions that may have flags. */
const flagged = new Set(['FROM', 'RUN', 'COPY', 'ADD', 'HEALTHCHECK']);

/** Instructions that can be written as a list of words (Dockerfile reference, "exec form"). */
const listed = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'COPY', 'ADD', 'VOLUME']);

/** What an instruction's line consists of. */
export interface Parts {
  /** Upper case. */
  readonly name: string;
  readonly flags: readonly Flag[];
  /** What stands behind name and flags. */
  readonly rest: string;
  /** Whether that is a list of words as JSON. */
  readonly exec: boolean;
  /** The words of the list, else what blanks separate, without quotes around them. */
  readonly words: readonly string[];
}

/** Takes the line of an instruction apart, be it from a Dockerfile or from an image's history. */
export function partsOf(line: string): Parts {
  const [first, behind] = headOf(line);
  const name = first.toUpperCase();
  const flags: Flag[] = [];
  let rest = behind;
  while (flagged.has(name) && rest.startsWith('--') && flags.length < 100) {
    const [word, next] = headOf(rest);
    const equals = word.indexOf('=');
    const [key, value] = equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
    flags.push({ name: key.slice(2).toLowerCase(), value: unquoted(value) });
    rest = next;
  }
  const list = listed.has(name) ? jsonWords(rest) : undefined;
  return { name, flags, rest, exec: list !== undefined, words: list ?? blankWords(rest) };
}

/** The first word, and what stands behind it. */
function headOf(text: string): [string, string] {
  const end = text.search(/\s/);
  return end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end).trimStart()];
}

/** The words of a list; undefined when it is none. Builders take what is no valid JSON for a script. */
function jsonWords(text: string): readonly string[] | undefined {
  if (!text.startsWith('[') || text.length > 100_000) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list.slice(0, mostWords) : undefined;
  } catch {
    return builtWords(text);
  }
}

/** `["a" "b"]`: how builders write a list of words into the history. */
function builtWords(text: string): readonly string[] | undefined {
  const inner = text.trimEnd();
  if (!/^\["/.test(inner) || !inner.endsWith('"]')) return undefined;
  try {
    const list: unknown = JSON.parse(inner.replaceAll('" "', '","'));
    return Array.isArray(list) ? list.filter((word) => typeof word === 'string').slice(0, mostWords) : undefined;
  } catch {
    return undefined;
  }
}

function blankWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (const part of text.split(/(\s+|["'])/)) {
    if (part === '') continue;
    if (quote !== '') {
      if (part === quote) quote = '';
      else word += part;
    } else if (part === '"' || part === "'") quote = part;
    else if (part.trim() === '') {
      if (word !== '') words.push(word);
      word = '';
    } else word += part;
    if (words.length >= mostWords) return words;
  }
  if (word !== '') words.push(word);
  return words;
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}
