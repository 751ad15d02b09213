import { closing } from './closing.ts';
import type { ShellCommand } from './contract.ts';
import { Draft } from './draft.ts';

/** Most commands that are told of one script. */
const mostCommands = 2_000;

/** Most programs of a pipeline that are told of one in front of them. */
const mostFeeds = 20;

/** How deep scripts may stand in each other's words; what lies deeper is taken as a text. */
const deepest = 8;

/** The simple commands of a script in their order, also those in `$(…)`, `<(…)`, backquotes and `sh -c`. Never throws. */
export function commandsIn(script: string): readonly ShellCommand[] {
  return new ScriptReader(script, 0).read().slice(0, mostCommands);
}

/** Words behind which a command begins anew. */
const openers = new Set(['if', 'then', 'elif', 'else', 'do', 'while', 'until', '!', '{']);

/** Reads one script from left to right; every character is looked at a bounded number of times. */
class ScriptReader {
  readonly #text: string;
  readonly #depth: number;
  readonly #found: ShellCommand[] = [];
  #at = 0;
  #draft = new Draft();
  #pipeline: Draft[] = [];
  /** The word that is being read; undefined between words. */
  #word: string | undefined;
  #isQuoted = false;
  /** What the next word is instead of a word of the command: where output goes, or what ends a here-document. */
  #next: 'redirection' | 'here' | 'here-tabs' | undefined;
  #heres: { readonly mark: string; readonly tabs: boolean; readonly reader: Draft }[] = [];
  /** Whether the pattern of a `case` is being read. */
  #isPattern = false;

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  read(): ShellCommand[] {
    while (this.#at < this.#text.length && this.#found.length < mostCommands) this.#step();
    this.#endPipeline();
    return this.#found;
  }

  #step(): void {
    const char = this.#text[this.#at]!;
    switch (char) {
      case '\\':
        this.#escaped();
        break;
      case "'":
        this.#single();
        break;
      case '"':
        this.#double();
        break;
      case '`':
        this.#backquote();
        break;
      case '$':
        this.#dollar();
        break;
      case ' ':
      case '\t':
      case '\r':
        this.#at++;
        this.#endWord();
        break;
      case '\n':
        this.#at++;
        this.#newline();
        break;
      case '&':
        // `&>` sends both outputs to a file.
        if (this.#text[this.#at + 1] === '>') this.#redirect(char);
        else this.#operator(char);
        break;
      case ';':
      case '|':
      case '(':
      case ')':
        this.#operator(char);
        break;
      case '<':
      case '>':
        this.#redirect(char);
        break;
      default:
        if (char === '#' && this.#word === undefined) this.#comment();
        else this.#plain();
    }
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  /** Takes all characters at once that mean nothing. */
  #plain(): void {
    const from = this.#at++;
    while (this.#at < this.#text.length && !special.has(this.#text.charCodeAt(this.#at))) this.#at++;
    this.#add(this.#text.slice(from, this.#at));
  }

  #escaped(): void {
    const next = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    if (next !== '\n') this.#add(next);
  }

  #single(): void {
    const end = this.#endOr(this.#text.indexOf("'", this.#at + 1));
    this.#add(this.#text.slice(this.#at + 1, end));
    this.#isQuoted = true;
    this.#at = end + 1;
  }

  #double(): void {
    this.#add('');
    this.#isQuoted = true;
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const char = this.#text[this.#at]!;
      if (char === '\\') this.#escaped();
      else if (char === '`') this.#backquote();
      else if (char === '$') this.#dollar();
      else {
        const from = this.#at++;
        while (this.#at < this.#text.length && !specialInQuotes.has(this.#text.charCodeAt(this.#at))) this.#at++;
        this.#add(this.#text.slice(from, this.#at));
      }
    }
    this.#at++;
  }

  #backquote(): void {
    const end = this.#endOr(this.#text.indexOf('`', this.#at + 1));
    this.#nest(this.#text.slice(this.#at + 1, end));
    this.#add(this.#text.slice(this.#at, end + 1));
    this.#at = end + 1;
  }

  #dollar(): void {
    const next = this.#text[this.#at + 1];
    if (next !== '(' && next !== '{') {
      this.#at++;
      this.#add('$');
      return;
    }
    const end = this.#endOr(closing(this.#text, this.#at + 1));
    const isArithmetic = this.#text.startsWith('((', this.#at + 1);
    if (next === '(' && !isArithmetic) this.#nest(this.#text.slice(this.#at + 2, end));
    this.#add(this.#text.slice(this.#at, end + 1));
    this.#at = end + 1;
  }

  /** Reads the script within a word: what it writes goes to the command that the word is of. */
  #nest(script: string): void {
    const { nested } = this.#draft;
    if (this.#depth >= deepest || nested.length >= mostCommands) return;
    nested.push(...new ScriptReader(script, this.#depth + 1).read());
  }

  #comment(): void {
    this.#at = this.#endOr(this.#text.indexOf('\n', this.#at));
  }

  #newline(): void {
    this.#endPipeline();
    const heres = this.#heres;
    this.#heres = [];
    for (const { mark, tabs, reader } of heres) this.#skipHere(mark, tabs, reader);
  }

  /** The body of a here-document is a script only where a shell reads it. */
  #skipHere(mark: string, tabs: boolean, reader: Draft): void {
    const from = this.#at;
    let end = this.#text.length;
    while (this.#at < this.#text.length) {
      const lineEnd = this.#endOr(this.#text.indexOf('\n', this.#at));
      const line = this.#text.slice(this.#at, lineEnd);
      if ((tabs ? line.replace(/^\t+/, '') : line) === mark) end = this.#at;
      this.#at = lineEnd + 1;
      if (end !== this.#text.length) break;
    }
    if (reader.isShell && this.#depth < deepest) {
      this.#found.push(...new ScriptReader(this.#text.slice(from, end), this.#depth + 1).read());
    }
  }

  #operator(char: string): void {
    const isDouble = this.#text[this.#at + 1] === char && char !== '(' && char !== ')';
    const isPipe = char === '|' && !isDouble;
    this.#at += isDouble || (isPipe && this.#text[this.#at + 1] === '&') ? 2 : 1;
    if (this.#isPattern && (isPipe || char === '(' || char === ')')) {
      // `a|b)` of a case: words that are no command.
      this.#word = undefined;
      this.#draft = new Draft();
      this.#isPattern = char !== ')';
    } else if (isPipe) this.#endCommand();
    else this.#endPipeline();
    if (char === ';' && isDouble) this.#isPattern = true;
  }

  #redirect(char: string): void {
    const word = this.#word;
    if (this.#text[this.#at + 1] === '(' && word === undefined) {
      this.#process();
      return;
    }
    // The number in front of it is that of a file: `2>`.
    if (word !== undefined && !this.#isQuoted && /^\d{1,2}$/.test(word)) this.#word = undefined;
    this.#endWord();
    const here = /^<<-?(?!<)/.exec(this.#text.slice(this.#at, this.#at + 4));
    if (char === '<' && here) {
      this.#next = here[0] === '<<-' ? 'here-tabs' : 'here';
      this.#at += here[0].length;
      return;
    }
    this.#next = 'redirection';
    while (/[<>&|]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  /** `<(…)`: the program reads what the script in it writes. */
  #process(): void {
    const end = this.#endOr(closing(this.#text, this.#at + 1));
    this.#nest(this.#text.slice(this.#at + 2, end));
    this.#add(this.#text.slice(this.#at, end + 1));
    this.#at = end + 1;
  }

  #endWord(): void {
    const word = this.#word;
    if (word === undefined) return;
    const isQuoted = this.#isQuoted;
    this.#word = undefined;
    this.#isQuoted = false;
    const next = this.#next;
    this.#next = undefined;
    if (next === 'redirection') return;
    if (next) this.#heres.push({ mark: word, tabs: next === 'here-tabs', reader: this.#draft });
    else if (this.#draft.isCase && word === 'in') {
      this.#draft = new Draft();
      this.#isPattern = true;
    } else if (word === 'esac') this.#isPattern = false;
    else if (isQuoted || !this.#draft.isEmpty || !openers.has(word)) this.#draft.add(word);
  }

  #endCommand(): void {
    this.#endWord();
    if (this.#pipeline.length < mostCommands) this.#pipeline.push(this.#draft);
    this.#draft = new Draft();
  }

  #endPipeline(): void {
    this.#endCommand();
    const inside = (script: string): ShellCommand[] =>
      this.#depth < deepest ? new ScriptReader(script, this.#depth + 1).read() : [];
    const finished = this.#pipeline.map((draft) => draft.finish(inside));
    const programs = finished.map(({ own }) => own?.program ?? '').filter((program) => program !== '');
    let behind = programs.length;
    for (const { own, others } of finished) {
      this.#found.push(...others);
      if (!own) continue;
      if (own.program !== '') behind--;
      const next = programs.length - behind;
      const feeds = behind > 0 ? programs.slice(next, next + mostFeeds) : [];
      this.#found.push({ ...own, feeds });
    }
    this.#pipeline = [];
  }

  #endOr(index: number): number {
    return index < 0 ? this.#text.length : index;
  }
}

const special = codes('\\\'"`$ \t\r\n;&|()<>');
const specialInQuotes = codes('\\"`$');

function codes(text: string): ReadonlySet<number> {
  return new Set([...text].map((char) => char.charCodeAt(0)));
}
