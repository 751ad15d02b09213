import type { SecretCheck } from './contract.ts';
import { maybe, none } from './support/answers.ts';
import { isRandom } from './support/random.ts';

/** What makes the address of a webhook a secret is its last part. */
export const check: SecretCheck = ({ value }) => {
  return isRandom(value.slice(value.lastIndexOf('/') + 1)) ? maybe : none;
};
