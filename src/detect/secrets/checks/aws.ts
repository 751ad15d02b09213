import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { isPublic } from './support/examples.ts';
import { hasRow } from './support/random.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Account numbers have twelve digits. */
const mostAccounts = 10 ** 12;

/** AWS key ids: newer ones have the number of the account in them. */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublic(value, path) || value.endsWith('EXAMPLE') || hasRow(value) || !/\d/.test(value.slice(4))) return none;
  const account = accountOf(value);
  return account === undefined ? sure(88) : sure(94, `of the AWS account ${account}`);
};

/**
 * The account in a key id: of the ten bytes behind the four letters, 40 bits behind the first one. Ids up to about 2019 (`AKIAI`,
 * `AKIAJ`) have none.
 */
function accountOf(id: string): string | undefined {
  if (id[4] === 'I' || id[4] === 'J') return undefined;
  let bits = 0n;
  for (const letter of id.slice(4, 14)) bits = (bits << 5n) | BigInt(Math.max(base32.indexOf(letter), 0));
  // 50 bits, of which the first 48 are six bytes; the account is in those without the first bit and the last seven.
  const account = Number(((bits >> 2n) & 0x7fffffffff80n) >> 7n);
  return account < mostAccounts ? String(account).padStart(12, '0') : undefined;
}
