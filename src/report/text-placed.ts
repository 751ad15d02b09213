import type { PlacedFinding } from '../model/placed-finding.ts';

/**
 * What was found in a place, in one line for lists that others keep: of a secret enough to find it again, and never the
 * secret, also where the user has asked to see it.
 */
export function placedSummary({ title, message, secret }: Pick<PlacedFinding, 'title' | 'message' | 'secret'>): string {
  const text = message === '' ? title : message;
  if (!secret) return text;
  const { shown, notes } = secret;
  const more = [shown, ...notes].filter((word) => !text.includes(word));
  return more.length === 0 ? text : `${text} (${more.join(', ')})`;
}
