import { spdxExceptions, spdxIds } from './spdx-ids.ts';

/** Longest expression that is looked into, in characters: longer ones are the text of a licence. */
const longestExpression = 1000;

/** What a package states as its licence: an SPDX id, an SPDX expression, or else words of its makers. */
export interface Licence {
  readonly kind: 'id' | 'expression' | 'words';
  readonly text: string;
  /** The names of the licences in an expression that are not SPDX's: `LicenseRef-…`. */
  readonly own: readonly string[];
}

/** Reads what a package states; undefined when that is nothing. */
export function readLicence(stated: string | undefined): Licence | undefined {
  const text = stated?.trim() ?? '';
  if (text === '') return undefined;
  if (spdxIds.has(text)) return { kind: 'id', text, own: [] };
  if (text.length > longestExpression) return { kind: 'words', text, own: [] };
  const tokens = text.replace(/[()]/g, ' $& ').trim().split(/\s+/);
  if (!isExpression(tokens)) return { kind: 'words', text, own: [] };
  return { kind: 'expression', text, own: [...new Set(tokens.filter(isOwn))] };
}

/**
 * Whether the tokens are a licence expression (SPDX specification, annex on licence expressions) of known identifiers.
 * Runs over them once, with a count of the open brackets in place of recursion.
 */
function isExpression(tokens: readonly string[]): boolean {
  let open = 0;
  let wantsLicence = true;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string;
    if (wantsLicence) {
      if (token === '(') open++;
      else if (isLicence(token)) wantsLicence = false;
      else return false;
    } else if (token === ')') {
      if (--open < 0) return false;
    } else if (token === 'WITH') {
      // Only behind a licence itself, never behind a bracket or another exception.
      if (!isLicence(tokens[i - 1] ?? '') || !spdxExceptions.has(tokens[++i] ?? '')) return false;
    } else if (token === 'AND' || token === 'OR') wantsLicence = true;
    else return false;
  }
  return !wantsLicence && open === 0;
}

function isLicence(token: string): boolean {
  return spdxIds.has(token) || (token.endsWith('+') && spdxIds.has(token.slice(0, -1))) || isOwn(token);
}

function isOwn(token: string): boolean {
  return /^LicenseRef-[A-Za-z0-9.-]+$/.test(token);
}
