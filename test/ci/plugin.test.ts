import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scratchFolder, sluice } from '../support/cli.ts';
import { gateTests } from './gate-tests.ts';
import { entry, playPlugin, settings } from './plugin-entry.ts';
import { bitbucketPipe, bitbucketPipelines, dronePipeline, woodpeckerWorkflow, wrongBy } from './schemas.ts';
import { fileText, root, run, runScript } from './workspace.ts';

const installed = scratchFolder();
const pipe = parse(fileText('ci/bitbucket/pipe.yml')) as { variables: { name: string }[] };

describe('the pipe for Bitbucket', () => {
  test('is sound, and has the variables that its container knows', () => {
    expect(wrongBy(bitbucketPipe, pipe)).toEqual([]);
    expect(pipe.variables.map(({ name }) => name).toSorted()).toEqual(settings.toSorted());
  });

  test('comes with a pipeline that uses it, and keeps its reports when the gate stops', () => {
    const pipelines = parse(fileText('ci/bitbucket/bitbucket-pipelines.yml')) as {
      pipelines: {
        default: [
          { step: { script: (string | { variables: object })[]; artifacts: { upload: { 'capture-on': string }[] } } },
        ];
      };
    };
    expect(wrongBy(bitbucketPipelines, pipelines)).toEqual([]);
    const { script, artifacts } = pipelines.pipelines.default[0].step;
    const given = script.flatMap((line) => (typeof line === 'string' ? [] : Object.keys(line.variables)));
    expect([given.length > 0, given.filter((name) => !settings.includes(name))]).toEqual([true, []]);
    expect(artifacts.upload.map((upload) => upload['capture-on'])).toEqual(['always']);
  });
});

describe('the plugin for Drone and Woodpecker', () => {
  test.each([
    ['ci/woodpecker/woodpecker.yml', woodpeckerWorkflow],
    ['ci/drone/drone.yml', dronePipeline],
  ])('comes with %s, which is sound and uses settings that there are', (path, schema) => {
    const value = parse(fileText(path)) as { steps: [{ settings: object }] };
    expect(wrongBy(schema, value)).toEqual([]);
    const given = Object.keys(value.steps[0].settings);
    expect([given.length > 0, given.filter((name) => !settings.includes(name.toUpperCase()))]).toEqual([true, []]);
  });

  test.each(['1; touch owned', '0', '010', 'x', '99999'])('takes %j for no number of minutes', async (minutes) => {
    const { code, stderr } = await run([entry], { PLUGIN_TIMEOUT_MINUTES: minutes }, installed);
    expect([code, stderr]).toEqual([1, 'sluice: timeout_minutes takes a number from 1 to 9999\n']);
  });

  test('is a container that sluice itself lets pass, and that runs nothing but its entry', async () => {
    const { code, stdout } = await sluice([
      'scan',
      join(root, 'ci', 'plugin', 'Dockerfile'),
      '--offline',
      '--policy',
      'default',
      '-o',
      'json',
    ]);
    const { findings } = JSON.parse(stdout) as { findings: { severity: string }[] };
    expect([code, findings.filter(({ severity }) => /high|critical/.test(severity))]).toEqual([0, []]);
    expect(fileText('ci/plugin/Dockerfile')).toMatch(/^ARG BASE\nFROM \$\{BASE\}$/m);
  });
});

gateTests({
  title: 'the plugin on Woodpecker',
  cacheDir: (base) => `${base}/work/.sluice-cache`,
  play: (base, { image, failOn = '', mirror = '' }) =>
    playPlugin(base, {
      CI: 'woodpecker',
      CI_COMMIT_BRANCH: 'main',
      PLUGIN_IMAGE: image,
      PLUGIN_FAIL_ON: failOn,
      PLUGIN_MIRROR: mirror,
      PLUGIN_OFFLINE: String(mirror === ''),
    }),
});

gateTests({
  title: 'the pipe on Bitbucket',
  cacheDir: (base) => `${base}/work/.sluice-cache`,
  play: (base, { image, failOn = '', mirror = '' }) =>
    playPlugin(base, {
      BITBUCKET_BUILD_NUMBER: '7',
      BITBUCKET_BRANCH: 'main',
      IMAGE: image,
      FAIL_ON: failOn,
      MIRROR: mirror,
      OFFLINE: String(mirror === ''),
      CACHE_DIR: '.sluice-cache',
    }),
});

describe('the entry', () => {
  test('hands on its settings and no other, and ends as sluice ends', async () => {
    const shim = join(scratchFolder(), 'bin');
    spawnSync('mkdir', ['-p', shim]);
    await runScript(
      `printf '%s\\n' '#!/bin/sh' 'env | grep ^SLUICE_ | sort; exit "\${CODE:-0}"' >sluice; chmod 755 sluice`,
      {
        shell: 'posix',
        env: {},
        folder: shim,
      },
    );
    const env = {
      PATH: shim,
      PLUGIN_IMAGE: 'a\nb $(c)',
      PLUGIN_ENVIRONMENT: 'prod',
      PLUGIN_MIRROR: 'm',
      IMAGE: 'other',
      PLUGIN_UNKNOWN: 'x',
    };
    const ended = [];
    for (const CODE of ['0', '1', '2', '3', '77']) ended.push(await run([entry], { ...env, CODE }, installed));
    expect(ended.map(({ code }) => code)).toEqual([0, 1, 2, 3, 1]);
    expect(ended[0]?.stdout).toBe('SLUICE_ENVIRONMENT=prod\nSLUICE_FROM=m\nSLUICE_IMAGE=a\n');
  });
});
