import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { AccountView } from '../../../src/policy/subject/account.ts';
import { daysSince } from '../../../src/policy/subject/days.ts';
import { publishersOf } from '../../../src/policy/subject/publishers.ts';
import { portNumber, unservedPorts } from '../../../src/policy/subject/services.ts';
import { Subjects } from '../../../src/policy/subject/subjects.ts';
import { evidence, facts, finding, found, now } from '../make.ts';

function subjects(given: Partial<Evidence>, names: readonly string[] = []): Subjects {
  return new Subjects({ evidence: evidence(given), now, names });
}

describe('the user', () => {
  const account = { name: 'app', uid: 1000, gid: 1000, home: '/', shell: '', groups: [], password: 'locked' } as const;
  const accounts = [account, { ...account, name: 'toor', uid: 0 }];

  test.each([
    ['', '0', true],
    ['0', '0', true],
    ['0:1000', '0', true],
    ['root:root', '0', true],
    ['00', '0', true],
    ['1000', '1000', false],
    ['app', '1000', false],
    ['toor:app', '0', true],
    ['nobody', '', false],
  ])('%j has the number %j', (user, uid, root) => {
    const { image } = subjects({ image: facts({ user }), collected: { queries: [], files: [], accounts } });
    expect([image.uid, image.root]).toEqual([uid, root]);
  });

  test('of what has no configuration is nobody', () => {
    const { image: _image, ...source } = evidence({ target: { kind: 'source', layers: [] } });
    const { image } = new Subjects({ evidence: source, now });
    expect([image.user, image.uid, image.root, image.ageDays]).toEqual(['', '', false, -1]);
  });
});

describe('the image', () => {
  test('is called by the reference that was asked for', () => {
    const { image } = subjects({}, ['registry.example.com:5000/team/app:v1', 'debian:12']);
    expect([image.registry, image.repository, image.tag]).toEqual(['registry.example.com:5000', 'team/app', 'v1']);
    const archive = subjects({}, ['not a reference']).image;
    expect([archive.registry, archive.repository, archive.tag, archive.names]).toEqual([
      '',
      '',
      '',
      ['not a reference'],
    ]);
  });

  test('has a health check unless it is switched off', () => {
    const has = (healthcheck: readonly string[]) => subjects({ image: facts({ healthcheck }) }).image.hasHealthcheck;
    expect([has([]), has(['NONE']), has(['CMD', 'true'])]).toEqual([false, false, true]);
  });

  test('shows no value of a secret, and tells where one is', () => {
    const env = [
      { name: 'PATH', value: '/bin', secret: false },
      { name: 'TOKEN', value: 'leaked', secret: true },
    ];
    const { image } = subjects({ image: facts({ env }) });
    expect([...image.env]).toEqual([
      ['PATH', '/bin'],
      ['TOKEN', '***'],
    ]);
    expect(image.secretEnv).toEqual(['TOKEN']);
  });

  test('tells of its base whether its tag names another image by now', () => {
    const [old, current] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string];
    const base = { name: 'example.com/base/debian:12', digest: old as never, layers: 2, by: 'history' } as const;
    const of = (digest?: string) =>
      subjects({
        target: { kind: 'image', layers: [], base },
        collected: { queries: [], files: [], baseTag: { reference: base.name, ...(digest ? { digest } : {}) } },
      }).image.base;
    expect(of(current)).toMatchObject({ outdated: true, checked: true, current, repository: 'base/debian', tag: '12' });
    expect(of(old)).toMatchObject({ outdated: false, checked: true });
    expect(of()).toMatchObject({ outdated: false, checked: false, current: '', known: true });
  });

  test('has changed when its baseline has another digest', () => {
    const [a, b] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [never, never];
    const target = { kind: 'image', layers: [], digest: a, id: b } as const;
    const changed = (before: object) =>
      new Subjects({ evidence: evidence({ target }), now, baseline: evidence({ target: { ...target, ...before } }) })
        .image.changed;
    expect([
      changed({}),
      changed({ digest: b }),
      changed({ digest: undefined }),
      changed({ digest: undefined, id: a }),
    ]).toEqual([false, true, false, true]);
    expect(subjects({ target }).image.changed).toBe(false);
  });
});

describe('a finding', () => {
  const view = (given: Partial<Finding>) => subjects({ findings: [finding(given)] }).finding(0);

  test('counts days by the calendar', () => {
    expect(view({ published: '2024-06-10T23:00:00Z' }).daysSinceDisclosure).toBe(0);
    expect(view({ published: '2024-06-09T23:59:59Z' }).daysSinceDisclosure).toBe(1);
    expect(view({}).daysSinceDisclosure).toBe(-1);
    expect(view({ exploited: { added: '2024-06-01', due: '2024-06-21', ransomware: false } })).toMatchObject({
      daysSinceKev: 9,
      kevDue: '2024-06-21',
    });
    expect(['2024-06-11T00:00:00Z', 'soon', '', undefined].map((time) => daysSince(time, 19_884))).toEqual([
      0, -1, -1, -1,
    ]);
  });

  test('counts the days since a fix from the record that names it, else from the disclosure', () => {
    const dates = { published: '2024-01-01T00:00:00Z', fixPublished: '2024-06-01T00:00:00Z' };
    expect(view({ ...dates, fixed: ['2'] }).daysSinceFix).toBe(9);
    expect(view({ published: dates.published, fixed: ['2'] }).daysSinceFix).toBe(161);
    expect(view(dates).daysSinceFix).toBe(-1);
  });

  test('tells who publishes its records', () => {
    expect(publishersOf(['GHSA-a', 'DSA-1', 'DEBIAN-CVE-1', 'ALPINE-CVE-1', 'GO-1', 'RHSA-1:2', 'CVE-1'])).toEqual([
      ...['Alpine', 'Debian', 'GitHub', 'Go', 'NVD', 'Red Hat'],
    ]);
    expect(publishersOf(['ACME-1', 'plain'])).toEqual(['ACME', 'plain']);
  });

  test('is in a package that knows all that is wrong with it', () => {
    const findings = [
      finding({ severity: 'critical', fixed: ['1.0.5'] }),
      finding({ id: 'CVE-2', fixed: ['1.0.9'] }),
      finding({ id: 'CVE-3', severity: 'low', answered: { by: 'vex', because: 'no' } }),
      finding({ id: 'CVE-4', name: 'other' }),
    ];
    const all = subjects({ findings, packages: [found('zlib')] });
    expect(all.packageOf(findings[0] as Finding)).toMatchObject({ flaws: 2, worst: 'critical', newestFix: '1.0.9' });
    expect(all.packageOf(findings[3] as Finding)).toMatchObject({
      name: 'other',
      flaws: 1,
      newestFix: '',
      ecosystem: 'npm',
    });
    expect(all.packageOf(findings[0] as Finding)).toBe(all.image.packages[0]);
  });

  test('of packages with one purl at two places, each knows its own', () => {
    const [a, b] = ['/a', '/b'].map((path, layer) => found('zlib', { paths: [path], layer })) as [object, object];
    const findings = [finding({ paths: ['/b'] })];
    const all = subjects({ findings, packages: [a, b] as never });
    expect(all.image.packages.map(({ layer, flaws }) => [layer, flaws])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(all.packageOf(findings[0] as Finding).layer).toBe(1);
  });
});

test.each([
  ['/bin/bash', true],
  ['', true],
  ['/usr/sbin/nologin', false],
  ['/bin/false', false],
  ['/bin/sync', false],
])('a user with the shell %j logs in: %s', (shell, login) => {
  const account = { name: 'a', uid: 1, gid: 1, home: '/', groups: [], password: 'locked' } as const;
  expect(new AccountView({ ...account, shell }).login).toBe(login);
});

describe('ports that nothing serves', () => {
  const unserved = (ports: readonly string[], names: readonly string[] = [], command: readonly string[] = []) =>
    unservedPorts(
      { ports, entrypoint: [], cmd: command },
      names.map((name) => found(name)),
    );

  test('are those of a well-known service of which nothing is there', () => {
    expect(unserved(['5432/tcp', '22/tcp', '22/udp'], ['lodash'])).toEqual([22, 5432]);
    expect(unserved(['22/tcp'], ['openssh-server'])).toEqual([]);
    expect(unserved(['5432/tcp'], ['percona-postgresql-15'])).toEqual([]);
    expect(unserved(['6379'], [], ['redis-server', '--port', '6379'])).toEqual([]);
    expect(unserved(['6379'], [], ['/bin/sh', '-c', 'exec /opt/bin/redis-server'])).toEqual([]);
    expect(unserved(['9092/tcp'], ['org.apache.kafka:kafka_2.13'])).toEqual([]);
  });

  test('are never those that any application may take', () => {
    expect(unserved(['80/tcp', '443/tcp', '8080/tcp', '3000/tcp', '5000/tcp', '8443/tcp', '40000/udp'])).toEqual([]);
  });

  test('are told of numbers alone', () => {
    expect(['8080/tcp', '53', '8000-8010/tcp', '', 'http', '99999/tcp'].map(portNumber)).toEqual([
      ...[8080, 53, 8000, undefined, undefined, undefined],
    ]);
  });
});
