import { SluiceError } from './error.ts';

/** Longest pattern (characters). */
export const longestGlob = 1024;
/** Most texts that the braces of a glob may stand for. */
const mostAlternatives = 256;
/** How deep braces may be nested. */
const deepestBraces = 8;
/** Tokens that fit into one machine word of the matcher, with a bit for the end. */
const tokensInWord = 29;
const slash = 47;

/** Tells whether a text matches; linear in the text, whatever the pattern. */
export type Matcher = (text: string) => boolean;

/**
 * A glob over paths: `*` is any run without `/`, `**` any run, `?` one UTF-16 unit but `/`, `{a,b}` either; `\` takes the
 * meaning from what follows. A `**` that stands for whole folders may stand for none: `/a/**\/b` matches `/a/b`.
 * @throws SluiceError `glob/too-long`, `glob/brace` or `glob/too-many`
 */
export function compileGlob(pattern: string): Matcher {
  if (pattern.length > longestGlob)
    throw new SluiceError('glob/too-long', `the pattern is longer than ${longestGlob} characters`);
  const matchers = expand(pattern).map((alternative) => matcherOf(tokensOf(alternative)));
  const [first] = matchers;
  if (first !== undefined && matchers.length === 1) return first;
  return (text) => {
    for (const matcher of matchers) if (matcher(text)) return true;
    return false;
  };
}

/**
 * A pattern over names and references: `*` is any run at all, and nothing else has a meaning.
 * @throws SluiceError `glob/too-long`
 */
export function compilePattern(pattern: string): Matcher {
  if (pattern.length > longestGlob)
    throw new SluiceError('glob/too-long', `the pattern is longer than ${longestGlob} characters`);
  const pieces = pattern.split('*');
  const [prefix = '', ...rest] = pieces;
  const suffix = rest.pop();
  if (suffix === undefined) return (text) => text === pattern;
  const middle = rest.filter((piece) => piece !== '');
  const shortest = pattern.length - pieces.length + 1;
  return (text) => {
    if (text.length < shortest || !text.startsWith(prefix) || !text.endsWith(suffix)) return false;
    let from = prefix.length;
    for (const piece of middle) {
      const at = text.indexOf(piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return from <= text.length - suffix.length;
  };
}

/** How many texts the braces of a glob stand for: what one look at a path costs. @throws as {@link compileGlob} */
export function alternativesIn(pattern: string): number {
  return pattern.includes('{') ? expand(pattern).length : 1;
}

/** The alternatives of braces, each as a glob without them. */
function expand(pattern: string, depth = 0): readonly string[] {
  const open = next(pattern, 0, '{');
  if (open < 0) return [pattern];
  if (depth > deepestBraces) throw new SluiceError('glob/brace', 'the braces of the pattern are nested too deep');
  const { parts, end } = bracesAt(pattern, open);
  const tails = expand(pattern.slice(end + 1), depth);
  const heads = parts.flatMap((part) => expand(part, depth + 1));
  if (heads.length * tails.length > mostAlternatives)
    throw new SluiceError('glob/too-many', `the braces of the pattern stand for more than ${mostAlternatives} texts`);
  const before = pattern.slice(0, open);
  return heads.flatMap((head) => tails.map((tail) => before + head + tail));
}

/** Where a character stands next that is not behind a backslash; -1 when there is none. */
function next(pattern: string, from: number, wanted: string): number {
  for (let at = from; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === wanted) return at;
  }
  return -1;
}

/** What stands between the braces that open at a place, by its commas. */
function bracesAt(pattern: string, open: number): { readonly parts: readonly string[]; readonly end: number } {
  const parts: string[] = [];
  let depth = 1;
  let begin = open + 1;
  for (let at = begin; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === ',' && depth === 1) {
      parts.push(pattern.slice(begin, at));
      begin = at + 1;
    } else if (char === '}' && --depth === 0) {
      parts.push(pattern.slice(begin, at));
      return { parts, end: at };
    }
  }
  throw new SluiceError('glob/brace', 'the pattern has a { without its }');
}

/** One step of a glob: a character's code, or what may stand for others. */
type Token = number | 'one' | 'run' | 'any' | 'folders';

/** `folders` is a `**` with the `/` behind it that may stand for nothing; that `/` follows as a token of its own. */
function tokensOf(glob: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at];
    if (char === '?') tokens.push('one');
    else if (char === '\\' && at + 1 < glob.length) tokens.push(glob.charCodeAt(++at));
    else if (char !== '*') tokens.push(glob.charCodeAt(at));
    else {
      const begin = at;
      while (glob[at + 1] === '*') at++;
      const before = tokens.at(-1);
      const whole = (before === undefined || before === slash) && glob[at + 1] === '/';
      if (at === begin) tokens.push('run');
      else if (!whole) tokens.push('any');
      // A second one behind the first adds nothing.
      else if (before === slash && tokens.at(-2) === 'folders') at++;
      else tokens.push('folders');
    }
  }
  return tokens;
}

/** The fastest matcher for the tokens between what the text must begin and end with. */
function matcherOf(tokens: readonly Token[]): Matcher {
  let begin = 0;
  while (typeof tokens[begin] === 'number') begin++;
  if (begin === tokens.length) {
    const whole = textOf(tokens);
    return (text) => text === whole;
  }
  let end = tokens.length;
  // The `/` behind `folders` belongs to it.
  while (end > begin && typeof tokens[end - 1] === 'number' && tokens[end - 2] !== 'folders') end--;
  const prefix = textOf(tokens.slice(0, begin));
  const suffix = textOf(tokens.slice(end));
  if (tokens.length === begin + 1 && tokens[begin] === 'any') return (text) => text.startsWith(prefix);
  const middle = middleOf(tokens.slice(begin, end));
  const shortest = prefix.length + suffix.length;
  return (text) =>
    text.length >= shortest &&
    text.startsWith(prefix) &&
    text.endsWith(suffix) &&
    middle(text, prefix.length, text.length - suffix.length);
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => String.fromCharCode(token as number)).join('');
}

/** Tells whether the part of a text from one place to before another matches. */
type Middle = (text: string, from: number, to: number) => boolean;

function middleOf(tokens: readonly Token[]): Middle {
  if (tokens.length === 1 && tokens[0] === 'any') return () => true;
  if (tokens.length === 1 && tokens[0] === 'run') {
    return (text, from, to) => {
      const at = text.indexOf('/', from);
      return at < 0 || at >= to;
    };
  }
  return tokens.length <= tokensInWord ? inWord(tokens) : inSet(tokens);
}

/** All states at once as bits of one number, after Baeza-Yates and Gonnet: bit i is set when i tokens have matched. */
function inWord(tokens: readonly Token[]): Middle {
  const stars = bitsOf(tokens, (token) => token === 'run' || token === 'any' || token === 'folders');
  const folders = bitsOf(tokens, (token) => token === 'folders');
  const loops = bitsOf(tokens, (token) => token === 'any' || token === 'folders');
  const singles = bitsOf(tokens, (token) => token === 'one');
  const codes = new Map<number, number>();
  for (const token of tokens)
    if (typeof token === 'number')
      codes.set(
        token,
        bitsOf(tokens, (one) => one === token),
      );
  const last = 1 << tokens.length;
  const enter = (bits: number): number => bits | ((bits & folders) << 2);
  const rest = (bits: number): number => bits | ((bits & stars) << 1);
  return (text, from, to) => {
    let states = rest(enter(1));
    for (let at = from; at < to && states !== 0; at++) {
      const code = text.charCodeAt(at);
      const taking = (codes.get(code) ?? 0) | (code === slash ? 0 : singles);
      states = rest(enter((states & taking) << 1) | (states & (code === slash ? loops : stars)));
    }
    return (states & last) !== 0;
  };
}

function bitsOf(tokens: readonly Token[], holds: (token: Token) => boolean): number {
  return tokens.reduce((bits: number, token, index) => (holds(token) ? bits | (1 << index) : bits), 0);
}

/** As {@link inWord}, for long globs: one byte a state. */
function inSet(tokens: readonly Token[]): Middle {
  const enter = (states: Uint8Array, index: number): void => {
    states[index] = 1;
    const token = tokens[index];
    if (token === 'folders') enter(states, index + 2);
    if (token === 'run' || token === 'any' || token === 'folders') states[index + 1] = 1;
  };
  return (text, from, to) => {
    let states = new Uint8Array(tokens.length + 3);
    let after = new Uint8Array(tokens.length + 3);
    enter(states, 0);
    for (let at = from; at < to; at++) {
      const code = text.charCodeAt(at);
      after.fill(0);
      for (const [index, token] of tokens.entries()) {
        if (states[index] === 0) continue;
        if (token === code || (token === 'one' && code !== slash)) enter(after, index + 1);
        else if (token === 'any' || token === 'folders' || (token === 'run' && code !== slash)) {
          after[index] = 1;
          after[index + 1] = 1;
        }
      }
      [states, after] = [after, states];
    }
    return states[tokens.length] === 1;
  };
}
