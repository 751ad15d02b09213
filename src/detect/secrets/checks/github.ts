import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { checksumHolds } from './support/crc.ts';
import { isPublic } from './support/examples.ts';
import { isRandom } from './support/random.ts';

/** GitHub's tokens end with a checksum. Where it does not hold, the token is none. */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublic(value, path) || !isRandom(value.slice(value.indexOf('_') + 1))) return none;
  return checksumHolds(value) ? sure(99, 'its checksum holds') : none;
};
