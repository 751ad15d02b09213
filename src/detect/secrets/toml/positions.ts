import { textLines } from '../../../util/text-lines.ts';

/** Line of each key by its path (`rules[2].regex`), of each table by its own (`rules[2]`); from 1. */
export type Positions = ReadonlyMap<string, number>;

const header = /^\s*(\[\[?)\s*([A-Za-z0-9_.\s-]{1,200}?)\s*\]\]?\s*(?:#.*)?$/;
const key = /^\s*([A-Za-z0-9_-]{1,100}|"[^"\\]{1,100}"|'[^']{1,100}')\s*(?:=|\.)/;

/** The lines of a TOML document's tables and keys, which its parser does not tell; linear, and lenient where it is none. */
export function tomlPositions(text: string): Positions {
  const positions = new Map<string, number>();
  const counts = new Map<string, number>();
  const state: LineState = { quote: '', depth: 0 };
  let table = '';
  let number = 0;
  for (const line of textLines(text)) {
    number++;
    if (state.quote === '' && state.depth === 0) {
      const head = line.length < 400 ? header.exec(line) : null;
      if (head !== null) {
        table = tablePath(head[2]!.split(/\s*\.\s*/), head[1] === '[[', counts);
        if (!positions.has(table)) positions.set(table, number);
        continue;
      }
      const name = key.exec(line)?.[1]?.replace(/^["']|["']$/g, '');
      const path = name === undefined ? '' : table === '' ? name : `${table}.${name}`;
      if (name !== undefined && !positions.has(path)) positions.set(path, number);
    }
    pass(line, state);
  }
  return positions;
}

/** `rules`, `allowlists` of the third rule's second: `rules[2].allowlists[1]`. */
function tablePath(names: readonly string[], isItem: boolean, counts: Map<string, number>): string {
  let path = '';
  for (const [index, name] of names.entries()) {
    path = path === '' ? name : `${path}.${name}`;
    const isLast = index === names.length - 1;
    if (isLast && isItem) counts.set(path, (counts.get(path) ?? 0) + 1);
    const count = counts.get(path);
    if (count !== undefined) path = `${path}[${count - 1}]`;
  }
  return path;
}

interface LineState {
  /** The quotes of the text that goes on, else empty. */
  quote: string;
  /** Open brackets of lists. */
  depth: number;
}

/** Follows texts and lists through one line. */
function pass(line: string, state: LineState): void {
  for (let at = 0; at < line.length; ) {
    const char = line[at]!;
    if (state.quote !== '') {
      if (char === '\\' && state.quote[0] === '"') at += 2;
      else if (line.startsWith(state.quote, at)) {
        at += state.quote.length;
        state.quote = '';
      } else at++;
      continue;
    }
    if (char === '#') break;
    if (char === '"' || char === "'") {
      state.quote = line.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
      at += state.quote.length;
      continue;
    }
    if (char === '[' || char === '{') state.depth++;
    else if ((char === ']' || char === '}') && state.depth > 0) state.depth--;
    at++;
  }
  // A text in single quotes ends with its line.
  if (state.quote.length === 1) state.quote = '';
}
