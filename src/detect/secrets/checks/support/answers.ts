import type { CheckAnswer } from '../contract.ts';

/** It is no secret at all. */
export const none: CheckAnswer = { real: false, notes: [] };

/** It may be one: the rule's own score holds. */
export const maybe: CheckAnswer = { notes: [] };

/** It is one, as sure as this. */
export function sure(score: number, ...notes: string[]): CheckAnswer {
  return { score, notes };
}
