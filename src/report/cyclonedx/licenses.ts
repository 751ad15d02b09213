import { spdxExceptions, spdxIds } from './spdx-ids.ts';

/** Longest expression that is looked into; the text of a whole licence is a name, cut to this. */
const longestExpression = 1000;

/** The licence of a component (CycloneDX `licenseChoice`): an SPDX id, an SPDX expression, or else a name. */
export function licensesOf(text: string): readonly object[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (spdxIds.has(trimmed)) return [{ license: { id: trimmed } }];
  if (trimmed.length <= longestExpression && isExpression(trimmed)) return [{ expression: trimmed }];
  return [{ license: { name: trimmed.slice(0, longestExpression) } }];
}

/**
 * Whether the text is a licence expression (SPDX specification, annex on licence expressions) of known identifiers.
 * Runs over the tokens once, with a count of the open brackets in place of recursion.
 */
function isExpression(text: string): boolean {
  const tokens = text.replace(/[()]/g, ' $& ').trim().split(/\s+/);
  let open = 0;
  let wantsLicense = true;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string;
    if (wantsLicense) {
      if (token === '(') open++;
      else if (isLicense(token)) wantsLicense = false;
      else return false;
    } else if (token === ')') {
      if (--open < 0) return false;
    } else if (token === 'WITH') {
      // Only behind a licence itself, never behind a bracket or another exception.
      if (!isLicense(tokens[i - 1] ?? '') || !spdxExceptions.has(tokens[++i] ?? '')) return false;
    } else if (token === 'AND' || token === 'OR') wantsLicense = true;
    else return false;
  }
  return !wantsLicense && open === 0;
}

function isLicense(token: string): boolean {
  return (
    spdxIds.has(token) ||
    (token.endsWith('+') && spdxIds.has(token.slice(0, -1))) ||
    /^LicenseRef-[A-Za-z0-9.-]+$/.test(token)
  );
}
