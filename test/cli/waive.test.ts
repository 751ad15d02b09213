import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';

const folder = scratchFolder();
const fixtures = 'test/fixtures/waivers';
/** A day far enough away for the tests to be true for a while, and near enough to be taken. */
const day = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
const terms = ['--owner', 'shop team', '--expires', day];

let files = 0;
const fresh = (): string => join(folder, `w${files++}.yaml`);

describe('sluice waive', () => {
  test('writes one waiver after the other and keeps what stands there', async () => {
    const file = fresh();
    const first = await sluice(['waive', 'CVE-2026-0001', '--reason', 'never called', ...terms, '--file', file]);
    expect([first.code, first.stdout]).toEqual([0, '']);
    expect(first.stderr).toMatch(new RegExp(`waived until ${day}\n$`));
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n', '\n# Mine\n'));
    const more = ['--package', 'pkg:npm/*', '--path', '/app/**', '--image', 'debian:*', '--ticket', 'SHOP-7'];
    const events = ['--until', 'fix', '--until', 'epss=0.5'];
    const args = ['waive', 'CVE-2026-0002', 'CVE-2026-0003', '--reason', 'ours', ...terms, ...more, ...events];
    const second = await sluice([...args, '--file', file, '--quiet']);
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(readFileSync(file, 'utf8').split('\n').slice(1)).toEqual([
      '# Mine',
      'version: 1',
      'waivers:',
      '  - id: CVE-2026-0001',
      '    reason: never called',
      '    owner: shop team',
      `    expires: ${day}`,
      '  - id: [ CVE-2026-0002, CVE-2026-0003 ]',
      '    package: pkg:npm/*',
      '    path: /app/**',
      '    image: debian:*',
      '    reason: ours',
      '    owner: shop team',
      '    ticket: SHOP-7',
      `    expires: ${day}`,
      '    until: { fix: true, epss: 0.5 }',
      '',
    ]);
    const before = readFileSync(file, 'utf8');
    const twice = await sluice(['waive', 'cve-2026-0001', '--reason', 'x', ...terms, '--file', file]);
    expect(twice.code).toBe(1);
    expect(twice.stderr).toContain(`w0.yaml:5 waives this already, until ${day} [waive/duplicate]`);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['nothing to waive', ['--reason', 'r', ...terms], 'what is to be waived? [usage/operands]'],
    ['no reason', ['CVE-1', ...terms], 'a waiver needs --reason [usage/reason]'],
    ['no owner', ['CVE-1', '--reason', 'r', '--expires', '90d'], 'a waiver needs --owner [usage/owner]'],
    ['no end', ['CVE-1', '--reason', 'r', '--owner', 'o'], 'a waiver needs --expires [usage/expires]'],
    [
      'a day that does not exist',
      ['CVE-1', '--reason', 'r', '--owner', 'o', '--expires', '2026-02-30'],
      'there is no 2026-02-30 [usage/expires]',
    ],
    [
      'a day that is over',
      ['CVE-1', '--reason', 'r', '--owner', 'o', '--expires', '2020-01-01'],
      '2020-01-01 is over already',
    ],
    ['too long', ['CVE-1', '--reason', 'r', '--owner', 'o', '--expires', '800d'], 'more than two years away'],
    ['no event', ['CVE-1', '--reason', 'r', ...terms, '--until', 'exploit'], '--until knows no exploit [usage/until]'],
    ['no id', ['CVE-*', '--reason', 'r', ...terms], 'id: "CVE-*" is no id'],
    ['no package URL', ['--package', 'openssl', '--reason', 'r', ...terms], 'package: this is no package URL'],
  ];
  test.each(wrong)('%s is an error, and nothing is written', async (_name, args, message) => {
    const file = fresh();
    const { code, stderr } = await sluice(['waive', ...args, '--file', file]);
    expect([code, existsSync(file)]).toEqual([1, false]);
    expect(stderr).toContain(message);
  });

  test('a malformed file is told, and left as it is', async () => {
    const file = fresh();
    writeFileSync(file, 'version: 1\nwaivers:\n  - id: CVE-1\n    expires: 2026-02-30\n');
    const { code, stderr } = await sluice(['waive', 'CVE-2', '--reason', 'r', ...terms, '--file', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('w'.concat(`${files - 1}.yaml:3:5: this waiver has no reason`));
    expect(readFileSync(file, 'utf8')).toContain('2026-02-30');
  });

  test('its help names every flag', async () => {
    const { code, stdout } = await sluice(['waive', '--help']);
    expect(code).toBe(0);
    for (const flag of [
      '--reason',
      '--owner',
      '--expires',
      '--package',
      '--path',
      '--image',
      '--rule',
      '--ticket',
      '--until',
    ])
      expect(stdout).toContain(flag);
  });
});

describe('sluice waive import', () => {
  test('prints what is taken over, and tells line by line what is not', async () => {
    const { code, stdout, stderr } = await sluice(['waive', 'import', `${fixtures}/.gitleaksignore`, ...terms]);
    expect(code).toBe(0);
    expect(
      stdout,
    ).toBe(`# What may wait, why, who answers for it, and until when. The first that is over a finding answers it.
version: 1
waivers:
  # from .gitleaksignore:2
  - id: [ config/settings.yml:generic-api-key:12, config/settings.yml:secret-assignment:12 ]
    reason: A key of the test server
    owner: shop team
    expires: ${day}
  # from .gitleaksignore:3
  - id: cd5226711335c68be1e720b318b7bc3135a30eb2:cmd/generate/config/rules/sidekiq.go:sidekiq-secret:23
    reason: A key of the test server
    owner: shop team
    expires: ${day}
`);
    expect(stderr.split('\n')).toEqual([
      ".gitleaksignore:4: the file's name holds a space or *, which no id of a waiver does",
      '.gitleaksignore:5: not a fingerprint is no fingerprint, which is file:rule:line',
      '2 taken over, 2 told above',
      '',
    ]);
  });

  test('writes them with --write, each once', async () => {
    const file = fresh();
    const args = ['waive', 'import', `${fixtures}/.grype.yaml`, ...terms, '--file', file, '--write'];
    const first = await sluice(args);
    expect([first.code, first.stdout]).toEqual([0, '']);
    const text = readFileSync(file, 'utf8');
    expect(text.match(/^ {2}# from \.grype\.yaml:\d+$/gm)).toHaveLength(6);
    const second = await sluice(args);
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(/\.grype\.yaml:3: waived already by .*\.yaml:5\n/);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('asks for an end where an entry has none, and for the place of a file that speaks of its folder', async () => {
    const endless = await sluice(['waive', 'import', `${fixtures}/.grype.yaml`, '--owner', 'o']);
    expect(endless.code).toBe(1);
    expect(endless.stderr).toContain('.grype.yaml:3 has no end, and a waiver must have one [usage/expires]');
    const placeless = await sluice(['waive', 'import', `${fixtures}/osv-scanner.toml`, ...terms]);
    expect(placeless.code).toBe(1);
    expect(placeless.stderr).toContain('osv-scanner.toml speaks only of what is in its own folder [waive/scope]');
    const unknown = await sluice(['waive', 'import', 'package.json', ...terms]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('package.json is no file of waivers that is known by its name [usage/from]');
  });

  test('binds the entries of a folder to where it is in the image', async () => {
    const args = ['waive', 'import', `${fixtures}/osv-scanner.toml`, ...terms, '--quiet'];
    const bound = await sluice([...args, '--path', '/app/**']);
    expect([bound.code, bound.stderr]).toEqual([0, '']);
    expect(bound.stdout.match(/path: \/app\/\*\*/g)?.length).toBe(bound.stdout.match(/reason:/g)?.length);
    const everywhere = await sluice([...args, '--path', '**']);
    expect(everywhere.stdout).not.toContain('path:');
  });
});
