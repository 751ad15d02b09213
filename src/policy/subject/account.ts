import type { AccountFact } from '../../model/collected.ts';

/** Programs that stand in place of a shell where nobody is to log in. */
const noShells = new Set(['nologin', 'false', 'true', 'sync', 'shutdown', 'halt', 'null']);

/** A user of the image, as rules read it. */
export class AccountView {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  readonly groups: readonly string[];
  readonly password: string;
  readonly repeated: boolean;
  readonly sameId: readonly string[];
  /** An empty shell is `/bin/sh` (passwd(5)). */
  readonly login: boolean;

  constructor({ name, uid, gid, home, shell, groups, password, repeated, sameId }: AccountFact) {
    this.name = name;
    this.uid = uid;
    this.gid = gid;
    this.home = home;
    this.shell = shell;
    this.groups = groups;
    this.password = password;
    this.repeated = repeated ?? false;
    this.sameId = sameId ?? [];
    this.login = !noShells.has(shell.slice(shell.lastIndexOf('/') + 1));
  }
}
