import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterFile } from '../support/clean-up.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { installedPackage, ran } from '../support/packed.ts';
import { file, tar } from '../support/tar-writer.ts';
import { buildZip } from '../support/zip.ts';

const root = resolve(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs/library.md'), 'utf8');
const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

/** What each example of docs/library.md prints. */
const printed = [
  /^stop 3\n(?:[a-z]+\/[a-z-]+ .*\n)+1\n$/,
  /^npm: osv-export\n$/,
  /^target\/missing gone\.tar does not exist\ntoo late\n$/,
];

let folder: string;

beforeAll(() => {
  const made = mkdtempSync(join(tmpdir(), 'sluice-library-'));
  folder = made;
  afterFile(() => rmSync(made, { recursive: true, force: true }));
  symlinkSync(join(installedPackage(), 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const layer = tar(file('srv/node_modules/lodash/package.json', '{"name":"lodash","version":"4.17.4"}'));
  writeFileSync(join(folder, 'my-app.tar'), archiveOf(ociFiles(buildImage({ layers: [{ tar: layer }] }))));
  mkdirSync(join(folder, 'mirror/npm'), { recursive: true });
  const affected = [{ package: { ecosystem: 'npm', name: 'absent' }, versions: ['1.0.0'] }];
  const body = JSON.stringify({ id: 'TEST-1', modified: '2024-01-01T00:00:00Z', affected });
  writeFileSync(join(folder, 'mirror/npm/all.zip'), buildZip([{ name: 'TEST-1.json', body }]));
  examples.forEach((code, i) => {
    writeFileSync(join(folder, `example-${i}.ts`), code);
    // Node runs no TypeScript: the one type that is written goes.
    writeFileSync(join(folder, `example-${i}.mjs`), code.replaceAll(': Error)', ')'));
  });
});

describe('the examples of docs/library.md', () => {
  test('are those that are looked at', () => {
    expect(examples.length).toBe(printed.length);
  });

  test.each(printed.map((pattern, i) => [i, pattern] as const))('example %i runs', (i, pattern) => {
    const env = { PATH: process.env.PATH ?? '', HOME: folder };
    const run = ran(
      'env',
      ['-i', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), process.execPath, `example-${i}.mjs`],
      folder,
    );
    expect(run).toMatch(pattern);
  });

  test('have the types that they say', () => {
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const types = ['--typeRoots', join(root, 'node_modules/@types')];
    const names = examples.map((_, i) => `example-${i}.ts`);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(ran(process.execPath, [tsc, ...options, ...types, ...names], folder)).toBe('');
    writeFileSync(join(folder, 'wrong.ts'), "import { scan } from 'sluice';\nawait scan(1, { failOn: 'unknown' });\n");
    expect(() => ran(process.execPath, [tsc, ...options, ...types, 'wrong.ts'], folder)).toThrow(/TS2345/);
  });
});
