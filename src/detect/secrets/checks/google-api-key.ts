import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { isPublic } from './support/examples.ts';
import { isRandom } from './support/random.ts';

/** Google's keys: nearly all begin with `AIzaSy`. */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublic(value, path) || !isRandom(value.slice(6))) return none;
  return sure(value.startsWith('AIzaSy') ? 88 : 75);
};
