import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';
import { installedPackage, ran } from '../support/packed.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folder = scratchFolder();
let installed: string;

beforeAll(() => {
  installed = installedPackage();
});

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('the npm package', () => {
  test('brings nothing but itself', () => {
    expect(readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['sluice']);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest.dependencies).toBeUndefined();
  });

  test('holds what a user needs and no sources, in less than three megabytes', () => {
    const own = join(installed, 'node_modules/sluice');
    expect(readdirSync(own).sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'package.json', 'policies', 'schema', 'templates'].sort(),
    );
    const kinds = readdirSync(join(own, 'dist')).map((name) => (name.endsWith('.mjs') ? '*.mjs' : name));
    expect([...new Set(kinds)].sort()).toEqual(['*.mjs', 'THIRD-PARTY-NOTICES', 'sluice.1', 'types']);
    expect(readdirSync(join(own, 'schema')).filter((name) => !name.endsWith('.json'))).toEqual([]);
    expect(statSync(join(installed, 'sluice-0.1.0.tgz')).size).toBeLessThan(3 * 1024 * 1024);
  });

  test('is the same bytes each time it is packed', () => {
    mkdirSync(join(folder, 'again'));
    ran('npm', ['pack', '--silent', '--pack-destination', join(folder, 'again')]);
    expect(sha256(join(folder, 'again/sluice-0.1.0.tgz'))).toBe(sha256(join(installed, 'sluice-0.1.0.tgz')));
  });

  test('runs where it was installed', () => {
    const program = join(installed, 'node_modules/.bin/sluice');
    expect(ran(program, ['--version'], installed)).toBe('0.1.0\n');
    expect(existsSync(join(installed, 'node_modules/sluice/dist/sluice.1'))).toBe(true);
  });

  test('has the manual that the program prints', async () => {
    const { stdout } = await sluice(['man']);
    expect(readFileSync(join(installed, 'node_modules/sluice/dist/sluice.1'), 'utf8')).toBe(stdout);
  });

  test('passes on the licence of everything that is bundled', () => {
    const text = readFileSync(join(installed, 'node_modules/sluice/dist/THIRD-PARTY-NOTICES'), 'utf8');
    const sections = text.split(`${'='.repeat(80)}\n`).slice(1);
    const named = sections.map((section) => section.slice(0, section.indexOf(' ')));
    const asked =
      "import { bundledPackages } from './scripts/bundle/notices.mjs'; console.log((await bundledPackages()).join())";
    const bundled = ran(process.execPath, ['--input-type=module', '-e', asked]).trim().split(',');
    expect(named).toEqual(bundled.map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
    for (const name of [
      '@marcbachmann/cel-js',
      'ae-cvss-calculator',
      'ink',
      'liquidjs',
      're2js',
      'react',
      'yaml',
      'yoga-layout',
    ])
      expect(named).toContain(name);
    // A name and a line of copyright are no licence.
    expect(sections.filter((section) => section.length < 500)).toEqual([]);
  });
});
