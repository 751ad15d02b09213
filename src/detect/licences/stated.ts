import type { LicenceClass } from '../../model/placed-finding.ts';
import { byStrictness, classOfLicence } from './classes.ts';

/** Longest text that is taken for names of licences, in characters: what is longer is the text of one. */
export const longestStatement = 1000;

/** What a package states as its licence: each name once, in its order, and what that asks for in all. */
export interface StatedLicence {
  readonly names: readonly string[];
  readonly class: LicenceClass;
}

const nothing: StatedLicence = { names: [], class: 'unknown' };

/** A name, of several words where its maker wrote it so, or a sign between names. */
export type Token = { readonly name: string; readonly exception?: string } | '(' | ')' | 'AND' | 'OR';

/**
 * Reads an SPDX licence expression, and what comes near to one: `GPLv2+ and BSD`, `MIT/Apache-2.0`. Of alternatives the
 * mildest counts, of what holds together the strictest. An exception (`WITH`) changes nothing of the class. `isExpression`:
 * it may be as long as it likes, for it is no text.
 */
export function readStatedLicence(stated: string, isExpression = false): StatedLicence {
  if (stated === '' || stated === 'NOASSERTION' || stated === 'NONE') return nothing;
  if (!isExpression && stated.length > longestStatement) return nothing;
  const tokens = tokensOf(stated);
  const names = [...new Set(tokens.flatMap((token) => (typeof token === 'object' ? [token.name] : [])))];
  return names.length === 0 ? nothing : { names, class: classOf(tokens) };
}

/** Names may be of several words (`Apache License 2.0`), so words are joined until an operator ends them. */
export function tokensOf(stated: string): Token[] {
  const parts = stated
    .replace(/[()]/g, ' $& ')
    .replace(/[,;|&]/g, (sign) => (sign === '|' ? ' OR ' : ' AND '))
    .replace(stated.includes('://') ? /$^/ : /\//g, ' OR ')
    .split(/\s+/);
  const tokens: Token[] = [];
  let words: string[] = [];
  let exception: string[] | undefined;
  const end = (): void => {
    const excepted = exception && exception.length > 0 ? { exception: exception.join(' ') } : {};
    if (words.length > 0) tokens.push({ name: words.join(' '), ...excepted });
    words = [];
    exception = undefined;
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
    } else if (upper === 'WITH') exception = [];
    else (exception ?? words).push(part);
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
    if (typeof token === 'object') ranks.push(byStrictness.indexOf(classOfLicence(token.name)));
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
  return byStrictness[Math.max(...ranks)] ?? 'unknown';
}
