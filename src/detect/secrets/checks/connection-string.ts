import type { SecretCheck } from './contract.ts';
import { none } from './support/answers.ts';
import { judgePassword } from './support/password.ts';

/** What tells that a line holds an address of a database: JDBC's, or a list of settings with a server in it. */
const address = /jdbc:|(?:^|[;"'\s])(?:server|data source|host|addr(?:ess)?|network address|endpoint)\s?=/i;

/** A password in the address of a database. */
export const check: SecretCheck = (given) => (address.test(given.line) ? judgePassword(given, 88, 70) : none);
