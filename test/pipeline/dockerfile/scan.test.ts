import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Look, ScanOptions } from '../../../src/pipeline/options.ts';
import { scan } from '../../../src/pipeline/scan.ts';
import { identifyTarget } from '../../../src/source/target.ts';

const folder = mkdtempSync(join(tmpdir(), 'dockerfile-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const options = (kinds: Look['kinds'] = ['secrets', 'configuration']): ScanOptions => ({
  ecosystems: [],
  access: { insecure: false, offline: true, env: {} },
  platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
  look: { kinds, digest: '' },
  now: new Date('2026-01-31'),
});

const text = `FROM alpine:3.20 AS build
RUN make
FROM registry.example.com/team/base:1
ENV API_TOKEN=made-up
COPY --from=build /a /a
EXPOSE 22
CMD ["a"]
`;

test('a file is told for a Dockerfile by its name or its first instruction', () => {
  expect(identifyTarget(write('a/Dockerfile', 'RUN x'))).toMatchObject({ kind: 'dockerfile' });
  expect(identifyTarget(write('a/build.txt', '# x\nFROM alpine:3.20\n'))).toMatchObject({ kind: 'dockerfile' });
  expect(identifyTarget(`dockerfile:${write('a/other', 'hello')}`)).toMatchObject({ kind: 'dockerfile' });
  expect(identifyTarget(write('b/Dockerfile', Buffer.alloc(1024)))).toMatchObject({ kind: 'archive' });
  expect(identifyTarget(write('a/notes', 'hello'))).toMatchObject({ kind: 'archive' });
});

test('a Dockerfile is judged before there is an image', async () => {
  const path = write('c/Dockerfile', text);
  const evidence = await scan({ kind: 'dockerfile', path }, options());
  const { target, judged, packages, findings, problems, sources, looked, image, placed = [] } = evidence;
  expect({ target, judged, packages, findings, problems, sources, looked }).toEqual({
    target: { kind: 'dockerfile', layers: [] },
    judged: ['installed'],
    ...{ packages: [], findings: [], problems: [], sources: [], looked: ['secrets', 'configuration'] },
  });
  expect(image).toMatchObject({
    user: '?',
    cmd: ['a'],
    ports: ['22/tcp'],
    env: [{ name: 'API_TOKEN', value: '***', secret: true }],
    history: [{ line: 3 }, { line: 4, text: 'ENV API_TOKEN=***' }, { line: 5 }, { line: 6 }, { line: 7 }],
  });
  // Whom it runs as is for the image below to say.
  expect(placed.filter(({ kind }) => kind === 'misconfiguration').map(({ id, place }) => [id, place])).toEqual([
    ['dockerfile/secret-in-environment', { in: 'dockerfile', path, line: 4 }],
    ['image/no-healthcheck', { in: 'dockerfile', path, line: 3 }],
    ['image/remote-administration-port', { in: 'dockerfile', path, line: 6 }],
  ]);
  expect(JSON.stringify(evidence)).not.toContain('made-up');
  expect((await scan({ kind: 'dockerfile', path }, options(['secrets']))).placed ?? []).toEqual(
    placed.filter(({ kind }) => kind === 'secret'),
  );
});

test('what is no Dockerfile is a problem, or an error where it can not be read', async () => {
  const path = write('d/Dockerfile', 'hello\n');
  expect((await scan({ kind: 'dockerfile', path }, options())).problems).toEqual([
    { code: 'dockerfile/no-from', message: 'the Dockerfile has no FROM', blinding: true, path },
    { code: 'dockerfile/unknown-instruction', message: 'line 1: HELLO is no instruction', blinding: false, path },
  ]);
  await expect(scan({ kind: 'dockerfile', path: join(folder, 'none') }, options())).rejects.toThrow('does not exist');
  const large = write('d/large', `FROM a\n${'# x\n'.repeat(600_000)}`);
  await expect(scan({ kind: 'dockerfile', path: large }, options())).rejects.toThrow('larger than a Dockerfile may be');
});

test('Dockerfiles of a source tree are looked into, and not those of dependencies', async () => {
  write('e/package.json', '{}');
  write('e/Dockerfile', text);
  write('e/deploy/api.Dockerfile', 'FROM alpine\nUSER app\nHEALTHCHECK CMD ["x"]\n');
  write('e/node_modules/x/Dockerfile', 'FROM alpine\n');
  write('e/docs/Dockerfile', 'not one\n');
  // Called so, and a program's source.
  write('e/src/dockerfile.ts', "import { a } from 'b';\n");
  write('e/src/Dockerfile.yaml', 'version: 1\n');
  write('e/large/Dockerfile', `FROM alpine\n${'# x\n'.repeat(100_000)}`);
  symlinkSync('/etc/passwd', join(folder, 'e/Containerfile'));
  const { placed = [], problems } = await scan({ kind: 'source', path: join(folder, 'e') }, options(['configuration']));
  expect(placed.map(({ id, place }) => [id, place.path, place.line])).toEqual([
    ['dockerfile/base-latest', 'deploy/api.Dockerfile', 1],
    ['dockerfile/secret-in-environment', 'Dockerfile', 4],
    ['image/no-healthcheck', 'Dockerfile', 3],
    ['image/remote-administration-port', 'Dockerfile', 6],
  ]);
  const own = problems.filter(({ code }) => code.startsWith('dockerfile/'));
  expect(own.map(({ code, path, blinding }) => [code, path, blinding])).toEqual([
    ['dockerfile/no-from', 'docs/Dockerfile', false],
    ['dockerfile/unknown-instruction', 'docs/Dockerfile', false],
    ['dockerfile/too-large', 'large/Dockerfile', false],
  ]);
});
