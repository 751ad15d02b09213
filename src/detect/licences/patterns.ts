import { canonical } from './expression.ts';
import { licenceIds } from './names.gen.ts';

/** Longest pattern, in characters. */
const longestPattern = 120;

/**
 * Whether a text names licences as lists of what is allowed and denied do: one licence of the SPDX list, with an exception
 * or without, a `LicenseRef-`, or a beginning with `*` that some licence has.
 */
export function isLicencePattern(text: string): boolean {
  if (text.length > longestPattern || !/^[A-Za-z0-9.+*:-]+(?: [Ww][Ii][Tt][Hh] [A-Za-z0-9.+*-]+)?$/.test(text))
    return false;
  if (!text.includes('*')) return canonical(spelled(text)) !== undefined;
  if (/^licenseref-/i.test(text)) return true;
  const [beginning = ''] = text.toLowerCase().split('*');
  return listedIds().some((id) => id.toLowerCase().startsWith(beginning));
}

/** All SPDX ids that are not deprecated, for corrections. */
export function listedIds(): readonly string[] {
  return licenceIds.split(' ');
}

let byLower: Map<string, string> | undefined;

/** The id in SPDX's own case: lists may be in any. */
function spelled(text: string): string {
  byLower ??= new Map(listedIds().map((id) => [id.toLowerCase(), id]));
  const [id = '', ...rest] = text.split(' ');
  const plus = id.endsWith('+') ? '+' : '';
  const plain = plus === '' ? id : id.slice(0, -1);
  return [`${byLower.get(plain.toLowerCase()) ?? plain}${plus}`, ...rest].join(' ');
}
