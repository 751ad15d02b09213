import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nextStep } from '../../src/cli/next-step.ts';
import { sluice } from '../support/cli.ts';

const src = resolve(import.meta.dirname, '..', '..', 'src');
const mandoc = spawnSync('mandoc', ['-Tlint', '/dev/null']).error === undefined;

async function commandsOf(): Promise<string[]> {
  const { stdout } = await sluice(['--help']);
  const listed = stdout.slice(stdout.indexOf('Commands:'));
  return [...listed.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
}

describe('help', () => {
  test('of sluice begins with examples of its commands', async () => {
    const { code, stdout } = await sluice(['--help']);
    expect(code).toBe(0);
    const shown = [...stdout.matchAll(/^ {2}sluice ([a-z]+) /gm)].map(([, name]) => name);
    expect(shown.length).toBeGreaterThan(5);
    const commands = await commandsOf();
    expect(shown.filter((name) => !commands.includes(name ?? ''))).toEqual([]);
    expect((await sluice(['help', 'scan'])).stdout).toBe((await sluice(['scan', '--help'])).stdout);
  });

  test('of every command shows examples, and flags that there are', async () => {
    const commands = await commandsOf();
    expect(commands.length).toBeGreaterThan(10);
    const helps = await Promise.all(commands.map((name) => sluice([name, '--help'])));
    for (const [i, { code, stdout }] of helps.entries()) {
      const name = commands[i] ?? '';
      expect(code, name).toBe(0);
      // A command with actions shows those first; their own help has the examples.
      if (stdout.startsWith(`Usage: sluice ${name} <action>`)) continue;
      const examples = stdout.match(new RegExp(`^ {2}(?:source <\\()?sluice ${name}\\b.*$`, 'gm')) ?? [];
      expect(examples.length, `examples of ${name}`).toBeGreaterThan(0);
      const flags = stdout.slice(stdout.lastIndexOf(examples.at(-1) ?? ''));
      const used = examples.flatMap((line) =>
        [...line.replace(/ #.*/, '').matchAll(/ (--[a-z-]+)/g)].map(([, flag]) => flag),
      );
      expect(
        used.filter((flag) => !flags.includes(flag ?? '')),
        name,
      ).toEqual([]);
    }
  });
});

describe('the manual', () => {
  test('names every command and is the same each time', async () => {
    const [first, second] = await Promise.all([sluice(['man']), sluice(['man'])]);
    expect(first.stdout).toBe(second.stdout);
    const commands = await commandsOf();
    expect(commands.filter((name) => !first.stdout.includes(`\n.Ss sluice ${name}`))).toEqual([]);
    expect(first.stdout).toContain('.It Fl -fail\\-on Ar "SEVERITY|never"');
  });

  test.skipIf(!mandoc)('is clean by mandoc', async () => {
    const { stdout } = await sluice(['man']);
    const lint = spawnSync('mandoc', ['-Tlint'], { input: stdout, encoding: 'utf8' });
    expect(lint.stdout).toBe('');
  });
});

/** What people type wrong, and the step that they are told. */
const wrong: readonly [args: readonly string[], step: string][] = [
  [['scna'], 'did you mean scan?'],
  [['frobnicate'], 'see sluice --help'],
  [['scan'], 'usage: sluice scan TARGET [flags]'],
  [['scan', '--fail-onn', 'high', 'x.tar'], 'did you mean --fail-on?'],
  [['scan', '--jobs', '0', 'x.tar'], 'sluice scan --help begins with examples'],
  [['scan', 'a.tar', 'b.tar'], 'sluice scan --help begins with examples'],
  [['scan', '-o', 'sarf', 'x.tar'], 'did you mean sarif?'],
  [['scan', 'gone.tar'], 'name an archive, a layout or source folder, or a reference such as nginx:1.27'],
  [
    ['scan', 'LICENSE'],
    'no image, or a damaged one: write or pull it again (docker save IMAGE -o FILE), and see if docker load takes it',
  ],
  [['db', 'updat'], 'did you mean sluice db update?'],
  [['gate', 'gone.json'], 'look at the path and who may read it: ls -l'],
  [['explain', 'CVE-2024-1'], 'usage: sluice explain ID TARGET [flags]'],
];

describe('every error ends with what to do next', () => {
  test.each(wrong)('sluice %j', async (args, step) => {
    const { code, stdout, stderr } = await sluice(args);
    expect([code, stdout]).toEqual([1, '']);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^sluice: .* \[[a-z]+\/[a-z-]+\]$/);
    expect(lines[1]).toBe(`        ${step}`);
  });

  test('by the area of its code, of every code in the sources', () => {
    const codes = new Set<string>();
    for (const name of readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.ts')))
      for (const [, code = ''] of readFileSync(join(src, name), 'utf8').matchAll(
        /new SluiceError\(\s*'([a-z-]+\/[a-z-]+)'/g,
      ))
        codes.add(code);
    expect(codes.size).toBeGreaterThan(150);
    const steps = [...codes].map((code) => nextStep(code as `${string}/${string}`, 'scan'));
    expect(steps.filter((step) => step.length < 20 || step.includes('COMMAND'))).toEqual([]);
    // What users type and name has steps of its own, not the one of damaged images.
    const own = [...codes].filter((code) => /^(?:usage|file|output|report|policy|cache|target|advisory)\//.test(code));
    const damaged = nextStep('tar/checksum', undefined);
    expect(own.filter((code) => nextStep(code as `${string}/${string}`, undefined) === damaged)).toEqual([]);
  });
});
