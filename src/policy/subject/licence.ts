import { classOfLicence, type LicenceClass } from './licence-classes.ts';

/** Longest text that is taken for names of licences, in characters: what is longer is the text of one. */
const longestStatement = 1000;

/** Mildest first; what nobody knows may be as strict as what asks for changes of its own files, and more. */
const order: readonly LicenceClass[] = ['permissive', 'notice', 'reciprocal', 'unknown', 'restricted', 'forbidden'];

/** What a package states as its licence: each name once, in its order, and what that asks for in all. */
export interface StatedLicence {
  readonly names: readonly string[];
  readonly class: LicenceClass;
}

const nothing: StatedLicence = { names: [], class: 'unknown' };

type Token = { readonly name: string } | '(' | ')' | 'AND' | 'OR';

/**
 * Reads an SPDX licence expression, and what comes near to one: `GPLv2+ and BSD`, `MIT/Apache-2.0`. Of alternatives the
 * mildest counts, of what holds together the strictest. An exception (`WITH`) changes nothing of the class.
 */
export function readStatedLicence(stated: string): StatedLicence {
  if (stated === '' || stated.length > longestStatement || stated === 'NOASSERTION' || stated === 'NONE')
    return nothing;
  const tokens = tokensOf(stated);
  const names = [...new Set(tokens.flatMap((token) => (typeof token === 'object' ? [token.name] : [])))];
  return names.length === 0 ? nothing : { names, class: classOf(tokens) };
}

/** Names may be of several words (`Apache License 2.0`), so words are joined until an operator ends them. */
function tokensOf(stated: string): Token[] {
  const parts = stated
    .replace(/[()]/g, ' $& ')
    .replace(/[,;|&]/g, (sign) => (sign === '|' ? ' OR ' : ' AND '))
    .replace(stated.includes('://') ? /$^/ : /\//g, ' OR ')
    .split(/\s+/);
  const tokens: Token[] = [];
  let words: string[] = [];
  let inException = false;
  const end = (): void => {
    if (words.length > 0) tokens.push({ name: words.join(' ') });
    words = [];
    inException = false;
  };
  for (const part of parts) {
    const upper = part.toUpperCase();
    if (part === '') continue;
    if (part === '(' || part === ')' || upper === 'AND' || upper === 'OR') {
      end();
      const sign = upper as '(' | ')' | 'AND' | 'OR';
      // `a || b` and `a, and b` have one operator each.
      const last = tokens.at(-1);
      if ((sign !== 'AND' && sign !== 'OR') || (last !== 'AND' && last !== 'OR')) tokens.push(sign);
    } else if (upper === 'WITH') inException = true;
    else if (!inException) words.push(part);
  }
  end();
  return tokens;
}

/** By the precedence of SPDX: `AND` binds more than `OR`. With stacks in place of recursion: brackets come from outside. */
function classOf(tokens: readonly Token[]): LicenceClass {
  const ranks: number[] = [];
  const signs: ('(' | 'AND' | 'OR')[] = [];
  const reduce = (): void => {
    const sign = signs.pop();
    if (ranks.length < 2) return;
    const [right = 0, left = 0] = [ranks.pop(), ranks.pop()];
    ranks.push(sign === 'OR' ? Math.min(left, right) : Math.max(left, right));
  };
  for (const token of tokens) {
    if (typeof token === 'object') ranks.push(order.indexOf(classOfLicence(token.name)));
    else if (token === '(') signs.push(token);
    else if (token === ')') {
      while (signs.length > 0 && signs.at(-1) !== '(') reduce();
      signs.pop();
    } else {
      while (signs.length > 0 && signs.at(-1) !== '(' && !(token === 'AND' && signs.at(-1) === 'OR')) reduce();
      signs.push(token);
    }
  }
  while (signs.length > 0) reduce();
  return order[Math.max(...ranks)] ?? 'unknown';
}
