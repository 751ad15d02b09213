import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { isPublished } from './support/file-kind.ts';
import { decodedLogin, loginScore } from './support/login.ts';

/** `auth` is a user and a password in base 64. */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublished(path)) return none;
  const login = decodedLogin(value);
  return login === undefined ? none : sure(loginScore(login.password), 'it holds a user and a password');
};
