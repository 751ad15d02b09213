import { harmless } from '../util/harmless.ts';

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/**
 * One line of text from outside, as text or the value of an attribute of an XML 1.0 document. Characters that such a
 * document may not hold in any form (§2.2), and line ends, which an attribute would lose, become visible codes.
 */
export function xmlText(text: string): string {
  return harmless(text.toWellFormed())
    .replace(/[\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"']/g, (c) => entities.get(c) ?? c);
}
