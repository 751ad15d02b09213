import type { SecretCheck } from './contract.ts';
import { maybe, none } from './support/answers.ts';
import { isPublished } from './support/file-kind.ts';
import { isRandom } from './support/random.ts';

/** `d` of a JSON Web Key (RFC 7518, 6) is the private part: a whole number of bytes of a usual size, or of an RSA key. */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublished(path)) return none;
  const size = Buffer.from(value, 'base64url').length;
  const isUsual = size === 32 || size === 48 || size === 57 || size === 66 || size >= 128;
  return isUsual && isRandom(value) ? maybe : none;
};
