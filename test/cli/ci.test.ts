import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ciFlags } from '../../src/cli/ci/flags.ts';
import { variableName } from '../../src/pipeline/ci/step-outputs.ts';
import { reports as formats } from '../../src/report/list.gen.ts';
import { sluiceCheck } from '../report/schemas.ts';
import { bad, type Ended, mirrorOfBad, runIn, workspace, worse } from '../support/ci-run.ts';
import { scratchFolder } from '../support/cli.ts';
import { Forge } from '../support/forge.ts';
import { hasShared, shared } from '../support/shared.ts';

const root = scratchFolder();
const mirror = mirrorOfBad();
const checkEvent = sluiceCheck('sluice-event-v1');

beforeAll(() => mirror.listen());
afterAll(() => mirror.close());

const ages = ['--data-age', '99999h:99999h'];
const ci = (folder: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> =>
  runIn(folder, { SLUICE_FROM: mirror.base, ...env }, ['ci', '--scanners', 'packages', ...ages, ...args]);

const read = (...parts: readonly string[]): string => readFileSync(join(...parts), 'utf8');
const eventIn = (folder: string): Record<string, unknown> => JSON.parse(read(folder, 'sluice-reports', 'event.json'));

/** The lines that `ci` itself says. */
const said = ({ stderr }: Ended): string[] => stderr.split('\n').filter((line) => line.startsWith('sluice: '));

function githubIn(folder: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  for (const name of ['summary', 'output']) writeFileSync(join(folder, name), '');
  return {
    ...{ CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/shop', GITHUB_JOB: 'scan', GITHUB_RUN_ID: '7' },
    ...{
      GITHUB_REF: 'refs/heads/main',
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_OUTPUT: join(folder, 'output'),
    },
    ...more,
  };
}

const everywhere = ['comment.md', 'event.json', 'junit.xml', 'sluice.env', 'sluice.json', 'sluice.sarif', 'summary.md'];
const written = (folder: string): string[] =>
  readdirSync(join(folder, 'sluice-reports'))
    .filter((name) => name !== '.gitignore' && name !== 'sluice.html')
    .sort();

describe('on GitHub', () => {
  test('a push is scanned with reports, annotations, summary, outputs and a baseline', async () => {
    const folder = workspace(root, bad);
    const ended = await ci(folder, githubIn(folder));
    expect(ended.code).toBe(2);
    expect(written(folder)).toEqual(everywhere);
    expect(existsSync(join(folder, 'sluice-reports', 'sluice.html'))).toBe(formats.some(({ id }) => id === 'html'));
    // Each command is one of ours: the image's own have become text.
    expect(ended.commands.map((line) => line.replace(/::[^:]*$/, ''))).toEqual([
      '::error title=sluice%3A stop',
      expect.stringMatching(/^::error title=/),
      expect.stringMatching(/^::error title=/),
    ]);
    expect(ended.stdout).toContain(': :error title=pwned::x 1.0.0');
    expect(ended.stdout).toContain('# #vso[task.complete result=Succeeded;]done');
    expect(read(folder, 'summary')).toBe(read(folder, 'sluice-reports', 'summary.md'));
    const outputs = read(folder, 'output');
    expect(outputs).toMatch(
      /^verdict<<(.+)\nstop\n\1\nclass<<(.+)\npolicy\n\2\nexit-code<<(.+)\n2\n\3\ndigest<<(.+)\nsha256:[0-9a-f]{64}\n\4\ncritical<<(.+)\n2\n\5\n/,
    );
    expect(outputs).toContain('\nsluice-reports/sluice.sarif\n');
    expect(said(ended)).toEqual([
      'sluice: GitHub Actions: shop.tar, the one image that the build has left here',
      'sluice: kept as baseline of main',
      'sluice: all reports are in sluice-reports',
    ]);
    const event = eventIn(folder);
    expect(checkEvent(event)).toEqual([]);
    expect(event).toMatchObject({
      class: 'policy',
      verdict: 'stop',
      command: 'ci',
      ci: { platform: 'github', run: '7' },
    });
    expect(ended.stderr).toContain(`${JSON.stringify(event).slice(0, 60)}`);
    expect(read(folder, '.sluice-cache', 'baseline', 'main', 'shop.tar.json')).toBe(
      read(folder, 'sluice-reports', 'sluice.json'),
    );
  });

  test('a pull request is held against the target branch, and commented on once', async () => {
    const folder = workspace(root, bad);
    await ci(folder, githubIn(folder));
    const forge = new Forge('github');
    const api = await forge.listen();
    const started = { number: 12, pull_request: { number: 12 }, repository: { default_branch: 'main' } };
    writeFileSync(join(folder, 'started.json'), JSON.stringify(started));
    const env = githubIn(folder, {
      ...{ GITHUB_REF: 'refs/pull/12/merge', GITHUB_HEAD_REF: 'topic', GITHUB_BASE_REF: 'main' },
      ...{ GITHUB_EVENT_PATH: join(folder, 'started.json'), GITHUB_API_URL: api, GITHUB_GRAPHQL_URL: `${api}/graphql` },
      GITHUB_TOKEN: 'sesame-0123456789',
    });
    const same = await ci(folder, env);
    expect([same.code, said(same).slice(1, 3)]).toEqual([
      0,
      ['sluice: baseline: the report of main that was kept', 'sluice: wrote a comment on pull request 12'],
    ]);
    writeFileSync(join(folder, 'shop.tar'), worse);
    const changed = await ci(folder, env);
    expect([changed.code, said(changed)[2]]).toEqual([2, 'sluice: updated the comment on pull request 12']);
    expect(forge.comments.map(({ text }) => text.split('\n')[0])).toEqual(['<!-- sluice:comment shop.tar%20scan -->']);
    expect(forge.comments[0]?.text).toContain('### Stopped');
    expect(eventIn(folder)).toMatchObject({ baseline: { findings: { 'introduced-known': 1, 'inherited-known': 2 } } });
    forge.faults.push({ status: 403, body: '{"message":"no"}' });
    const refused = await ci(folder, env);
    expect([refused.code, said(refused)[2]]).toEqual([
      2,
      expect.stringMatching(/^sluice: warning: no comment: .*HTTP 403: no\); the reports say the same$/),
    ]);
    const asked = forge.asked.length;
    const silent = await ci(folder, env, '--no-comment');
    const offline = await ci(folder, env, '--offline');
    expect([silent.code, offline.code, forge.asked.length - asked]).toEqual([2, 2, 0]);
    expect(said(offline)[2]).toBe('sluice: no comment: --offline forbids connections');
    expect(JSON.stringify([same, changed, refused])).not.toContain('sesame');
    await forge.close();
  });

  test('without an image the work fails, told as a defect, and nothing of an earlier run is left', async () => {
    const folder = workspace(root);
    cpSync(import.meta.filename, join(folder, 'sluice-reports', 'sluice.sarif'), { recursive: true });
    const ended = await ci(folder, githubIn(folder));
    expect(ended.code).toBe(1);
    expect(written(folder)).toEqual(['event.json']);
    const event = eventIn(folder);
    expect(checkEvent(event)).toEqual([]);
    expect(event).toMatchObject({ class: 'defect', verdict: null, exitCode: 1, error: { code: 'ci/no-image' } });
    expect(ended.commands).toEqual([
      expect.stringMatching(/^::error title=sluice%3A the scan could not be done::there is no image/),
    ]);
    expect(ended.stderr).toContain('name it: sluice ci TARGET, or set SLUICE_IMAGE');
    expect(read(folder, 'summary')).toContain('### sluice could not do the scan');
  });

  test('outputs that can not be written are a warning', async () => {
    const folder = workspace(root, bad);
    const nowhere = join(folder, 'missing', 'file');
    const ended = await ci(folder, githubIn(folder, { GITHUB_OUTPUT: nowhere, GITHUB_STEP_SUMMARY: nowhere }));
    expect([ended.code, said(ended).slice(1, 3)]).toEqual([
      2,
      ['sluice: warning: the summary was not written: ENOENT', 'sluice: warning: the outputs were not written: ENOENT'],
    ]);
  });
});

describe('elsewhere', () => {
  test('GitLab gets its reports by its names, variables, and a note', async () => {
    const folder = workspace(root, bad);
    const forge = new Forge('gitlab');
    const env = {
      ...{ CI: 'true', GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: '5', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
      ...{ CI_PROJECT_ID: '7', CI_API_V4_URL: `${await forge.listen()}/api/v4`, GITLAB_TOKEN: 'sesame-0123456789' },
    };
    const ended = await ci(folder, env);
    await forge.close();
    expect([ended.code, ended.commands]).toEqual([2, []]);
    const own = ['code-quality', 'container-scanning', 'dependency-scanning', 'secret-detection'];
    expect(written(folder)).toEqual([...everywhere, ...own.map((name) => `gl-${name}-report.json`)].sort());
    expect(read(folder, 'sluice-reports', 'sluice.env')).toMatch(
      /^SLUICE_VERDICT=stop\nSLUICE_CLASS=policy\nSLUICE_EXIT_CODE=2\n/,
    );
    expect(forge.comments.length).toBe(1);
    expect(said(ended).slice(1, 3)).toEqual([
      'sluice: no baseline: no report of main was kept; what this change introduces is not told from what was there',
      'sluice: wrote a comment on merge request 5',
    ]);
  });

  test('Azure gets issues, the summary, variables and the artifact', async () => {
    const folder = workspace(root, bad);
    const ended = await ci(folder, { TF_BUILD: 'True', BUILD_SOURCEBRANCH: 'refs/heads/topic' });
    expect(ended.code).toBe(2);
    const commands = ended.commands.map((line) => line.slice(0, line.indexOf(']') + 1));
    expect(commands.slice(0, 4)).toEqual([
      ...Array(3).fill('##vso[task.logissue type=error;]'),
      '##vso[task.uploadsummary]',
    ]);
    expect(ended.commands).toContain('##vso[task.setvariable variable=SLUICE_VERDICT;isOutput=true;]stop');
    expect(ended.commands.at(-1)).toBe(
      `##vso[artifact.upload artifactname=sluice-reports;]${join(folder, 'sluice-reports')}`,
    );
    expect(existsSync(join(folder, '.sluice-cache', 'baseline'))).toBe(false);
  });

  test('Bitbucket gets a comment without HTML', async () => {
    const folder = workspace(root, bad);
    const forge = new Forge('bitbucket');
    const env = {
      ...{ BITBUCKET_BUILD_NUMBER: '3', BITBUCKET_PR_ID: '2', BITBUCKET_PR_DESTINATION_BRANCH: 'main' },
      ...{ BITBUCKET_WORKSPACE: 'acme', BITBUCKET_REPO_SLUG: 'shop', BITBUCKET_ACCESS_TOKEN: 'sesame-0123456789' },
      BITBUCKET_API_URL: `${await forge.listen()}/2.0`,
    };
    const codes = [(await ci(folder, env)).code, (await ci(folder, env)).code];
    await forge.close();
    expect([codes, forge.comments.length]).toEqual([[2, 2], 1]);
    expect(forge.comments[0]?.text).toMatch(
      /^\[\/\/\]: # "sluice:comment-shop\.tar"\n\n\*\*sluice: stop\*\*\n\n```\n[\s\S]*```\n$/,
    );
  });

  test('CircleCI, which does not name the target branch, gets no baseline and no comment, and is told so', async () => {
    const folder = workspace(root, bad);
    const env = { CIRCLECI: 'true', CIRCLE_BRANCH: 'topic', CIRCLE_PULL_REQUEST: 'https://git.test/acme/shop/pull/2' };
    const ended = await ci(folder, env);
    expect([ended.code, said(ended).slice(1, 3)]).toEqual([
      2,
      [
        'sluice: no baseline: CircleCI does not say where the pull request goes; name what it is held against: --baseline',
        'sluice: no comment: sluice does not write any on CircleCI',
      ],
    ]);
  });

  test('Tekton gets results', async () => {
    const folder = workspace(root, bad);
    const results = mkdtempSync(join(root, 'r-'));
    const ended = await ci(folder, { TEKTON_RESULTS: results });
    const all = readdirSync(results).map((name) => [name, read(results, name).replace(/^sha256:.*/, 'sha256')]);
    expect([ended.code, Object.fromEntries(all)]).toEqual([
      2,
      { verdict: 'stop', class: 'policy', 'exit-code': '2', digest: 'sha256' },
    ]);
  });

  test('where no system is known the reports are written, and quietly', async () => {
    const folder = workspace(root, bad);
    const event = join(folder, 'events');
    const ended = await ci(folder, { SLUICE_REPORTS: 'out/r' }, '--quiet', '--event', event, '--fail-on', 'never');
    expect([ended.code, ended.stdout]).toEqual([0, '']);
    expect(ended.stderr).toBe(read(folder, 'out', 'r', 'event.json'));
    expect(read(event)).toBe(ended.stderr);
    expect(existsSync(join(folder, '.sluice-cache'))).toBe(false);
  });
});

describe('the tables of other commands', () => {
  test('give the CI system no command either, and reports for programs stay as they are', async () => {
    const folder = workspace(root, bad);
    const scan = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
      runIn(folder, { SLUICE_FROM: mirror.base, ...env }, ['scan', 'shop.tar', '--update', ...ages, ...args]);
    const [plain, github, azure] = [
      await scan({}),
      await scan({ GITHUB_ACTIONS: 'true' }),
      await scan({ TF_BUILD: 'True' }),
    ];
    expect([plain.commands.length > 0, github.commands, azure.commands]).toEqual([true, [], []]);
    expect(azure.stdout).toContain('# #vso[task.complete result=Succeeded;]done');
    const json = await scan({ TF_BUILD: 'True' }, '-qo', 'json');
    expect(sluiceCheck()(JSON.parse(json.stdout))).toEqual([]);
    expect(json.stdout).toContain('/app/##vso[task.complete result=Succeeded;]done/');
  });
});

test.skipIf(!hasShared)('annotations of a real image stand at the lines of its Dockerfile', async () => {
  const folder = workspace(root);
  cpSync(shared('images', 'java-app.oci.tar'), join(folder, 'java-app.oci.tar'));
  const lines = ['FROM alpine:3.16', '', 'COPY target/shop.jar /opt/app/', 'COPY lib/ /opt/app/lib/', 'CMD ["java"]'];
  writeFileSync(join(folder, 'Dockerfile'), lines.join('\n'));
  const { code, commands } = await runIn(folder, githubIn(folder), ['ci', '--offline']);
  const told = commands.map((line) => /file=(\w+),line=(\d+),title=([\w.%-]+)/.exec(line)?.slice(1).join(' '));
  expect(code).toBe(2);
  expect(told).toEqual(
    expect.arrayContaining([
      'Dockerfile 3 org.apache.logging.log4j%3Alog4j-core',
      'Dockerfile 4 commons-collections%3Acommons-collections',
    ]),
  );
});

test('no variable that later steps get is a flag of theirs', () => {
  const flags = new Set(ciFlags.map(({ name }) => `SLUICE_${name.replaceAll('-', '_').toUpperCase()}`));
  const names = [
    'verdict',
    'class',
    'exit-code',
    'digest',
    'critical',
    'secrets',
    'settings',
    'json',
    'sarif',
    'html',
    'junit',
    'summary',
    'event-file',
  ];
  expect(names.map(variableName).filter((name) => flags.has(name))).toEqual([]);
});
