import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);
const rule = (id: string, when: string): string =>
  `  - { id: ${id}, title: A, why: B, on: finding, outcome: stop, when: "${when}" }\n`;

beforeAll(() => {
  mkdirSync(path('empty'));
  writeFileSync(path('good.yaml'), `version: 1\nuse: [default]\nrules:\n${rule('a/b', 'finding.exploited')}`);
  writeFileSync(path('odd.yaml'), `version: 1\nrules:\n${rule('a/b', "finding.severity == 'High'")}`);
  writeFileSync(path('bad.yaml'), `version: 1\nrules:\n${rule('a/b', 'finding.severty')}${rule('a/c', '1 +')}`);
});

/** What a check prints, with the folder taken out. */
async function check(...args: readonly string[]): Promise<{ code: number | null; lines: string[]; stderr: string }> {
  const { code, stdout, stderr } = await sluice(['policy', 'check', ...args]);
  const clean = (text: string): string => text.replaceAll(`${folder}/`, '');
  return { code, lines: clean(stdout).split('\n').slice(0, -1), stderr: clean(stderr) };
}

describe('sluice policy check', () => {
  test('says what a good policy has', async () => {
    expect(await check(path('good.yaml'))).toEqual({
      code: 0,
      lines: ['good.yaml: 8 rules: 4 stop, 3 warn, 1 track; nothing to say against it'],
      stderr: '',
    });
    expect(await check('strict', '--at', '2030-01-01')).toMatchObject({ code: 0, stderr: '' });
  });

  test('says what is odd, which is no failure', async () => {
    expect(await check(path('odd.yaml'))).toEqual({
      code: 0,
      lines: [
        'odd.yaml:3:5: warning: a/b can never fire: its condition is never true',
        '        finding.severity is critical, high, medium, low, negligible, unknown, and nothing else',
        'odd.yaml: 1 rule: 1 stop; 1 warning, no failure',
      ],
      stderr: '',
    });
  });

  test('says all that is wrong, and fails', async () => {
    const { code, lines, stderr } = await check(path('bad.yaml'));
    expect([code, stderr]).toEqual([1, '']);
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
      expect.stringMatching(/^bad\.yaml:3:\d+: error: .*severty/),
      expect.stringMatching(/^bad\.yaml:4:\d+: error: /),
      "bad.yaml: 2 errors: it can't be used",
    ]);
  });

  test('reads the waivers that go with it', async () => {
    mkdirSync(path('waived'));
    writeFileSync(path('waived/sluice.yaml'), 'version: 1\nuse: [default]\n');
    writeFileSync(path('waived/sluice.waivers.yaml'), 'version: 1\nwaivrs: []\n');
    const { code, lines } = await check(path('waived/sluice.yaml'));
    expect([code, lines[0], lines.at(-1)]).toEqual([
      1,
      expect.stringMatching(/^waived\/sluice\.waivers\.yaml:2:1: error: there is no setting waivrs of a waiver file/),
      "waived/sluice.yaml: its waivers can't be used",
    ]);
  });

  test('looks at what the environment names, as a scan does', async () => {
    const { code, stdout } = await sluice(['policy', 'check'], { SLUICE_POLICY: path('odd.yaml') });
    expect([code, stdout.trimEnd().split('\n').at(-1)?.replace(`${folder}/`, '')]).toEqual([
      0,
      'odd.yaml: 1 rule: 1 stop; 1 warning, no failure',
    ]);
  });

  test('fails where there is none', async () => {
    const { code, stderr } = await check(path('gone.yaml'));
    expect([code, stderr.split('\n')[0]]).toEqual([
      1,
      'sluice: the policy gone.yaml does not exist [policy/unreadable]',
    ]);
  });
});

test('a scan by a policy that is wrong fails before anything is scanned, and says all that is to be mended', async () => {
  const { code, stdout, stderr } = await sluice([
    'scan',
    path('empty'),
    '--policy',
    path('bad.yaml'),
    '--cache-dir',
    path('cache'),
  ]);
  expect([code, stdout, stderr.replaceAll(`${folder}/`, '')]).toEqual([
    1,
    '',
    expect.stringMatching(
      /^sluice: bad\.yaml:3:\d+: .*severty \(and 1 more fault: see sluice policy check\) \[policy\/malformed\]\n {8}did you mean severity\?\n$/,
    ),
  ]);
});
