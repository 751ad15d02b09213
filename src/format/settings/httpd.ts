import { type ConfigurationText, deepestBlock, type Include, type Settings } from './contract.ts';
import { folderOf, Gatherer } from './gather.ts';
import { joinedLines, wordsOf } from './line-scan.ts';

/** Sections that only ask whether what stands in them is to be read: that is taken for granted. */
const conditions = new Set(['ifmodule', 'ifdefine', 'ifversion', 'iffile', 'ifdirective', 'ifsection']);

/**
 * Reads httpd.conf (Apache HTTP Server): a directive a line, sections as `<Name words>` … `</Name>`. What stands in a section
 * holds there alone. Relative paths of `Include` stand below `ServerRoot`, or the folder of the main file.
 */
export function readHttpd(file: ConfigurationText, include: Include): Settings {
  const reader = new HttpdReader(new Gatherer('last', include), folderOf(file.path));
  return reader.gatherer.gather(file, (one) => reader.read(one));
}

class HttpdReader {
  readonly gatherer: Gatherer;
  /** What relative paths stand below. */
  #root: string;
  /** One for each open section; empty for those that are no blocks. */
  #open: string[] = [];

  constructor(gatherer: Gatherer, root: string) {
    this.gatherer = gatherer;
    this.#root = root;
  }

  /** Reads one file: what it closes, it has opened itself. */
  read({ path, text: whole }: ConfigurationText): void {
    const outer = this.#open.length;
    for (const { text, line } of joinedLines(whole, '#')) {
      if (this.gatherer.full) break;
      if (text.startsWith('</')) {
        if (this.#open.length > outer) this.#open.pop();
      } else if (text.startsWith('<')) {
        if (!this.#section(text, line, path)) break;
      } else this.#directive(text, line, path);
    }
    this.#open.length = outer;
  }

  #directive(text: string, line: number, path: string): void {
    const [word = '', ...args] = wordsOf(text);
    const name = word.toLowerCase();
    const value = args.join(' ');
    if (name === 'include' || name === 'includeoptional') {
      for (const pattern of args) this.gatherer.include(pattern, this.#root, (other) => this.read(other));
      return;
    }
    if (name === 'serverroot') this.#root = value.replace(/\/$/, '') || '/';
    const block = this.#block();
    this.gatherer.add({ name, value, args, block, line, path }, block === '');
  }

  /** Opens a section. False: too many are open. */
  #section(text: string, line: number, path: string): boolean {
    const [word = '', ...args] = wordsOf(text.slice(1).replace(/>$/, ''));
    const name = word.toLowerCase();
    const isBlock = !conditions.has(name) && name !== '';
    if (isBlock) this.gatherer.add({ name, value: args.join(' '), args, block: this.#block(), line, path }, false);
    if (this.#open.length >= deepestBlock) {
      this.gatherer.lack ??= `its sections are nested more than ${deepestBlock} deep`;
      return false;
    }
    this.#open.push(isBlock ? [name, ...args].join(' ') : '');
    return true;
  }

  #block(): string {
    return this.#open.filter((block) => block !== '').join(' > ');
  }
}
