import { type ConfigurationText, deepestBlock, type Include, type Settings } from './contract.ts';
import { folderOf, Gatherer } from './gather.ts';
import { nginxTokens } from './nginx-tokens.ts';

/**
 * Reads nginx.conf: `name words;` and `name words { … }`. What stands in a block holds there alone: only what stands outside of
 * all is what the program goes by as a whole. Relative paths of `include` stand below the folder of the main file.
 */
export function readNginx(file: ConfigurationText, include: Include): Settings {
  const reader = new NginxReader(new Gatherer('last', include), folderOf(file.path));
  return reader.gatherer.gather(file, (one) => reader.read(one));
}

class NginxReader {
  readonly gatherer: Gatherer;
  readonly #folder: string;
  readonly #blocks: string[] = [];

  constructor(gatherer: Gatherer, folder: string) {
    this.gatherer = gatherer;
    this.#folder = folder;
  }

  /** Reads one file: what it closes, it has opened itself. */
  read({ path, text: whole }: ConfigurationText): void {
    const outer = this.#blocks.length;
    let words: string[] = [];
    let begun = 0;
    for (const { text, mark, line } of nginxTokens(whole)) {
      if (this.gatherer.full) break;
      if (mark === undefined) {
        if (words.length === 0) begun = line;
        words.push(text);
        continue;
      }
      if (mark === '}') {
        if (this.#blocks.length > outer) this.#blocks.pop();
      } else if (!this.#directive(words, mark === '{', begun, path)) break;
      words = [];
    }
    this.#blocks.length = outer;
  }

  /** A directive, which may open a block. False: too many are open. */
  #directive([word = '', ...args]: readonly string[], opens: boolean, line: number, path: string): boolean {
    const name = word.toLowerCase();
    if (name === 'include' && !opens) {
      for (const pattern of args) this.gatherer.include(pattern, this.#folder, (other) => this.read(other));
      return true;
    }
    const block = this.#blocks.join(' > ');
    if (name !== '') this.gatherer.add({ name, value: args.join(' '), args, block, line, path }, block === '');
    if (!opens) return true;
    if (this.#blocks.length >= deepestBlock) {
      this.gatherer.lack ??= `its blocks are nested more than ${deepestBlock} deep`;
      return false;
    }
    this.#blocks.push([name, ...args].join(' '));
    return true;
  }
}
