import { SluiceError } from '../../../util/error.ts';
import { anyCharacter, controls, letterClasses, notLineFeed, posixClasses } from './classes.ts';
import { type CharSet, charSet, complement, foldCase, lastCodePoint, type PatternNode, pairsOf } from './node.ts';

/** Longest pattern (characters). */
const longestPattern = 20_000;
/** How deep groups may be nested. */
const deepestGroups = 100;
/** The most that a repeat may ask for (RE2's own limit). */
const mostRepeats = 1000;

interface Flags {
  readonly fold: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

const noFlags: Flags = { fold: false, lines: false, dotAll: false, ungreedy: false };

/**
 * Reads a pattern in RE2's syntax, but for classes of Unicode (`\pL`) and single bytes (`\C`).
 * @throws SluiceError `pattern/syntax` for what is no pattern, `pattern/unsupported` for what this reader does not know
 */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > longestPattern) throw syntax(`the pattern is longer than ${longestPattern} characters`);
  const reader = new PatternReader(pattern);
  return reader.read();
}

function syntax(message: string): SluiceError {
  return new SluiceError('pattern/syntax', message);
}

function unsupported(message: string): SluiceError {
  return new SluiceError('pattern/unsupported', message);
}

class PatternReader {
  readonly #text: string;
  #at = 0;
  #groups = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): PatternNode {
    const node = this.#alternation({ flags: noFlags });
    if (this.#at < this.#text.length) throw syntax('the pattern has a ) without its (');
    return node;
  }

  /** `flags` may change within: what stands behind `(?i)` goes by it up to the end of the group. */
  #alternation(scope: { flags: Flags }): PatternNode {
    const branches: PatternNode[] = [];
    for (;;) {
      branches.push(this.#sequence(scope));
      if (this.#text[this.#at] !== '|') break;
      this.#at++;
    }
    return branches.length === 1 ? branches[0]! : { kind: 'alt', items: branches };
  }

  #sequence(scope: { flags: Flags }): PatternNode {
    const items: PatternNode[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      if (this.#text.startsWith('\\Q', this.#at)) {
        this.#quoted(items, scope.flags);
        continue;
      }
      const atom = this.#atom(scope);
      if (atom !== undefined) items.push(this.#repeats(atom, scope.flags));
    }
    if (items.length === 0) return { kind: 'empty' };
    return items.length === 1 ? items[0]! : { kind: 'cat', items };
  }

  /** `\Q…\E`: as it stands; a repeat behind it is for its last character. */
  #quoted(items: PatternNode[], flags: Flags): void {
    const end = this.#text.indexOf('\\E', this.#at + 2);
    const text = this.#text.slice(this.#at + 2, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 2;
    for (const char of text) items.push(one([char.codePointAt(0)!, char.codePointAt(0)!], flags));
    const last = items.pop();
    if (last !== undefined) items.push(this.#repeats(last, flags));
  }

  #repeats(atom: PatternNode, flags: Flags): PatternNode {
    let node = atom;
    for (let times = 0; ; times++) {
      const range = this.#range();
      if (range === undefined) return node;
      if (times > 0) throw syntax('the pattern repeats a repeat: put it in a group');
      const marked = this.#text[this.#at] === '?';
      if (marked) this.#at++;
      node = { kind: 'repeat', of: node, min: range[0], max: range[1], lazy: marked !== flags.ungreedy };
    }
  }

  /** `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`; a `{` that begins none of these is a character. */
  #range(): readonly [number, number] | undefined {
    const char = this.#text[this.#at];
    if (char === '*' || char === '+' || char === '?') {
      this.#at++;
      return char === '*' ? [0, Number.POSITIVE_INFINITY] : char === '+' ? [1, Number.POSITIVE_INFINITY] : [0, 1];
    }
    if (char !== '{') return undefined;
    const found = /^\{(\d{1,9})(,(\d{0,9}))?\}/.exec(this.#text.slice(this.#at, this.#at + 24));
    if (found === null) return undefined;
    this.#at += found[0].length;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (min > mostRepeats || (max > mostRepeats && max !== Number.POSITIVE_INFINITY))
      throw syntax(`${found[0]} asks for more than ${mostRepeats} repeats`);
    if (min > max) throw syntax(`${found[0]} has its ends the wrong way round`);
    return [min, max];
  }

  #atom(scope: { flags: Flags }): PatternNode | undefined {
    const { flags } = scope;
    const char = this.#next();
    switch (char) {
      case '(':
        return this.#group(scope);
      case '[':
        return one(this.#bracket(flags), noFlags);
      case '.':
        return one(flags.dotAll ? anyCharacter : notLineFeed, noFlags);
      case '^':
        return { kind: 'assert', what: flags.lines ? 'line-begin' : 'begin' };
      case '$':
        return { kind: 'assert', what: flags.lines ? 'line-end' : 'end' };
      case '\\':
        return this.#escape(flags);
      case '*':
      case '+':
      case '?':
        throw syntax(`the pattern has a ${char} with nothing in front of it`);
      default: {
        const code = char.codePointAt(0)!;
        return one([code, code], flags);
      }
    }
  }

  #next(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw syntax('the pattern ends too early');
    const char = String.fromCodePoint(code);
    this.#at += char.length;
    return char;
  }

  #group(scope: { flags: Flags }): PatternNode | undefined {
    let inner = { flags: scope.flags };
    let index: number | undefined;
    if (this.#text[this.#at] !== '?') index = ++this.#groups;
    else {
      const named = /^\?P?<([A-Za-z_]\w{0,99})>/.exec(this.#text.slice(this.#at, this.#at + 110));
      if (named !== null) {
        this.#at += named[0].length;
        index = ++this.#groups;
      } else {
        const flags = this.#flags(scope.flags);
        if (this.#text[this.#at - 1] === ')') {
          scope.flags = flags;
          return undefined;
        }
        inner = { flags };
      }
    }
    if (++this.#depth > deepestGroups) throw syntax(`the pattern has groups more than ${deepestGroups} deep`);
    const of = this.#alternation(inner);
    this.#depth--;
    if (this.#text[this.#at] !== ')') throw syntax('the pattern has a ( without its )');
    this.#at++;
    return index === undefined ? of : { kind: 'group', of, index };
  }

  /** `?i-s:` or `?i)`; stops behind the `:` or `)`. */
  #flags(given: Flags): Flags {
    const found = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(this.#text.slice(this.#at, this.#at + 20));
    if (found === null) {
      const shown = JSON.stringify(this.#text.slice(this.#at - 1, this.#at + 3));
      throw syntax(`RE2 has no group like ${shown}: neither look-around nor other extensions`);
    }
    this.#at += found[0].length;
    const set = (letter: string, before: boolean): boolean =>
      found[2]?.includes(letter) ? false : found[1]?.includes(letter) ? true : before;
    return {
      fold: set('i', given.fold),
      lines: set('m', given.lines),
      dotAll: set('s', given.dotAll),
      ungreedy: set('U', given.ungreedy),
    };
  }

  #escape(flags: Flags): PatternNode {
    const assertion = assertions.get(this.#text[this.#at] ?? '');
    if (assertion !== undefined) {
      this.#at++;
      return { kind: 'assert', what: assertion };
    }
    const set = this.#escaped();
    return one(set, flags);
  }

  /** What stands behind a backslash, within brackets and outside. */
  #escaped(): CharSet {
    const char = this.#next();
    const named = letterClasses.get(char);
    if (named !== undefined) return named;
    const control = controls.get(char);
    if (control !== undefined) return [control, control];
    if (char === 'x') return this.#hexadecimal();
    if (char >= '0' && char <= '7') {
      const more = /^[0-7]{0,2}/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0] ?? '';
      if (char !== '0' && more === '') throw syntax(`RE2 has no back references: \\${char}`);
      this.#at += more.length;
      const code = Number.parseInt(char + more, 8);
      return [code, code];
    }
    if (char === 'p' || char === 'P' || char === 'C') throw unsupported(`\\${char} is not known here`);
    if (/[A-Za-z0-9]/.test(char)) throw syntax(`RE2 has no \\${char}`);
    const code = char.codePointAt(0)!;
    return [code, code];
  }

  #hexadecimal(): CharSet {
    const found = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.#text.slice(this.#at, this.#at + 8));
    if (found === null) throw syntax('\\x needs two hexadecimal digits, or some in braces');
    this.#at += found[0].length;
    const code = Number.parseInt(found[1] ?? found[2]!, 16);
    if (code > lastCodePoint) throw syntax(`\\x${found[0]} is no character`);
    return [code, code];
  }

  /** Behind `[`, up to behind its `]`. */
  #bracket(flags: Flags): CharSet {
    const negated = this.#text[this.#at] === '^';
    if (negated) this.#at++;
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
      if (this.#at >= this.#text.length) throw syntax('the pattern has a [ without its ]');
      this.#bracketItem(ranges);
    }
    this.#at++;
    const set = charSet(ranges);
    const folded = flags.fold ? foldCase(set) : set;
    return negated ? complement(folded) : folded;
  }

  #bracketItem(ranges: (readonly [number, number])[]): void {
    const posix = /^\[:(\^?)([a-z]{1,10}):\]/.exec(this.#text.slice(this.#at, this.#at + 16));
    if (posix !== null) {
      const set = posixClasses.get(posix[2]!);
      if (set === undefined) throw syntax(`RE2 has no ${posix[0]}`);
      this.#at += posix[0].length;
      ranges.push(...pairsOf(posix[1] === '^' ? complement(set) : set));
      return;
    }
    const low = this.#bracketCharacter();
    const isRange =
      this.#text[this.#at] === '-' && this.#at + 1 < this.#text.length && this.#text[this.#at + 1] !== ']';
    if (low.length !== 2 || low[0] !== low[1] || !isRange) {
      ranges.push(...pairsOf(low));
      return;
    }
    this.#at++;
    const high = this.#bracketCharacter();
    if (high.length !== 2 || high[0] !== high[1] || high[0]! < low[0]!)
      throw syntax('the pattern has a range in brackets that is none');
    ranges.push([low[0]!, high[0]!]);
  }

  #bracketCharacter(): CharSet {
    const char = this.#next();
    if (char === '\\') return this.#escaped();
    const code = char.codePointAt(0)!;
    return [code, code];
  }
}

const assertions: ReadonlyMap<string, 'begin' | 'end' | 'word' | 'not-word'> = new Map([
  ['A', 'begin'],
  ['z', 'end'],
  ['b', 'word'],
  ['B', 'not-word'],
]);

function one(of: CharSet, flags: Flags): PatternNode {
  return { kind: 'one', of: flags.fold ? foldCase(of) : of };
}
