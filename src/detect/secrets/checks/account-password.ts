import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { fileKind, isExamplePath, isPublished } from './support/file-kind.ts';

/** The password that a recipe gives an account: it is that of every container, however weak it is. */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublished(path)) return none;
  const kind = fileKind(path);
  if (/[$<>{}]/.test(value) || kind === 'prose' || kind === 'made' || isExamplePath(path)) return none;
  return sure(kind === 'code' ? 60 : 85);
};
