import type { SecretCheck } from './contract.ts';
import { none } from './support/answers.ts';
import { fileKind, isInstalled } from './support/file-kind.ts';
import { judgePassword } from './support/password.ts';

/** A password in a list of names and values: only where a program reads its settings. */
export const check: SecretCheck = (given) =>
  isInstalled(given.path) || fileKind(given.path) !== 'settings' ? none : judgePassword(given, 82, 65);
