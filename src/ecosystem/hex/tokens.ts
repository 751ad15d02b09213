import { SluiceError } from '../../util/error.ts';

/** Whose literals they are. */
export type Language = 'erlang' | 'elixir';

/** One word of a term. */
export interface Token {
  readonly kind: 'atom' | 'text' | 'other' | 'mark';
  readonly text: string;
  /** The bracket opens a map. */
  readonly map?: boolean;
  /** Elixir's `key:`: the value follows. */
  readonly key?: boolean;
}

const doubleQuote = 0x22;
const percent = 0x25;
const hash = 0x23;
const singleQuote = 0x27;
const colon = 0x3a;
const backslash = 0x5c;
const newline = 0x0a;
const space = 0x20;
const openBrace = 0x7b;
const dollar = 0x24;
const dot = 0x2e;

/** Escapes of one letter; of all others the character itself is kept. */
const escapes = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['s', ' '],
]);

/** Splits the text of terms into words, one by one, in time that grows with its length alone. */
export class Tokens {
  readonly #text: string;
  readonly #elixir: boolean;
  /** What begins a comment in one of the languages begins a map in the other. */
  readonly #comment: number;
  readonly #map: number;
  #at = 0;

  constructor(text: string, language: Language) {
    this.#text = text;
    this.#elixir = language === 'elixir';
    this.#comment = this.#elixir ? hash : percent;
    this.#map = this.#elixir ? percent : hash;
  }

  /**
   * The next word; undefined at the end of the text.
   * @throws SluiceError `hex/unreadable` where a quote never closes.
   */
  next(): Token | undefined {
    this.#skipBlanks();
    const at = this.#at;
    const code = this.#text.charCodeAt(at);
    if (Number.isNaN(code)) return undefined;
    if (code === doubleQuote) return this.#keyed({ kind: 'text', text: this.#quoted(at) });
    if (code === singleQuote) return this.#keyed({ kind: this.#elixir ? 'text' : 'atom', text: this.#quoted(at) });
    if (code === this.#map && this.#text.charCodeAt(at + 1) === openBrace) {
      this.#at += 2;
      return { kind: 'mark', text: '{', map: true };
    }
    if (this.#elixir && code === colon) return this.#atomAfterColon(at + 1);
    return isWord(code) ? this.#word(at) : this.#mark(at);
  }

  /** Skips the mark when it comes next. */
  skip(mark: string): boolean {
    this.#skipBlanks();
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #skipBlanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === this.#comment) {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end === -1 ? this.#text.length : end;
      } else if (code <= space || code === 0xfeff) {
        this.#at++;
      } else {
        return;
      }
    }
  }

  /** Elixir's `:name` or `:"any name"`. */
  #atomAfterColon(start: number): Token {
    if (this.#text.charCodeAt(start) === doubleQuote) return { kind: 'atom', text: this.#quoted(start) };
    return isWord(this.#text.charCodeAt(start))
      ? { kind: 'atom', text: this.#word(start).text }
      : this.#mark(start - 1);
  }

  /** A bare word: an atom where it starts with a small letter, else a number or a variable. */
  #word(start: number): Token {
    let at = start;
    if (this.#text.charCodeAt(at) === dollar && !this.#elixir) return this.#character(at + 1);
    while (this.#goesOn(at, start)) at++;
    this.#at = at;
    const text = this.#text.slice(start, at);
    const first = text.charCodeAt(0);
    return this.#keyed({ kind: first >= 0x61 && first <= 0x7a ? 'atom' : 'other', text });
  }

  /** Erlang's numbers of another base are written `16#ff`; a full stop that ends a term belongs to no word. */
  #goesOn(at: number, start: number): boolean {
    const code = this.#text.charCodeAt(at);
    if (code === dot) return isWord(this.#text.charCodeAt(at + 1));
    return isWord(code) || (code === hash && at > start && !this.#elixir);
  }

  /** Erlang's `$c`: the number of a character, whichever it is. */
  #character(start: number): Token {
    this.#at = start + (this.#text.charCodeAt(start) === backslash ? 2 : 1);
    return { kind: 'other', text: this.#text.slice(start, this.#at) };
  }

  /** Two characters that belong together, or one. */
  #mark(start: number): Token {
    const two = this.#text.slice(start, start + 2);
    const text = two === '<<' || two === '>>' ? two : two.charAt(0);
    this.#at = start + text.length;
    return { kind: 'mark', text };
  }

  /** `key:` of a keyword list, with the colon right behind it. */
  #keyed(token: Token): Token {
    if (!this.#elixir || this.#text.charCodeAt(this.#at) !== colon) return token;
    const after = this.#text.charCodeAt(this.#at + 1);
    if (after !== space && after !== newline) return token;
    this.#at++;
    return { ...token, key: true };
  }

  /** What stands between the quote at `start` and the next one of its kind. */
  #quoted(start: number): string {
    const quote = this.#text.charCodeAt(start);
    let text = '';
    let from = start + 1;
    for (let at = from; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === quote) {
        this.#at = at + 1;
        return text + this.#text.slice(from, at);
      }
      if (code !== backslash) continue;
      const escaped = this.#text.charAt(at + 1);
      text += this.#text.slice(from, at) + (escapes.get(escaped) ?? escaped);
      from = ++at + 1;
    }
    throw new SluiceError('hex/unreadable', 'a quoted text has no end');
  }
}

/** Letters of any alphabet, digits, and what numbers, atoms and Erlang's `$c`, `16#ff`, `a@b` are written with. */
function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f || // _
    code === 0x40 || // @
    code === 0x2d || // -
    code === 0x2b || // +
    code === 0x24 || // $
    code === 0x3f || // ?
    code === 0x21 || // !
    code >= 0xc0
  );
}
