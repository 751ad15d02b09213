import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { giveAdvisories } from './support/advisories.ts';
import { type Run, scratchFolder, sluice } from './support/cli.ts';
import { hasShared, shared, sharedJson } from './support/shared.ts';

interface Expectation {
  readonly file: string;
  readonly expect: 'error' | 'ok' | 'either';
}

interface Report {
  readonly schema: string;
  readonly packages: readonly { readonly ecosystem: string; readonly name: string; readonly version: string }[];
  readonly verdict: { readonly decision: string };
}

const inputs = hasShared
  ? Object.values(sharedJson<{ inputs: Record<string, Expectation> }>('images', 'bad', 'expectations.json').inputs)
  : [{ file: '(reference data absent)', expect: 'either' as const }];

/** Where the hostile archives would like to write. */
const escapes = [
  '/tmp/escaped-from-archive',
  '/tmp/escaped-absolute-from-archive',
  '/tmp/escaped-from-layer',
  '/tmp/escaped-dots',
  '/tmp/escaped-through-symlink',
  '/etc/escaped-absolute',
];

describe.skipIf(!hasShared)('broken and hostile images', () => {
  const cache = scratchFolder();
  const home = scratchFolder();
  const runs = new Map<string, Run>();

  beforeAll(async () => {
    await giveAdvisories(cache);
    const waiting = [...inputs];
    const scanAll = async (): Promise<void> => {
      for (let input = waiting.pop(); input; input = waiting.pop()) {
        const args = ['-o', 'json', '--offline', '--fail-on', 'never', '--cache-dir', cache];
        const path = shared('images', 'bad', input.file);
        runs.set(input.file, await sluice(['scan', path, ...args], { HOME: home, TMPDIR: home, XDG_CACHE_HOME: home }));
      }
    };
    await Promise.all([scanAll(), scanAll()]);
  }, 180_000);

  function runOf(file: string): Run {
    const run = runs.get(file);
    if (!run) throw new Error(`${file} was not scanned`);
    return run;
  }

  test.each(inputs)('$file: $expect', ({ file, expect: expected }) => {
    const run = runOf(file);
    if (expected === 'error') expect([1, 3]).toContain(run.code);
    else if (expected === 'ok') expect(run.code, run.stderr).toBe(0);
    else expect([0, 1, 3]).toContain(run.code);
    expect(run.cpuSeconds).toBeLessThan(20);
    expect(run.peak).toBeLessThan(600 * 1024 * 1024);
    if (run.code === 1) {
      expect(run.stdout).toBe('');
      // One line that names the file and the cause, perhaps one more with what to do: nothing of a stack trace.
      expect(run.stderr).toMatch(/^sluice: [^\n]+ \[[a-z0-9]+\/[a-z0-9-]+\]\n(?: {8}[^\n]+\n)?$/);
      expect(run.stderr.startsWith(`sluice: ${basename(file)}: `), run.stderr).toBe(true);
      expect(run.stderr).not.toContain('bug/');
    } else {
      expect(run.stderr).toBe('');
      const report = JSON.parse(run.stdout) as Report;
      expect(report.schema).toBe('sluice/v1');
      expect(report.verdict.decision).toMatch(run.code === 3 ? /^undecided$/ : /^(?:pass|warn)$/);
    }
    // Control characters of a hostile image reach no terminal.
    expect(run.stdout + run.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test('nothing is written outside of the cache', () => {
    expect(readdirSync(home)).toEqual([]);
    expect(escapes.filter((path) => existsSync(path))).toEqual([]);
    const kept = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((item) => item.isFile());
    expect(kept.filter(({ name }) => /tmp|escape|passwd/.test(name))).toEqual([]);
  });

  test('good packages beside corrupt ones are still reported', () => {
    const { packages } = JSON.parse(runOf('corrupt-package-files.oci.tar').stdout) as Report;
    const found = packages.map(({ ecosystem, name, version }) => `${ecosystem} ${name} ${version}`);
    expect(found).toContain('npm fine 1.2.3');
    expect(found).toContain('pypi latin-1 2.0');
    const alpine = JSON.parse(runOf('multi-platform.oci.tar').stdout) as Report;
    const apks = (report: readonly Report['packages'][number][]) =>
      report.filter(({ ecosystem }) => ecosystem === 'apk').map(({ name }) => name);
    expect(apks(packages)).toEqual(apks(alpine.packages));
    expect(apks(packages)).not.toEqual([]);
  });

  test('a platform that is not there is named with those that are', () => {
    expect(runOf('no-matching-platform.oci.tar').stderr).toContain('windows/amd64, linux/riscv64');
  });

  test('a second look gives the same', async () => {
    for (const file of ['layer-bad-crc.oci.tar', 'diff-id-mismatch.oci.tar', 'corrupt-package-files.oci.tar']) {
      const again = await sluice([
        'scan',
        shared('images', 'bad', file),
        '-o',
        'json',
        '--offline',
        '--fail-on',
        'never',
        '--cache-dir',
        cache,
      ]);
      const { code, stdout, stderr } = runOf(file);
      expect([again.code, again.stdout, again.stderr]).toEqual([code, stdout, stderr]);
    }
  });
});
