import type { SecretCheck } from './contract.ts';
import { maybe, none } from './support/answers.ts';
import { isPublic } from './support/examples.ts';

/** Takes out what vendors print in their documentation. */
export const check: SecretCheck = ({ value, path }) => {
  return isPublic(value, path) ? none : maybe;
};
