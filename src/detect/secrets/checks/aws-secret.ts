import type { SecretCheck } from './contract.ts';
import { maybe, none } from './support/answers.ts';
import { isPublic } from './support/examples.ts';
import { isRandom, makeOf } from './support/random.ts';

/** Secret access keys: 40 random characters, so never hex alone, and no path. */
export const check: SecretCheck = ({ value, path }) => {
  const { lower, upper, digits } = makeOf(value);
  if (isPublic(value, path) || value.includes('EXAMPLE') || lower < 3 || upper < 3 || digits < 1) return none;
  return isRandom(value) ? maybe : none;
};
