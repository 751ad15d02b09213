import { SluiceError } from '../../util/error.ts';
import { nearest } from '../../util/nearest.ts';
import { readGithubEvent } from './github-event.ts';
import {
  branchName,
  type CiRun,
  type Environment,
  given,
  type PlatformId,
  platformIds,
  requestNumber,
  says,
} from './platform.ts';

/** What tells one system from the others, and reads what it says of the run. */
interface Known {
  readonly id: PlatformId;
  is(env: Environment): boolean;
  read(env: Environment): Omit<CiRun, 'platform'>;
}

/** What none of the others is. */
const plain: Known = { id: 'plain', is: () => true, read: () => ({ title: 'no CI system that is known' }) };

/** In the order in which they are asked: Jenkins last of those with a sign of their own, as it runs inside of others. */
const systems: readonly Known[] = [
  { id: 'github', is: (env) => says(env, 'GITHUB_ACTIONS'), read: github },
  { id: 'gitlab', is: (env) => says(env, 'GITLAB_CI'), read: gitlab },
  { id: 'azure', is: (env) => says(env, 'TF_BUILD'), read: azure },
  { id: 'bitbucket', is: (env) => given(env, 'BITBUCKET_BUILD_NUMBER') !== undefined, read: bitbucket },
  { id: 'circleci', is: (env) => says(env, 'CIRCLECI'), read: circleci },
  { id: 'buildkite', is: (env) => says(env, 'BUILDKITE'), read: buildkite },
  { id: 'drone', is: (env) => says(env, 'DRONE'), read: drone },
  { id: 'woodpecker', is: (env) => env.CI === 'woodpecker' || says(env, 'CI_WOODPECKER'), read: woodpecker },
  { id: 'jenkins', is: (env) => given(env, 'JENKINS_URL', 'JENKINS_HOME') !== undefined, read: jenkins },
  { id: 'tekton', is: (env) => given(env, 'TEKTON_RESULTS') !== undefined, read: tekton },
  plain,
];

/**
 * Which CI system this is and what it says of the run. `SLUICE_CI` names one where its own signs are missing, such as in a
 * container that gets no environment. @throws SluiceError `usage/ci`
 */
export function detectCi(env: Environment): CiRun {
  const named = given(env, 'SLUICE_CI');
  if (named !== undefined && !(platformIds as readonly string[]).includes(named)) {
    const close = nearest(named, platformIds);
    const hint = close === undefined ? `they are ${platformIds.join(', ')}` : `did you mean ${close}?`;
    throw new SluiceError('usage/ci', `SLUICE_CI names no CI system that is known: ${JSON.stringify(named)}`, hint);
  }
  const known = systems.find((system) => (named === undefined ? system.is(env) : system.id === named)) ?? plain;
  return { platform: known.id, ...known.read(env) };
}

function github(env: Environment): Omit<CiRun, 'platform'> {
  const { pullRequest, defaultBranch, from } = readGithubEvent(given(env, 'GITHUB_EVENT_PATH'));
  const repository = given(env, 'GITHUB_REPOSITORY');
  const run = given(env, 'GITHUB_RUN_ID');
  const server = given(env, 'GITHUB_SERVER_URL');
  const targetBranch = given(env, 'GITHUB_BASE_REF');
  const fromRef = /^refs\/pull\/(\d+)\//.exec(given(env, 'GITHUB_REF') ?? '')?.[1];
  // Gitea and Forgejo run the same workflows and call themselves by variables of their own.
  const isOther = says(env, 'GITEA_ACTIONS') || says(env, 'FORGEJO_ACTIONS');
  return {
    title: isOther ? 'Gitea or Forgejo Actions' : 'GitHub Actions',
    branch: given(env, 'GITHUB_HEAD_REF') ?? branchName(given(env, 'GITHUB_REF')),
    targetBranch,
    pullRequest: pullRequest ?? requestNumber(fromRef),
    fork: from === undefined || repository === undefined ? undefined : from !== repository,
    defaultBranch,
    guarded: says(env, 'GITHUB_REF_PROTECTED'),
    commit: given(env, 'GITHUB_SHA'),
    run,
    job: given(env, 'GITHUB_JOB'),
    url: server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined,
  };
}

function gitlab(env: Environment): Omit<CiRun, 'platform'> {
  const from = given(env, 'CI_MERGE_REQUEST_SOURCE_PROJECT_ID');
  const to = given(env, 'CI_MERGE_REQUEST_PROJECT_ID');
  return {
    title: 'GitLab CI',
    branch: given(env, 'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_BRANCH'),
    targetBranch: given(env, 'CI_MERGE_REQUEST_TARGET_BRANCH_NAME'),
    pullRequest: requestNumber(given(env, 'CI_MERGE_REQUEST_IID')),
    fork: from === undefined || to === undefined ? undefined : from !== to,
    defaultBranch: given(env, 'CI_DEFAULT_BRANCH'),
    guarded: says(env, 'CI_COMMIT_REF_PROTECTED'),
    commit: given(env, 'CI_COMMIT_SHA'),
    run: given(env, 'CI_PIPELINE_ID'),
    job: given(env, 'CI_JOB_NAME'),
    url: given(env, 'CI_JOB_URL', 'CI_PIPELINE_URL'),
  };
}

function azure(env: Environment): Omit<CiRun, 'platform'> {
  const collection = given(env, 'SYSTEM_COLLECTIONURI', 'SYSTEM_TEAMFOUNDATIONCOLLECTIONURI')?.replace(/\/?$/, '/');
  const project = given(env, 'SYSTEM_TEAMPROJECT');
  const run = given(env, 'BUILD_BUILDID');
  const page =
    collection && project && run && `${collection}${encodeURIComponent(project)}/_build/results?buildId=${run}`;
  const request = requestNumber(given(env, 'SYSTEM_PULLREQUEST_PULLREQUESTID'));
  return {
    title: 'Azure Pipelines',
    branch: branchName(given(env, 'SYSTEM_PULLREQUEST_SOURCEBRANCH', 'BUILD_SOURCEBRANCH')),
    targetBranch: branchName(given(env, 'SYSTEM_PULLREQUEST_TARGETBRANCH')),
    pullRequest: request,
    fork: request === undefined ? undefined : says(env, 'SYSTEM_PULLREQUEST_ISFORK'),
    commit: given(env, 'BUILD_SOURCEVERSION'),
    run,
    job: given(env, 'SYSTEM_JOBNAME', 'AGENT_JOBNAME'),
    url: page || undefined,
  };
}

function bitbucket(env: Environment): Omit<CiRun, 'platform'> {
  const origin = given(env, 'BITBUCKET_GIT_HTTP_ORIGIN');
  const run = given(env, 'BITBUCKET_BUILD_NUMBER');
  return {
    title: 'Bitbucket Pipelines',
    branch: given(env, 'BITBUCKET_BRANCH'),
    targetBranch: given(env, 'BITBUCKET_PR_DESTINATION_BRANCH'),
    pullRequest: requestNumber(given(env, 'BITBUCKET_PR_ID')),
    commit: given(env, 'BITBUCKET_COMMIT'),
    run,
    job: given(env, 'BITBUCKET_STEP_UUID'),
    url: origin && run ? `${origin.replace(/^http:/, 'https:')}/pipelines/results/${run}` : undefined,
  };
}

function circleci(env: Environment): Omit<CiRun, 'platform'> {
  const request = given(env, 'CIRCLE_PULL_REQUEST', 'CIRCLE_PR_NUMBER');
  return {
    title: 'CircleCI',
    branch: given(env, 'CIRCLE_BRANCH'),
    pullRequest: requestNumber(/(\d{1,10})$/.exec(request ?? '')?.[1]),
    // It is set for builds of forked pull requests alone.
    fork: request === undefined ? undefined : given(env, 'CIRCLE_PR_NUMBER') !== undefined,
    commit: given(env, 'CIRCLE_SHA1'),
    run: given(env, 'CIRCLE_WORKFLOW_ID'),
    job: given(env, 'CIRCLE_JOB'),
    url: given(env, 'CIRCLE_BUILD_URL'),
  };
}

function buildkite(env: Environment): Omit<CiRun, 'platform'> {
  return {
    title: 'Buildkite',
    branch: given(env, 'BUILDKITE_BRANCH'),
    targetBranch: given(env, 'BUILDKITE_PULL_REQUEST_BASE_BRANCH'),
    pullRequest: requestNumber(given(env, 'BUILDKITE_PULL_REQUEST')),
    defaultBranch: given(env, 'BUILDKITE_PIPELINE_DEFAULT_BRANCH'),
    commit: given(env, 'BUILDKITE_COMMIT'),
    run: given(env, 'BUILDKITE_BUILD_ID'),
    job: given(env, 'BUILDKITE_LABEL', 'BUILDKITE_STEP_KEY'),
    url: given(env, 'BUILDKITE_BUILD_URL'),
  };
}

function drone(env: Environment): Omit<CiRun, 'platform'> {
  const request = requestNumber(given(env, 'DRONE_PULL_REQUEST'));
  return {
    title: 'Drone',
    branch: given(env, 'DRONE_SOURCE_BRANCH', 'DRONE_BRANCH'),
    targetBranch: request === undefined ? undefined : given(env, 'DRONE_TARGET_BRANCH'),
    pullRequest: request,
    defaultBranch: given(env, 'DRONE_REPO_BRANCH'),
    commit: given(env, 'DRONE_COMMIT_SHA'),
    run: given(env, 'DRONE_BUILD_NUMBER'),
    job: given(env, 'DRONE_STEP_NAME'),
    url: given(env, 'DRONE_BUILD_LINK'),
  };
}

function woodpecker(env: Environment): Omit<CiRun, 'platform'> {
  const request = requestNumber(given(env, 'CI_COMMIT_PULL_REQUEST'));
  return {
    title: 'Woodpecker',
    branch: given(env, 'CI_COMMIT_SOURCE_BRANCH', 'CI_COMMIT_BRANCH'),
    targetBranch: request === undefined ? undefined : given(env, 'CI_COMMIT_TARGET_BRANCH'),
    pullRequest: request,
    defaultBranch: given(env, 'CI_REPO_DEFAULT_BRANCH'),
    commit: given(env, 'CI_COMMIT_SHA'),
    run: given(env, 'CI_PIPELINE_NUMBER'),
    job: given(env, 'CI_STEP_NAME'),
    url: given(env, 'CI_PIPELINE_URL'),
  };
}

function jenkins(env: Environment): Omit<CiRun, 'platform'> {
  const request = requestNumber(given(env, 'CHANGE_ID'));
  return {
    title: 'Jenkins',
    branch: given(env, 'CHANGE_BRANCH', 'BRANCH_NAME') ?? given(env, 'GIT_BRANCH')?.replace(/^origin\//, ''),
    targetBranch: given(env, 'CHANGE_TARGET'),
    pullRequest: request,
    fork: request === undefined ? undefined : given(env, 'CHANGE_FORK') !== undefined,
    guarded: says(env, 'BRANCH_IS_PRIMARY'),
    commit: given(env, 'GIT_COMMIT'),
    run: given(env, 'BUILD_TAG', 'BUILD_NUMBER'),
    job: given(env, 'JOB_NAME'),
    url: given(env, 'BUILD_URL'),
  };
}

/** Tekton tells a step nothing by itself: the task hands over where results go, and what else it knows. */
function tekton(env: Environment): Omit<CiRun, 'platform'> {
  return {
    title: 'Tekton',
    branch: branchName(given(env, 'TEKTON_BRANCH')),
    targetBranch: branchName(given(env, 'TEKTON_TARGET_BRANCH')),
    pullRequest: requestNumber(given(env, 'TEKTON_PULL_REQUEST')),
    commit: given(env, 'TEKTON_COMMIT'),
    run: given(env, 'TEKTON_RUN'),
    job: given(env, 'TEKTON_TASK'),
  };
}
