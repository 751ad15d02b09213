import { SluiceError } from '../../util/error.ts';
import type { ConfigurationText, Include, Settings } from './contract.ts';
import { Gatherer } from './gather.ts';
import { addTree, deepestValue, type Tree } from './tree.ts';

/** Reads JSON (RFC 8259) with the lines of its values; comments are passed over. @throws SluiceError `config/...` */
export function readJsonSettings(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  return gatherer.gather(file, ({ text, path }) => addTree(gatherer, new JsonReader(text).read(), path));
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  read(): Tree {
    const tree = this.#value(0);
    if (this.#next() !== '') throw this.#wrong();
    return tree;
  }

  /** The next character that means something, not passed; empty at the end. */
  #next(): string {
    for (; this.#at < this.#text.length; this.#at++) {
      const letter = this.#text[this.#at] as string;
      if (letter === '\n') this.#line++;
      else if (letter === '/' && this.#comment()) continue;
      else if (letter !== ' ' && letter !== '\t' && letter !== '\r') return letter;
    }
    return '';
  }

  /** Passes a comment but for its last character; whether there is one. */
  #comment(): boolean {
    const second = this.#text[this.#at + 1];
    if (second !== '/' && second !== '*') return false;
    const end = this.#text.indexOf(second === '/' ? '\n' : '*/', this.#at + 2);
    const to = end < 0 ? this.#text.length : second === '/' ? end : end + 2;
    for (let at = this.#at; at < to; at++) if (this.#text.charCodeAt(at) === 10) this.#line++;
    this.#at = to - 1;
    return true;
  }

  #value(depth: number): Tree {
    if (depth > deepestValue) throw new SluiceError('config/too-deep', `it nests deeper than ${deepestValue} levels`);
    const letter = this.#next();
    const line = this.#line;
    if (letter === '{') return { kind: 'map', entries: this.#entries(depth), line };
    if (letter === '[') return { kind: 'list', items: this.#items(depth), line };
    if (letter === '"') return { kind: 'text', text: this.#string(), line };
    const from = this.#at;
    while (this.#at < this.#text.length && /[\w.+-]/.test(this.#text[this.#at] as string)) this.#at++;
    const text = this.#text.slice(from, this.#at);
    if (text === '') throw this.#wrong();
    return { kind: 'text', text: text === 'null' ? '' : text, line };
  }

  #entries(depth: number): [string, Tree, number][] {
    const entries: [string, Tree, number][] = [];
    this.#at++;
    for (let letter = this.#next(); letter !== '}'; letter = this.#next()) {
      if (letter !== '"') throw this.#wrong();
      const line = this.#line;
      const name = this.#string();
      this.#expect(':');
      entries.push([name, this.#value(depth + 1), line]);
      if (this.#next() === ',') this.#at++;
      else if (this.#next() !== '}') throw this.#wrong();
    }
    this.#at++;
    return entries;
  }

  #items(depth: number): Tree[] {
    const items: Tree[] = [];
    this.#at++;
    while (this.#next() !== ']') {
      items.push(this.#value(depth + 1));
      if (this.#next() === ',') this.#at++;
      else if (this.#next() !== ']') throw this.#wrong();
    }
    this.#at++;
    return items;
  }

  #expect(mark: string): void {
    if (this.#next() !== mark) throw this.#wrong();
    this.#at++;
  }

  #string(): string {
    const from = this.#at++;
    while (this.#text[this.#at] !== '"') {
      if (this.#at >= this.#text.length || this.#text[this.#at] === '\n') throw this.#wrong();
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    }
    this.#at++;
    try {
      return JSON.parse(this.#text.slice(from, this.#at)) as string;
    } catch {
      throw this.#wrong();
    }
  }

  #wrong(): SluiceError {
    return new SluiceError('config/malformed', `it is no JSON in line ${this.#line}`);
  }
}
