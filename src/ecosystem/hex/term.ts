import { SluiceError } from '../../util/error.ts';
import { type Language, type Token, Tokens } from './tokens.ts';

/** A term as far as it matters here. A text is a string, binary or charlist; numbers and all else are `other`. */
export type Term =
  | { readonly kind: 'atom' | 'text' | 'other'; readonly text: string }
  | { readonly kind: 'tuple' | 'list'; readonly items: readonly Term[] };

/** How deep terms from outside may nest: what the tools write needs a tenth of it. */
const depthLimit = 100;
/** Most terms that one file may hold, which bounds the packages too: the largest lock files have a hundredth. */
const termLimit = 500_000;

const closing = new Map([
  ['{', '}'],
  ['[', ']'],
  ['<<', '>>'],
]);

/**
 * Reads the terms of a file one after the other: Erlang's (erlang.org, Reference Manual, "Data Types"), each ended by a
 * full stop, or the literals of Elixir (hexdocs.pm, "Syntax reference"). Maps become lists of pairs, and so do keyword
 * lists. Nothing is evaluated.
 * @throws SluiceError `hex/unreadable` when it isn't made of terms, or of too many or too deep ones.
 */
export function readTerms(text: string, language: Language): Term[] {
  return new TermReader(text, language).all();
}

/** The items of a tuple or list; empty for anything else. */
export function itemsOf(term: Term | undefined): readonly Term[] {
  return term !== undefined && 'items' in term ? term.items : [];
}

/** The text of an atom, string or binary. */
export function textOf(term: Term | undefined): string | undefined {
  return term !== undefined && (term.kind === 'atom' || term.kind === 'text') ? term.text : undefined;
}

/** The text of a string or binary: versions are never atoms. */
export function stringOf(term: Term | undefined): string | undefined {
  return term?.kind === 'text' ? term.text : undefined;
}

/** The value of the first pair `{key, value}` in a list of them. */
export function propertyOf(list: Term | undefined, key: string): Term | undefined {
  for (const pair of itemsOf(list)) {
    if (pair.kind === 'tuple' && pair.items.length === 2 && textOf(pair.items[0]) === key) return pair.items[1];
  }
  return undefined;
}

class TermReader {
  readonly #tokens: Tokens;
  #terms = 0;

  constructor(text: string, language: Language) {
    this.#tokens = new Tokens(text, language);
  }

  all(): Term[] {
    const terms: Term[] = [];
    for (let token = this.#tokens.next(); token !== undefined; token = this.#tokens.next()) {
      if (token.kind !== 'mark' || token.text !== '.') terms.push(this.#term(token, 0));
    }
    return terms;
  }

  #term(token: Token | undefined, depth: number): Term {
    if (token === undefined) throw unreadable('it ends in the middle of a term');
    if (++this.#terms > termLimit) throw unreadable(`it holds more than ${termLimit} terms`);
    if (token.kind !== 'mark') return { kind: token.kind, text: token.text };
    const end = closing.get(token.text);
    if (end === undefined) throw unreadable('it holds what is no term');
    if (depth >= depthLimit) throw unreadable(`its terms nest deeper than ${depthLimit} levels`);
    const items = this.#items(end, depth + 1);
    if (end === '>>') return { kind: 'text', text: items.map((item) => textOf(item) ?? '').join('') };
    return { kind: end === '}' && !token.map ? 'tuple' : 'list', items };
  }

  /** Terms up to the closing mark. A pair (`key: value`, `key => value`) is one item; a list's tail (`| T`) another. */
  #items(end: string, depth: number): Term[] {
    const items: Term[] = [];
    for (let token = this.#tokens.next(); ; token = this.#tokens.next()) {
      if (token?.kind === 'mark') {
        if (token.text === end) return items;
        if (token.text === ',' || token.text === '|') continue;
        if (token.text === '/' || token.text === ':') {
          // How a piece of a binary is encoded: `<<"é"/utf8>>`.
          this.#tokens.next();
          continue;
        }
      }
      const first = this.#term(token, depth);
      if (this.#tokens.skip('=>') || token?.key) {
        items.push({ kind: 'tuple', items: [first, this.#term(this.#tokens.next(), depth)] });
      } else {
        items.push(first);
      }
    }
  }
}

/** The failure of a file that is not made of terms. */
export function unreadable(reason: string): SluiceError {
  return new SluiceError('hex/unreadable', reason);
}
