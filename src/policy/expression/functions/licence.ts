import { compilePattern, type Matcher } from '../../../util/glob.ts';

/** Longest statement of a licence that is read as an expression (characters); longer ones are a text. */
const longestStatement = 4000;
/** How deep parentheses may be nested. */
const deepest = 50;
/** Statements whose answer is kept. */
const mostKept = 10_000;

/** An SPDX licence expression: a licence as it is written, or a choice or a sum of others. */
type Licence = string | { readonly by: 'and' | 'or'; readonly of: readonly Licence[] };

/**
 * Whether a statement of licences (SPDX licence expression, any case; `/` of older kinds is a choice) can be met by those
 * that are allowed: each a licence with or without its exception, where `*` is any text. An exception only gives more, so
 * that a licence that is allowed is with any of them.
 */
export function isMetBy(statement: string, allowed: readonly string[]): boolean {
  return allowing(allowed)(statement);
}

/** As {@link isMetBy}, with what is allowed read once. */
export function allowing(allowed: readonly string[]): (statement: string) => boolean {
  const matchers = matchersOf(allowed);
  return remembered(
    (statement) =>
      statement.trim() !== '' &&
      isMet(readLicence(statement), (one) => spellings(one).some((word) => any(matchers, word))),
  );
}

/**
 * Whether a statement can't be met without one of those licences: of a choice there must be another one. A licence with an
 * exception is meant by its own name too; what is `or-later` is another licence than its version alone.
 */
export function requiring(denied: readonly string[]): (statement: string) => boolean {
  const matchers = matchersOf(denied);
  return remembered((statement) => {
    const isFree = (one: string): boolean => {
      const whole = canonical(one);
      return !any(matchers, whole) && !any(matchers, whole.split(' with ')[0] ?? whole);
    };
    return statement.trim() !== '' && !isMet(readLicence(statement), isFree);
  });
}

function matchersOf(patterns: readonly string[]): readonly Matcher[] {
  return patterns.map((one) => compilePattern(canonical(one)));
}

function any(matchers: readonly Matcher[], word: string): boolean {
  return matchers.some((matches) => matches(word));
}

function remembered(answer: (statement: string) => boolean): (statement: string) => boolean {
  const known = new Map<string, boolean>();
  return (statement) => {
    let found = known.get(statement);
    if (found === undefined) {
      if (known.size >= mostKept) known.clear();
      found = answer(statement);
      known.set(statement, found);
    }
    return found;
  };
}

function isMet(licence: Licence, meets: (one: string) => boolean): boolean {
  if (typeof licence === 'string') return meets(licence);
  return licence.by === 'and'
    ? licence.of.every((one) => isMet(one, meets))
    : licence.of.some((one) => isMet(one, meets));
}

/** How a licence may be written in a list of those that are allowed; `or-later` is met by its own version. */
function spellings(licence: string): readonly string[] {
  const whole = canonical(licence);
  const [plain = ''] = whole.split(' with ');
  const own = plain.replace(/-(?:or-later|only)$/, '');
  return [whole, plain, own, `${own}-only`];
}

function canonical(licence: string): string {
  return licence
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase()
    .replace(/\+(?=$| with )/, '-or-later');
}

/** Reads an expression; what is none is one licence of that name. */
function readLicence(statement: string): Licence {
  if (statement.length > longestStatement) return statement;
  const words = statement.replaceAll('(', ' ( ').replaceAll(')', ' ) ').trim().split(/\s+/);
  const reader = { words, at: 0 };
  const licence = readChoice(reader, 0);
  if (licence !== undefined && reader.at === words.length) return licence;
  const choices = statement.split('/');
  return choices.length > 1 && choices.every((one) => /^\s*[\w.+-]+\s*$/.test(one))
    ? { by: 'or', of: choices }
    : statement;
}

interface Reader {
  readonly words: readonly string[];
  at: number;
}

function readChoice(reader: Reader, depth: number): Licence | undefined {
  return readSeries(reader, 'or', () => readSeries(reader, 'and', () => readOne(reader, depth)));
}

function readSeries(reader: Reader, by: 'and' | 'or', next: () => Licence | undefined): Licence | undefined {
  const of: Licence[] = [];
  do {
    const one = next();
    if (one === undefined) return undefined;
    of.push(one);
  } while (take(reader, by));
  return of.length === 1 ? of[0] : { by, of };
}

function readOne(reader: Reader, depth: number): Licence | undefined {
  if (take(reader, '(')) {
    const inner = depth < deepest ? readChoice(reader, depth + 1) : undefined;
    return take(reader, ')') ? inner : undefined;
  }
  const name = reader.words[reader.at];
  if (name === undefined || !/^[\w.+:-]+$/.test(name) || /^(?:and|or|with)$/i.test(name)) return undefined;
  reader.at++;
  if (!take(reader, 'with')) return name;
  const exception = reader.words[reader.at++];
  return exception === undefined || exception === ')' ? undefined : `${name} WITH ${exception}`;
}

function take(reader: Reader, word: string): boolean {
  if (reader.words[reader.at]?.toLowerCase() !== word) return false;
  reader.at++;
  return true;
}
