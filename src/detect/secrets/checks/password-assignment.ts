import type { SecretCheck } from './contract.ts';
import { none } from './support/answers.ts';
import { assignmentOf, isHarmlessName } from './support/assignment.ts';
import { fileKind, isInstalled } from './support/file-kind.ts';
import { judgePassword } from './support/password.ts';

const word = /pass(?:word|wd|phrase)|pwd|pswd/i;

/** A password in some setting: believed where the value looks like one that is in use. */
export const check: SecretCheck = (given) => {
  const { name, isQuoted, goesOn } = assignmentOf(given.line, given.value);
  if (isInstalled(given.path)) return none;
  // In source code, what has no quotes is a name or a call.
  if (isHarmlessName(name, word) || (!isQuoted && (goesOn || fileKind(given.path) === 'code'))) return none;
  return judgePassword(given, 82, 65);
};
