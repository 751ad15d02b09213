import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { isPublic } from './support/examples.ts';
import { fileKind, isExamplePath } from './support/file-kind.ts';
import { decodedLogin } from './support/login.ts';
import { isRandom } from './support/random.ts';

/** A user and a password in base 64, as an Authorization header has them (RFC 7617). */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublic(value, path)) return none;
  const login = decodedLogin(value);
  if (login === undefined) return none;
  if (isRandom(login.password)) return sure(88, 'it holds a user and a password');
  const kind = fileKind(path);
  if (kind === 'prose' || kind === 'made' || isExamplePath(path)) return none;
  return sure(70, 'it holds a user and a password');
};
