import { textLines } from '../../util/text-lines.ts';

/** A user of an image (passwd(5)). */
export interface UserAccount {
  readonly name: string;
  readonly uid: string;
  readonly gid: string;
  readonly home: string;
  readonly shell: string;
}

/** Most accounts that are read. */
const maxAccounts = 10_000;

/** The users that `/etc/passwd` names, by name; lines that are none are left out. */
export function readAccounts(bytes: Buffer): Map<string, UserAccount> {
  const accounts = new Map<string, UserAccount>();
  for (const line of textLines(bytes.toString('utf8'))) {
    const [name, , uid, gid, , home, shell] = line.split(':');
    if (!name || uid === undefined || gid === undefined || accounts.size >= maxAccounts) continue;
    accounts.set(name, { name, uid, gid, home: home ?? '', shell: shell ?? '' });
  }
  return accounts;
}
