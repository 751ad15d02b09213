import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { checksumHolds } from './support/crc.ts';
import { isPublic } from './support/examples.ts';
import { isRandom } from './support/random.ts';

/** npm's tokens have GitHub's form of checksum. */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublic(value, path) || !isRandom(value.slice(4))) return none;
  return checksumHolds(value) ? sure(99, 'its checksum holds') : none;
};
