import type { SecretCheck } from './contract.ts';
import { maybe, none, sure } from './support/answers.ts';
import { isPublic } from './support/examples.ts';
import { isPlaceholder } from './support/placeholder.ts';
import { isRandom } from './support/random.ts';

/** Keys of Stripe's form: older ones have 24 random characters, newer ones begin with the account's number and have 99. */
export const check: SecretCheck = ({ value, path }) => {
  const body = value.slice(value.lastIndexOf('_') + 1);
  if (isPublic(value, path) || isPlaceholder(body) || !isRandom(body)) return none;
  if (/^51[A-Za-z0-9]{90,}$/.test(body)) return sure(97, 'of the newer form');
  return maybe;
};
