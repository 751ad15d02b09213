import type { AccountFact } from '../../model/collected.ts';

/**
 * The number of the user that a configuration names (`user[:group]`, OCI image configuration): none is root; a name is
 * looked up among the accounts; empty where it is not there.
 */
export function configuredUid(user: string, accounts: readonly AccountFact[] | undefined): string {
  const name = user.split(':')[0] ?? '';
  if (name === '') return '0';
  // As runtimes do it, what is a number to Go (strconv.Atoi) is no name: `+0` is root, and so is 0 where an account is called so.
  if (/^[+-]?\d{1,100}$/.test(name) && Number(name) <= 0xffff_ffff) return String(Number(name) + 0);
  const account = accounts?.find((one) => one.name === name);
  if (account) return String(account.uid);
  // Runtimes know no comments: whatever is called so stands in a line that the C library passes over.
  return name === 'root' || /^[#+-]/.test(name) ? '0' : '';
}
