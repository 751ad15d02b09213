import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/policy/policy.ts';
import type { Rule } from '../../src/policy/rule.ts';
import { changeKinds } from '../../src/policy/subject/change-kinds.ts';
import { setuidQuery } from '../../src/policy/subject/setuid-query.ts';
import { wantedOf } from '../../src/policy/wanted.ts';
import { evidence, facts, policyOf, rule } from './make.ts';

const none = { files: [], accounts: false, packageFiles: false, certificates: false, baseTag: false };

function wanted(...rules: readonly Rule[]) {
  return wantedOf(policyOf(rules));
}

describe('a policy wants', () => {
  test('nothing where its rules go by what every scan finds out', () => {
    expect(wantedOf(defaultPolicy)).toBeUndefined();
    expect(wanted(rule('finding.exploited'), rule('image.base.known', { on: 'image' }))).toBeUndefined();
    expect(wanted(rule('account.uid == 0', { on: 'account', outcome: 'off' }))).toBeUndefined();
  });

  test('each file query once', () => {
    const [a, b] = [
      { id: 'sha256:a', paths: ['/a'] },
      { id: 'sha256:b', paths: ['/b'] },
    ];
    const on = 'file' as const;
    expect(
      wanted(
        rule('true', { on, files: a }),
        rule('file.setuid', { on, files: b }),
        rule('file.setgid', { on, files: a }),
      ),
    ).toEqual({ ...none, files: [a, b] });
  });

  test('accounts for rules on them, on the names of users, and on whose files are', () => {
    const accounts = { ...none, accounts: true };
    expect(wanted(rule('true', { on: 'account' }))).toEqual(accounts);
    expect(wanted(rule('image.users.exists(user, user == "x")', { on: 'image' }))).toEqual(accounts);
    const files = { id: 'sha256:a', paths: ['/a'] };
    expect(wanted(rule('file.user != "root"', { on: 'file', files }))).toEqual({ ...accounts, files: [files] });
    expect(wanted(rule('file.uid != 0', { on: 'file', files }))).toEqual({ ...none, files: [files] });
  });

  test('accounts for the number of the user only where the image names one', () => {
    const policy = policyOf([rule('image.root', { on: 'image' })]);
    const by = (user: string) => wantedOf(policy, evidence({ image: facts({ user }) }));
    expect(['', 'root', '1000:0', '0'].map(by)).toEqual([undefined, undefined, undefined, undefined]);
    expect(by('app:staff')).toEqual({ ...none, accounts: true });
    expect(wantedOf(policy)).toEqual({ ...none, accounts: true });
  });

  test('package files and what the tag of the base names now', () => {
    expect(wanted(rule('true', { on: 'package-file' }))).toEqual({ ...none, packageFiles: true });
    expect(wanted(rule('image.base.outdated', { on: 'image' }))).toEqual({ ...none, baseTag: true });
  });

  test('of changes what the rule names, else all that can change', () => {
    const on = 'change' as const;
    expect(wanted(rule('change.what == "package" && change.how == "downgraded"', { on }))).toBeUndefined();
    expect(wanted(rule('change.what == "setuid"', { on }))).toEqual({ ...none, files: [setuidQuery] });
    expect(wanted(rule('change.what in ["certificate", "account"]', { on }))).toEqual({
      ...{ ...none, accounts: true },
      certificates: true,
    });
    const everything = { ...none, files: [setuidQuery], accounts: true, certificates: true };
    expect(wanted(rule('change.how == "added"', { on }))).toEqual(everything);
    expect(wanted(rule('change.what != ""', { on }))).toEqual(everything);
  });
});

test('all kinds of change are in the documentation of the field', async () => {
  const { changeFields } = await import('../../src/policy/subject/fields/change.ts');
  const told = [...(changeFields.what?.doc ?? '').matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind);
  expect(told).toEqual([...changeKinds]);
});
