import type { SecretCheck } from './contract.ts';
import { maybe, none } from './support/answers.ts';
import { isPublic } from './support/examples.ts';
import { isPlaceholder } from './support/placeholder.ts';
import { isRandom } from './support/random.ts';

/** For kinds whose form alone could be a name or a word: only what a machine has drawn counts. */
export const check: SecretCheck = ({ value, path }) => {
  return isRandom(value) && !isPlaceholder(value) && !isPublic(value, path) ? maybe : none;
};
