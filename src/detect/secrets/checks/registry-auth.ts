import type { SecretCheck } from './contract.ts';
import { maybe, none, sure } from './support/answers.ts';
import { decodedLogin, loginScore } from './support/login.ts';
import { isPlaceholder } from './support/placeholder.ts';
import { isRandom } from './support/random.ts';

/** What `.npmrc` logs in with: a token, or a user and a password in base 64. */
export const check: SecretCheck = ({ value, match }) => {
  if (isPlaceholder(value)) return none;
  if (/_auth\s*=/.test(match)) {
    const login = decodedLogin(value);
    return login === undefined ? none : sure(loginScore(login.password), 'it holds a user and a password');
  }
  const bare = value.replaceAll('-', '');
  return isRandom(bare) || (bare !== value && isRandom(value)) ? maybe : none;
};
