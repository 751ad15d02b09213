import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectCi } from '../../../src/pipeline/ci/detect.ts';
import { readGithubEvent } from '../../../src/pipeline/ci/github-event.ts';
import { type CiRun, type Environment, platformIds } from '../../../src/pipeline/ci/platform.ts';
import { scratchFolder } from '../../support/cli.ts';

const folder = scratchFolder();

function event(name: string, content: unknown): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const forked = event('forked', {
  number: 12,
  pull_request: { number: 12, head: { repo: { full_name: 'stranger/shop' } } },
  repository: { default_branch: 'trunk' },
});

const github = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/shop', GITHUB_SERVER_URL: 'https://git.test' };

/** What each system says of a pull request, and of a push. */
const runs: readonly [what: string, env: Environment, expected: CiRun][] = [
  [
    'GitHub, a pull request of a fork',
    {
      ...github,
      ...{ GITHUB_EVENT_PATH: forked, GITHUB_REF: 'refs/pull/12/merge', GITHUB_HEAD_REF: 'topic' },
      ...{ GITHUB_BASE_REF: 'main', GITHUB_SHA: 'c0ffee', GITHUB_RUN_ID: '7', GITHUB_JOB: 'scan' },
    },
    {
      ...{ platform: 'github', title: 'GitHub Actions', branch: 'topic', targetBranch: 'main', pullRequest: '12' },
      ...{ fork: true, defaultBranch: 'trunk', guarded: false, commit: 'c0ffee', run: '7', job: 'scan' },
      url: 'https://git.test/acme/shop/actions/runs/7',
    },
  ],
  [
    'GitHub, a push',
    { ...github, GITHUB_REF: 'refs/heads/release/1', GITHUB_REF_PROTECTED: 'true' },
    { platform: 'github', title: 'GitHub Actions', branch: 'release/1', guarded: true },
  ],
  [
    'Gitea, a pull request told by the ref alone',
    { ...github, GITEA_ACTIONS: 'true', GITHUB_REF: 'refs/pull/3/head', GITHUB_BASE_REF: 'main' },
    { platform: 'github', title: 'Gitea or Forgejo Actions', targetBranch: 'main', pullRequest: '3', guarded: false },
  ],
  [
    'GitLab, a merge request',
    {
      ...{ GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: '5', CI_MERGE_REQUEST_PROJECT_ID: '1' },
      ...{ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '1', CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'topic' },
      ...{ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main', CI_DEFAULT_BRANCH: 'main', CI_COMMIT_SHA: 'c0ffee' },
      ...{ CI_PIPELINE_ID: '9', CI_JOB_NAME: 'scan: [a, b]', CI_JOB_URL: 'https://git.test/j/1' },
    },
    {
      ...{ platform: 'gitlab', title: 'GitLab CI', branch: 'topic', targetBranch: 'main', pullRequest: '5' },
      ...{ fork: false, defaultBranch: 'main', guarded: false, commit: 'c0ffee', run: '9', job: 'scan: [a, b]' },
      url: 'https://git.test/j/1',
    },
  ],
  [
    'Azure, a pull request',
    {
      ...{ TF_BUILD: 'True', SYSTEM_PULLREQUEST_PULLREQUESTID: '8', SYSTEM_PULLREQUEST_ISFORK: 'False' },
      ...{ SYSTEM_PULLREQUEST_SOURCEBRANCH: 'refs/heads/topic', SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main' },
      ...{ SYSTEM_COLLECTIONURI: 'https://dev.test/acme/', SYSTEM_TEAMPROJECT: 'My shop', BUILD_BUILDID: '4' },
      ...{ BUILD_SOURCEVERSION: 'c0ffee', SYSTEM_JOBNAME: 'scan' },
    },
    {
      ...{ platform: 'azure', title: 'Azure Pipelines', branch: 'topic', targetBranch: 'main', pullRequest: '8' },
      ...{ fork: false, commit: 'c0ffee', run: '4', job: 'scan' },
      url: 'https://dev.test/acme/My%20shop/_build/results?buildId=4',
    },
  ],
  [
    'Bitbucket',
    {
      ...{ BITBUCKET_BUILD_NUMBER: '3', BITBUCKET_BRANCH: 'topic', BITBUCKET_PR_ID: '2' },
      ...{ BITBUCKET_PR_DESTINATION_BRANCH: 'main', BITBUCKET_GIT_HTTP_ORIGIN: 'http://bb.test/acme/shop' },
    },
    {
      ...{ platform: 'bitbucket', title: 'Bitbucket Pipelines', branch: 'topic', targetBranch: 'main' },
      ...{ pullRequest: '2', run: '3', url: 'https://bb.test/acme/shop/pipelines/results/3' },
    },
  ],
  [
    'CircleCI',
    { CIRCLECI: 'true', CIRCLE_BRANCH: 'topic', CIRCLE_PULL_REQUEST: 'https://git.test/acme/shop/pull/21' },
    { platform: 'circleci', title: 'CircleCI', branch: 'topic', pullRequest: '21', fork: false },
  ],
  [
    'Buildkite, no pull request',
    { BUILDKITE: 'true', BUILDKITE_BRANCH: 'main', BUILDKITE_PULL_REQUEST: 'false' },
    { platform: 'buildkite', title: 'Buildkite', branch: 'main' },
  ],
  [
    'Drone',
    {
      DRONE: 'true',
      DRONE_BRANCH: 'main',
      DRONE_SOURCE_BRANCH: 'topic',
      DRONE_TARGET_BRANCH: 'main',
      DRONE_PULL_REQUEST: '6',
    },
    { platform: 'drone', title: 'Drone', branch: 'topic', targetBranch: 'main', pullRequest: '6' },
  ],
  [
    'Drone, a push, where the target is the branch itself',
    { DRONE: 'true', DRONE_BRANCH: 'main', DRONE_TARGET_BRANCH: 'main', DRONE_REPO_BRANCH: 'main' },
    { platform: 'drone', title: 'Drone', branch: 'main', defaultBranch: 'main' },
  ],
  [
    'Woodpecker',
    { CI: 'woodpecker', CI_COMMIT_BRANCH: 'main', CI_PIPELINE_NUMBER: '4' },
    { platform: 'woodpecker', title: 'Woodpecker', branch: 'main', run: '4' },
  ],
  [
    'Jenkins, a change request',
    {
      JENKINS_URL: 'https://ci.test/',
      CHANGE_ID: '17',
      CHANGE_BRANCH: 'topic',
      CHANGE_TARGET: 'main',
      CHANGE_FORK: 'stranger',
    },
    {
      platform: 'jenkins',
      title: 'Jenkins',
      branch: 'topic',
      targetBranch: 'main',
      pullRequest: '17',
      fork: true,
      guarded: false,
    },
  ],
  [
    'Jenkins, a plain job',
    { JENKINS_HOME: '/var/jenkins', GIT_BRANCH: 'origin/main', JOB_NAME: 'shop' },
    { platform: 'jenkins', title: 'Jenkins', branch: 'main', guarded: false, job: 'shop' },
  ],
  [
    'Tekton',
    { TEKTON_RESULTS: '/tekton/results', TEKTON_BRANCH: 'refs/heads/main' },
    { platform: 'tekton', title: 'Tekton', branch: 'main' },
  ],
  [
    'a system that is named',
    { SLUICE_CI: 'jenkins', GITLAB_CI: 'true' },
    { platform: 'jenkins', title: 'Jenkins', guarded: false },
  ],
  ['none', { CI: 'true', PATH: '/bin' }, { platform: 'plain', title: 'no CI system that is known' }],
];

describe('the CI system', () => {
  test.each(runs)('%s', (_what, env, expected) => {
    expect(detectCi(env)).toEqual(expected);
  });

  test('that SLUICE_CI names has to be known', () => {
    const thrown = expect.objectContaining({ code: 'usage/ci', hint: 'did you mean github?' });
    expect(() => detectCi({ SLUICE_CI: 'githib' })).toThrow(thrown);
  });

  test('is found whatever the variables hold', () => {
    const names = ['GITHUB_ACTIONS', 'GITHUB_REF', 'GITHUB_BASE_REF', 'GITLAB_CI', 'TF_BUILD', 'CIRCLECI', 'DRONE'];
    const more = ['CIRCLE_PULL_REQUEST', 'CI_MERGE_REQUEST_IID', 'CHANGE_ID', 'JENKINS_URL', 'DRONE_PULL_REQUEST'];
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('true', 'refs/pull/0/x', '../..', '1e3'));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names, ...more), value), (env) => {
        const { platform, pullRequest = '1' } = detectCi(env);
        expect(platformIds).toContain(platform);
        expect(pullRequest).toMatch(/^[1-9]\d*$/);
      }),
      { numRuns: 50 },
    );
  });
});

describe("GitHub's event", () => {
  test.each([
    ['no JSON', '{'],
    ['a list', []],
    ['other kinds of values', { pull_request: { number: '1/../2', head: [] }, repository: { default_branch: 7 } }],
    ['a push', { ref: 'refs/heads/main', number: 4 }],
  ])('%s tells nothing', (name, content) => {
    expect(readGithubEvent(event(name.replaceAll(' ', '-'), content))).toEqual({});
  });

  test('that is not there tells nothing', () => {
    expect([readGithubEvent(undefined), readGithubEvent(join(folder, 'missing')), readGithubEvent(folder)]).toEqual([
      {},
      {},
      {},
    ]);
  });
});
