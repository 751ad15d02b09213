import type { SecretCheck } from './contract.ts';
import { maybe, none } from './support/answers.ts';
import { isPlaceholder } from './support/placeholder.ts';

/** A signature counts beside the version of the service that it is for. */
export const check: SecretCheck = ({ value, line }) =>
  /[?&]sv=20\d\d-/.test(line) && !isPlaceholder(value) ? maybe : none;
