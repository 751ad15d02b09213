import type { SecretCheck } from './contract.ts';
import { maybe, none } from './support/answers.ts';
import { isPlaceholder } from './support/placeholder.ts';

/** OpenAI's keys have its name in base 64 in the middle. */
export const check: SecretCheck = ({ value }) => {
  const at = value.indexOf('T3BlbkFJ');
  return at >= 20 && value.length - at >= 28 && !isPlaceholder(value) ? maybe : none;
};
