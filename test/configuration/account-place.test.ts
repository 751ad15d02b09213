import { describe, expect, test } from 'vitest';
import { accountPlace } from '../../src/configuration/account-place.ts';
import { ruleOf } from './make.ts';

const password = ruleOf(`
on: account
when: account.password == 'none'
tests: [{ name: a, account: { password: none }, expect: fires }]`);
const number = ruleOf(`
on: account
when: account.uid == 0
tests: [{ name: a, account: { uid: 0 }, expect: fires }]`);

const passwd = {
  path: '/etc/passwd',
  text: 'root:x:0:0::/:/bin/sh\nopen::5:5::/:/bin/sh\n app:x:7:7::/:\n',
  layer: 0,
  from: 'base' as const,
};
const shadow = {
  path: '/etc/shadow',
  text: '\nrooted:*:1\nroot::1\nopen:*:1\napp:!:1',
  layer: 6,
  from: 'own' as const,
};

describe('a rule on users', () => {
  test('finds a password where it is kept', () => {
    expect(accountPlace(password, 'root', [passwd, shadow])).toEqual({
      ...{ in: 'file', path: '/etc/shadow', name: 'root', line: 3, layer: 6, from: 'own' },
    });
    expect(accountPlace(password, 'open', [passwd, shadow])).toEqual({
      ...{ in: 'file', path: '/etc/passwd', name: 'open', line: 2, layer: 0, from: 'base' },
    });
  });

  test('finds all else in the list of users', () => {
    expect(accountPlace(number, 'root', [passwd, shadow])).toMatchObject({ path: '/etc/passwd', line: 1 });
    expect(accountPlace(number, 'app', [passwd, shadow])).toMatchObject({ path: '/etc/passwd', line: 3 });
  });

  test('names the list where it was not kept, or has no such line', () => {
    const unknown = { in: 'file', path: '/etc/passwd', name: 'ghost' };
    expect(accountPlace(number, 'ghost', [passwd, shadow])).toEqual(unknown);
    expect(accountPlace(password, 'ghost')).toEqual(unknown);
  });
});
