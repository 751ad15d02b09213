import type { SecretCheck } from './contract.ts';
import { judgePassword } from './support/password.ts';

/** A password where a program reads one. */
export const check: SecretCheck = (given) => {
  return judgePassword(given, 88, 70);
};
