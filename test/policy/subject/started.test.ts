import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noFacts } from '../../../src/model/image-facts.ts';
import { claimsDistroless } from '../../../src/policy/subject/claims.ts';
import { unexposedPorts } from '../../../src/policy/subject/listening.ts';
import { startedFolders, startedPaths } from '../../../src/policy/subject/started.ts';

describe('what a container starts', () => {
  const facts = {
    ...noFacts,
    entrypoint: ['/sbin/tini', '--', '/app/../app/run.sh'],
    cmd: ['node', 'server.js', '--port=80'],
    healthcheck: ['CMD-SHELL', 'curl -f http://localhost/ || exit 1'],
    workingDir: '/srv',
    env: [{ name: 'PATH', value: '/opt/bin:/usr/bin', secret: false }],
  };

  test('are the files that its commands name, where they are looked for', () => {
    const paths = startedPaths(facts);
    for (const path of [
      '/sbin/tini',
      '/app/run.sh',
      '/opt/bin/node',
      '/usr/bin/node',
      '/srv/server.js',
      '/usr/bin/curl',
    ])
      expect([...paths]).toContain(path);
    for (const path of ['/bin/node', '/server.js', '/app/server.js']) expect([...paths]).not.toContain(path);
  });

  test('and the folders of those that are files for certain', () => {
    expect([...startedFolders(facts)].sort()).toEqual(['/app', '/sbin', '/srv']);
  });

  test('is nothing where the check of the base is switched off', () => {
    expect([...startedFolders({ ...noFacts, healthcheck: ['NONE', '/x/y'] })]).toEqual([]);
  });

  test('by a shell is what its text names', () => {
    const shell = { ...noFacts, cmd: ['/bin/sh', '-c', 'cd /data && exec "/app/start" --fast'] };
    expect([...startedFolders(shell)].sort()).toEqual(['/', '/app', '/bin']);
  });

  test('is bounded, whatever the commands are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 60 }), { maxLength: 40 }),
        fc.string({ maxLength: 40 }),
        (cmd, dir) => {
          for (const path of startedPaths({ ...noFacts, cmd, workingDir: dir }))
            expect(path.startsWith('/')).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
    const many = { ...noFacts, cmd: Array.from({ length: 2000 }, (_, i) => `a${i} `.repeat(50)) };
    expect(startedPaths(many).size).toBeLessThanOrEqual(500 * 7);
  });
});

describe('ports that are served and not exposed', () => {
  test.each([
    [['redis-server'], [], ['6379/tcp']],
    [['docker-entrypoint.sh', 'redis-server', '--port', '7000'], [], ['7000/tcp']],
    [['/bin/sh', '-c', 'exec memcached -p 11212'], [], ['11212/tcp']],
    [['gunicorn', '-b', '0.0.0.0:8000', 'app:main'], ['80/tcp'], ['8000/tcp']],
    [['uvicorn', 'app:main', '--host', '0.0.0.0', '--port', '8000'], [], ['8000/tcp']],
    [['mysqld', '--port=3307'], ['3307/tcp'], []],
    [['redis-server'], ['6379'], []],
    [['redis-server', '/etc/redis/redis.conf'], [], []],
    [['uvicorn', 'app:main', '--port', '8000'], [], []],
    [['gunicorn', '-b', '127.0.0.1:8000', 'app:main'], [], []],
    [['gunicorn', '-b', '0.0.0.0:$PORT', 'app:main'], [], []],
    [['gunicorn', '-b', 'unix:/run/app.sock', 'app:main'], [], []],
    [['wait-for', 'redis-server'], [], []],
    [['puma', '-p', '99999'], [], []],
    [[], [], []],
  ])('%j with %j exposed: %j', (cmd, ports, told) => {
    expect(unexposedPorts({ ...noFacts, cmd, ports })).toEqual(told);
  });

  test('are sorted and right, whatever the words are', () => {
    const word = fc.constantFrom('puma', '-p', '--port=1', '--port', '80', '0.0.0.0:5', 'sh', '-b', ':7', '');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (cmd) => {
        for (const port of unexposedPorts({ ...noFacts, cmd })) expect(port).toMatch(/^\d{1,5}\/tcp$/);
      }),
    );
  });
});

describe('an image says that it is distroless', () => {
  const target = { kind: 'image' as const, layers: [] };
  const distribution = { id: 'debian', version: '12', like: [] };

  test.each([
    [{ target: { ...target, distribution: { ...distribution, name: 'Distroless' } } }, true],
    [
      {
        target: {
          ...target,
          base: { name: 'registry.example.com/distroless/static:debug', layers: 1, by: 'flag' as const },
        },
      },
      true,
    ],
    [{ target, image: { ...noFacts, labels: { 'org.opencontainers.image.title': 'shop-distroless' } } }, true],
    [{ target: { ...target, distribution: { ...distribution, name: 'Debian 12' } }, image: noFacts }, false],
    [{ target, image: { ...noFacts, labels: { description: 'not distroless' } } }, false],
    [
      { target, image: { ...noFacts, annotations: { 'org.opencontainers.image.base.name': 'example/distrolesses' } } },
      false,
    ],
  ])('%#', (evidence, told) => {
    expect(claimsDistroless(evidence)).toBe(told);
  });
});
