import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { scratchFolder } from '../support/cli.ts';
import { gateTests } from './gate-tests.ts';
import { container, header, jobOf, playJob, source } from './gitlab-job.ts';
import { gitlabHeader, gitlabJob, wrongBy } from './schemas.ts';
import { hostileName, root } from './workspace.ts';

describe('the GitLab component', () => {
  test('is one, and makes a sound job', () => {
    expect(wrongBy(gitlabHeader, header)).toEqual([]);
    const job = jobOf({ container });
    expect(wrongBy(gitlabJob, job)).toEqual([]);
    expect(wrongBy(gitlabJob, { ...job, scripts: [] })).not.toEqual([]);
  });

  test('takes its container by digest alone, and no input into a script', () => {
    const regex = new RegExp(header.spec.inputs.container?.regex ?? '^$');
    expect(header.spec.inputs.container?.default).toBe(undefined);
    expect(
      [container, 'registry.example/sluice:1', `${container}0`, `a b@sha256:${'a'.repeat(64)}`].map((name) =>
        regex.test(name),
      ),
    ).toEqual([true, false, false, false]);
    expect(jobOf({ container }).script).toEqual(jobOf({ container, image: hostileName, install: hostileName }).script);
  });

  test('keeps its caches when the gate stops, apart from protected branches unless it is told otherwise', () => {
    const caches = (given: object) =>
      jobOf({ container, ...given }).cache.map(({ key, when, unprotect }) => [key, when, unprotect]);
    expect(caches({})).toEqual([
      ['sluice', 'always', undefined],
      ['sluice-baseline', 'always', false],
    ]);
    expect(caches({ 'share-baseline': true })[1]).toEqual(['sluice-baseline', 'always', true]);
  });

  const local = join(root, 'node_modules', 'gitlab-ci-local', 'src', 'index.js');
  test.skipIf(!existsSync(local))(
    "is sound by GitLab's schema, and means what these tests take it to mean (gitlab-ci-local)",
    () => {
      const folder = join(scratchFolder(), 'project');
      mkdirSync(folder);
      const inputs = { container, image: 'my app.tar', 'fail-on': 'critical', comment: false };
      writeFileSync(join(folder, 'sluice.yml'), source);
      writeFileSync(join(folder, '.gitlab-ci.yml'), stringify({ include: [{ local: 'sluice.yml', inputs }] }));
      const git = (...args: string[]) => spawnSync('git', args, { cwd: folder });
      git('init', '--quiet', '--initial-branch', 'main');
      git('remote', 'add', 'origin', 'git@gitlab.example:owner/app.git');
      git('add', '.');
      git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '--quiet', '--message', 'first');
      const shown = spawnSync(process.execPath, [local, '--preview'], { cwd: folder, encoding: 'utf8' });
      expect(shown.status, shown.stderr).toBe(0);
      const { script, variables, artifacts } = (
        parse(shown.stdout.slice(shown.stdout.indexOf('---'))) as { sluice: ReturnType<typeof jobOf> }
      ).sluice;
      const job = jobOf(inputs);
      expect({ script, variables, reports: artifacts.reports }).toEqual({
        script: job.script,
        variables: job.variables,
        reports: job.artifacts.reports,
      });
    },
  );
});

gateTests({
  title: 'the GitLab job',
  cacheDir: (base) => `${base}/work/.sluice-cache`,
  play: (base, { image, failOn = '', mirror = '' }) =>
    playJob(base, { image, mirror, 'fail-on': failOn, offline: mirror === '' }),
});
