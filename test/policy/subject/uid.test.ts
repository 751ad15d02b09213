import { expect, test } from 'vitest';
import type { AccountFact } from '../../../src/model/collected.ts';
import { configuredUid } from '../../../src/policy/subject/uid.ts';

const account = (name: string, uid: number): AccountFact => ({
  ...{ name, uid, gid: uid, home: '/', shell: '', groups: [], password: 'locked' },
});
const accounts = [account('0', 1000), account('1000', 0), account('app', 1000), account('toor', 0)];

test.each([
  ['', '0'],
  ['0', '0'],
  ['0:0', '0'],
  ['+0', '0'],
  ['-0', '0'],
  ['000000000000', '0'],
  ['1000', '1000'],
  ['app:root', '1000'],
  ['toor', '0'],
  ['root', '0'],
  ['#hidden', '0'],
  ['ghost', ''],
  ['0x0', ''],
])('the user %j has the number %j, as to the runtimes', (user, uid) => {
  expect(configuredUid(user, accounts)).toBe(uid);
});
