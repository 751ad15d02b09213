import { describe, expect, test } from 'vitest';
import type { Collected, FileFact } from '../../../src/model/collected.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { judge } from '../../../src/policy/judge.ts';
import { changesBetween } from '../../../src/policy/subject/changes.ts';
import { setuidQuery } from '../../../src/policy/subject/setuid-query.ts';
import { evidence, facts, found, now, policyOf, rule } from '../make.ts';

function changes(before: Partial<Evidence>, after: Partial<Evidence>) {
  return changesBetween(evidence(before), evidence(after)).map(({ what, how, name, before: was, after: is }) => [
    what,
    how,
    name,
    was,
    is,
  ]);
}

describe('what differs', () => {
  test('of the same: nothing', () => {
    expect(changes({}, {})).toEqual([]);
    const image = facts({ env: [{ name: 'A', value: '1', secret: false }], ports: ['80/tcp'], labels: { a: 'b' } });
    expect(changes({ image, packages: [found('zlib')] }, { image, packages: [found('zlib')] })).toEqual([]);
  });

  test('of manifest and base', () => {
    const [a, b] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}` as never);
    const base = { name: 'debian:12', layers: 1, by: 'history' } as const;
    expect(
      changes(
        { target: { kind: 'image', layers: [], digest: a as never, base } },
        { target: { kind: 'image', layers: [], digest: b as never, base: { ...base, digest: b as never } } },
      ),
    ).toEqual([
      ['manifest', 'changed', 'manifest', a, b],
      ['base', 'changed', 'base', 'debian:12', `debian:12@${b}`],
    ]);
  });

  test('of the configuration, without secrets', () => {
    const before = facts({
      user: 'app',
      entrypoint: ['/app', '-v'],
      healthcheck: ['CMD', 'true'],
      env: [
        { name: 'A', value: '1', secret: false },
        { name: 'B', value: '2', secret: false },
        { name: 'TOKEN', value: '***', secret: true },
      ],
      ports: ['80/tcp'],
      labels: { a: '1' },
      volumes: ['/data'],
      stopSignal: 'SIGINT',
      workingDir: '/a',
    });
    const after = facts({
      entrypoint: ['/app'],
      cmd: ['serve'],
      env: [
        { name: 'B', value: '3', secret: false },
        { name: 'C', value: '4', secret: false },
        { name: 'TOKEN', value: '***', secret: true },
        { name: 'KEY', value: 'leaked', secret: true },
      ],
      ports: ['22/tcp', '80/tcp'],
      labels: { a: '2', b: '1' },
      workingDir: '/b',
    });
    expect(changes({ image: before }, { image: after })).toEqual([
      ['user', 'removed', 'user', 'app', ''],
      ['entrypoint', 'changed', 'entrypoint', '/app -v', '/app'],
      ['cmd', 'added', 'cmd', '', 'serve'],
      ['workdir', 'changed', 'workdir', '/a', '/b'],
      ['env', 'removed', 'A', '1', ''],
      ['env', 'changed', 'B', '2', '3'],
      ['env', 'added', 'C', '', '4'],
      ['env', 'added', 'KEY', '', '***'],
      ['port', 'added', '22/tcp', '', '22/tcp'],
      ['label', 'changed', 'a', '1', '2'],
      ['label', 'added', 'b', '', '1'],
      ['volume', 'removed', '/data', '/data', ''],
      ['healthcheck', 'removed', 'healthcheck', 'CMD true', ''],
      ['stop-signal', 'removed', 'stop-signal', 'SIGINT', ''],
    ]);
  });

  test('of packages and of what they state as their licence', () => {
    const before = [
      found('a'),
      found('b', { license: 'MIT' }),
      found('c', { version: '2.0.0' }),
      found('e', { license: 'ISC' }),
    ];
    const after = [
      found('b', { version: '1.1.0', license: 'AGPL-3.0-only' }),
      found('c', { version: '1.0.0' }),
      found('d', { license: 'MIT' }),
      found('e'),
    ];
    const all = changesBetween(evidence({ packages: before }), evidence({ packages: after }));
    expect(all).toEqual([
      {
        what: 'package',
        how: 'removed',
        name: 'a',
        before: '1.0.0',
        after: '',
        ecosystem: 'npm',
        package: 'pkg:npm/a@1.0.0',
      },
      {
        what: 'package',
        how: 'upgraded',
        name: 'b',
        before: '1.0.0',
        after: '1.1.0',
        ecosystem: 'npm',
        package: 'pkg:npm/b@1.1.0',
      },
      {
        what: 'package',
        how: 'downgraded',
        name: 'c',
        before: '2.0.0',
        after: '1.0.0',
        ecosystem: 'npm',
        package: 'pkg:npm/c@1.0.0',
      },
      {
        what: 'package',
        how: 'added',
        name: 'd',
        before: '',
        after: '1.0.0',
        ecosystem: 'npm',
        package: 'pkg:npm/d@1.0.0',
      },
      {
        what: 'licence',
        how: 'changed',
        name: 'b',
        before: 'MIT',
        after: 'AGPL-3.0-only',
        ecosystem: 'npm',
        package: 'pkg:npm/b@1.1.0',
      },
      {
        what: 'licence',
        how: 'removed',
        name: 'e',
        before: 'ISC',
        after: '',
        ecosystem: 'npm',
        package: 'pkg:npm/e@1.0.0',
      },
    ]);
  });

  test('of setuid files, certificates and accounts, where both were looked for', () => {
    const file = (path: string, mode: number): FileFact => ({
      ...{ path, mode, kind: 'file', size: 1, uid: 0, gid: 0, layer: 0, from: 'own' },
      queries: [setuidQuery.id],
    });
    const root = {
      name: 'root',
      uid: 0,
      gid: 0,
      home: '/',
      shell: '/bin/sh',
      groups: ['root'],
      password: 'locked',
    } as const;
    const certificate = { fingerprint: 'ab', subject: 'CN=a', path: '/x' };
    const before: Collected = {
      queries: [setuidQuery.id],
      files: [file('/bin/su', 0o4755), file('/bin/x', 0o755)],
      accounts: [root],
      certificates: [certificate],
    };
    const after: Collected = {
      queries: [setuidQuery.id],
      files: [file('/bin/su', 0o6755), file('/bin/new', 0o4755), file('/bin/x', 0o755)],
      accounts: [
        { ...root, password: 'none' },
        { ...root, name: 'toor' },
      ],
      certificates: [certificate, { ...certificate, fingerprint: 'cd' }],
    };
    expect(changes({ collected: before }, { collected: after })).toEqual([
      ['setuid', 'added', '/bin/new', '', '4755 of 0:0'],
      ['setuid', 'changed', '/bin/su', '4755 of 0:0', '6755 of 0:0'],
      ['certificate', 'added', 'CN=a', '', 'cd'],
      [
        'account',
        'changed',
        'root',
        'uid 0, gid 0, groups root, shell /bin/sh, password locked',
        'uid 0, gid 0, groups root, shell /bin/sh, password none',
      ],
      ['account', 'added', 'toor', '', 'uid 0, gid 0, groups root, shell /bin/sh, password locked'],
    ]);
    expect(changes({ collected: { queries: [], files: [] } }, { collected: after })).toEqual([]);
    expect(changes({}, { collected: after })).toEqual([]);
  });
});

describe('rules on changes', () => {
  const ports = policyOf([
    rule('change.what == "port" && change.how == "added"', { on: 'change', title: 'New ports' }),
  ]);
  const head = evidence({ image: facts({ ports: ['22/tcp', '80/tcp'] }) });

  test('fire on each, and are silent without a baseline', () => {
    const baseline = { evidence: evidence({ image: facts({ ports: ['80/tcp'] }) }), since: '2024-01-01' };
    const { reasons } = judge(head, ports, { now, baseline }).verdict;
    expect(reasons.map(({ message, subjects }) => [message, subjects])).toEqual([
      ['New ports: port 22/tcp added', [{ id: 'port 22/tcp' }]],
    ]);
    expect(judge(head, ports, { now }).verdict.reasons).toEqual([]);
  });

  test('leave the verdict undecided where one side was not looked into', () => {
    const setuid = policyOf([rule('change.what == "setuid"', { on: 'change', title: 'Setuid' })]);
    const baseline = { evidence: evidence(), since: '2024-01-01' };
    const collected = { queries: [setuidQuery.id], files: [] };
    const said = (after: Partial<Evidence>, before: Partial<Evidence>) =>
      judge(evidence(after), setuid, {
        now,
        baseline: { ...baseline, evidence: evidence(before) },
      }).verdict.reasons.map(({ decision, message }) => [decision, message]);
    expect(said({ collected }, { collected })).toEqual([]);
    expect(said({}, { collected })).toEqual([
      ['undecided', 'Setuid: the report does not hold the files that the rule asks for'],
    ]);
    expect(said({ collected }, {})).toEqual([
      ['undecided', 'Setuid: the baseline does not hold the files that the rule asks for'],
    ]);
  });
});
