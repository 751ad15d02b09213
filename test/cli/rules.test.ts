import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);

const good = `version: 1
rules:
  - id: team/no-telnet
    title: Exposes telnet
    why: It has no secrets.
    fix: Take it out.
    severity: high
    on: image
    each: image.ports
    when: each == '23/tcp'
    aliases: [TEAM-23]
    tests:
      - { name: telnet, image: { ports: ['23/tcp'] }, expect: fires }
      - { name: web, image: { ports: ['80/tcp'] }, expect: silent }
`;

beforeAll(() => {
  writeFileSync(path('good.yaml'), good);
  writeFileSync(path('failing.yaml'), good.replace("['80/tcp']", "['23/tcp']"));
  writeFileSync(path('untested.yaml'), good.slice(0, good.indexOf('      - { name: web')));
  writeFileSync(path('bad.yaml'), good.replace('severity: high', 'severity: hihg'));
  writeFileSync(
    path('rules.toml'),
    "[[rules]]\nid = \"own-token\"\nregex = '''own_[a-z0-9]{20}'''\nkeywords = [\"own_\"]\n",
  );
});

async function rules(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await sluice(['rules', ...args]);
  const clean = (text: string): string => text.replaceAll(`${folder}/`, '');
  return { code, stdout: clean(stdout), stderr: clean(stderr) };
}

describe('sluice rules list', () => {
  test('lists what ships with sluice, and rules of files', async () => {
    const { code, stdout } = await rules('list', '--rules', path('good.yaml'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^RULE +SEVERITY +ON +TITLE\n/);
    expect(stdout).toMatch(/^image\/runs-as-root +medium +image +Runs as root$/m);
    expect(stdout).toMatch(/^team\/no-telnet +high +image +Exposes telnet \(good\.yaml\)$/m);
    expect(stdout).toMatch(/\n\d+ on configuration, \d+ for secrets; sluice rules show RULE says more\n$/);
  });

  test('by name and kind, as JSON', async () => {
    const { stdout } = await rules('list', 'image/runs-*', '--kind', 'configuration', '--json');
    const listed = JSON.parse(stdout);
    expect(listed.map(({ id }: { id: string }) => id)).toContain('image/runs-as-root');
    expect(
      listed.every(
        ({ id, kind }: { id: string; kind: string }) => id.startsWith('image/runs-') && kind === 'configuration',
      ),
    ).toBe(true);
    expect(await rules('list', 'nothing/*')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('no rule is called like nothing/*'),
    });
    expect(await rules('list', '--kind', 'secrets')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean secret?'),
    });
  });

  test('lists rules for secrets in gitleaks’ form', async () => {
    const { code, stdout } = await rules('list', 'own-*', '--rules', path('rules.toml'));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^own-token +\w+ +text +/m)]);
  });
});

describe('sluice rules show', () => {
  test('says all that there is to say, by name and by what others call it', async () => {
    const { code, stdout } = await rules('show', 'team/no-telnet', '--rules', path('good.yaml'));
    expect([code, stdout]).toEqual([
      0,
      `team/no-telnet (high): Exposes telnet
  why          It has no secrets.
  fix          Take it out.
  on           image
  each         image.ports
  when         each == '23/tcp'
  also called  TEAM-23
  let pass     sluice waive team/no-telnet --reason '…' --owner NAME --expires 90d (with --path: there alone)
  from         good.yaml
`,
    ]);
    expect(await rules('show', 'team-23', '--rules', path('good.yaml'))).toEqual({ code, stdout, stderr: '' });
  });

  test('names the nearest', async () => {
    const { code, stderr } = await rules('show', 'image/run-as-root');
    expect([code, stderr]).toEqual([1, expect.stringContaining('did you mean image/runs-as-root?')]);
  });
});

describe('sluice rules test', () => {
  test('runs what stands in rules', async () => {
    expect(await rules('test', path('good.yaml'))).toEqual({
      code: 0,
      stdout: 'ok    good.yaml: 1 rule, 2 tests\n1 rule with 2 tests in 1 file: all hold\n',
      stderr: '',
    });
  });

  test('says what does not hold, and fails', async () => {
    expect(await rules('test', path('failing.yaml'))).toEqual({
      code: 1,
      stdout:
        'FAIL  failing.yaml:14:9: team/no-telnet: web: it fires: Exposes telnet: 23/tcp\n1 rule with 2 tests in 1 file: 1 fault\n',
      stderr: '',
    });
    expect((await rules('test', path('untested.yaml'))).stdout).toContain(
      'FAIL  untested.yaml:3:5: team/no-telnet has no test that expects: silent\n',
    );
    expect((await rules('test', path('bad.yaml'))).stdout).toContain(
      'FAIL  bad.yaml:7:15: severity takes critical, high, medium or low, not hihg\n        did you mean high?\n',
    );
    expect(await rules('test', path('missing'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('missing does not exist'),
    });
  });

  test('what ships with sluice holds', async () => {
    const { code, stdout } = await rules('test', '--quiet', 'rules/configuration', 'rules/dockerfile');
    expect([code, stdout]).toEqual([0, '']);
  });
});
