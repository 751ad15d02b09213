import type { SecretCheck } from './contract.ts';
import { none } from './support/answers.ts';
import { judgePassword } from './support/password.ts';

/** A password on the command line of a program that fetches. */
export const check: SecretCheck = (given) =>
  /\b(?:curl|wget|http|https|lftp)\b/.test(given.line) ? judgePassword(given, 85, 70) : none;
