import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CiRun, given } from '../../pipeline/ci/platform.ts';
import type { RunVerdict } from '../../pipeline/run-gate.ts';
import { commentMarker } from '../../report/markdown/marker.ts';
import { verdictText } from '../../report/verdict-text.ts';
import { type CommentHost, comment } from '../../source/forge/comments.ts';
import { azureComments, bitbucketComments, githubComments, gitlabComments } from '../../source/forge/hosts.ts';
import { ForgeApi } from '../../source/forge/http.ts';
import { messageOf } from '../../util/error.ts';

/** Longest text of a comment on Bitbucket, in characters. */
const longestBitbucket = 30_000;

/** Columns of the text on Bitbucket, which folds nothing. */
const bitbucketColumns = 100;

/** What a comment is made of. */
export interface Commenting {
  readonly run: CiRun;
  readonly env: NodeJS.ProcessEnv;
  readonly reports: string;
  /** What the comment is found again by. */
  readonly name: string;
  /** What the image is called. */
  readonly target: string;
  readonly insecure: boolean;
  readonly offline: boolean;
}

/** Where a comment goes, and as whom. */
interface CommentPlace {
  readonly host: CommentHost;
  readonly apiUrl: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Writes the comment on the pull request, or changes the one of an earlier run, and says what became of it; undefined
 * where there is no pull request. Nothing that fails here changes the verdict.
 */
export async function commentOn(told: RunVerdict, commenting: Commenting): Promise<string | undefined> {
  const { run, env, insecure, offline } = commenting;
  if (run.pullRequest === undefined) return undefined;
  if (offline) return 'no comment: --offline forbids connections';
  const place = placeOf(run, run.pullRequest, env);
  if (typeof place === 'string') return `no comment: ${place}`;
  const { host, apiUrl, token, headers } = place;
  let api: ForgeApi | undefined;
  try {
    api = new ForgeApi({ apiUrl, token, headers, env, insecure });
    const became = await comment(api, host, textOf(told, commenting));
    const words = {
      created: 'wrote a comment on',
      updated: 'updated the comment on',
      unchanged: 'the comment stands on',
    };
    return `${words[became]} ${run.platform === 'gitlab' ? 'merge' : 'pull'} request ${run.pullRequest}`;
  } catch (thrown) {
    const why = run.fork === true ? ' (a fork gets no token that may write)' : '';
    return `warning: no comment: ${messageOf(thrown)}${why}; the reports say the same`;
  } finally {
    api?.close();
  }
}

/** Where the comment goes, or why it goes nowhere. */
function placeOf(run: CiRun, number: string, env: NodeJS.ProcessEnv): CommentPlace | string {
  if (run.platform === 'github') return onGithub(number, run.fork === true, env);
  if (run.platform === 'gitlab') return onGitlab(number, env);
  if (run.platform === 'azure') return onAzure(number, env);
  if (run.platform === 'bitbucket') return onBitbucket(number, env);
  return `sluice does not write any on ${run.title}`;
}

function onGithub(number: string, isFork: boolean, env: NodeJS.ProcessEnv): CommentPlace | string {
  const token = given(env, 'GITHUB_TOKEN', 'GH_TOKEN');
  const apiUrl = given(env, 'GITHUB_API_URL');
  const repository = given(env, 'GITHUB_REPOSITORY');
  if (token === undefined)
    return isFork
      ? 'a fork gets no token that may write'
      : 'the step has no GITHUB_TOKEN; it needs pull-requests: write';
  if (!apiUrl || !repository) return 'GITHUB_API_URL or GITHUB_REPOSITORY is missing';
  const enterprise = /^(.*\/api)\/v3\/?$/.exec(apiUrl);
  const prefix = enterprise ? 'v3/' : '';
  const graphql = given(env, 'GITHUB_GRAPHQL_URL') !== undefined;
  return {
    host: githubComments({ repository, number, prefix, graphql }),
    apiUrl: enterprise?.[1] ?? apiUrl,
    token,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
  };
}

function onGitlab(number: string, env: NodeJS.ProcessEnv): CommentPlace | string {
  const token = given(env, 'SLUICE_GITLAB_TOKEN', 'GITLAB_TOKEN');
  const apiUrl = given(env, 'CI_API_V4_URL');
  const project = given(env, 'CI_MERGE_REQUEST_PROJECT_ID', 'CI_PROJECT_ID');
  if (token === undefined) return "the job has no GITLAB_TOKEN, and the job's own token may not comment";
  if (!apiUrl || !project) return 'CI_API_V4_URL or CI_PROJECT_ID is missing';
  return { host: gitlabComments({ project, number }), apiUrl, token, headers: { 'private-token': token } };
}

function onAzure(number: string, env: NodeJS.ProcessEnv): CommentPlace | string {
  const provider = given(env, 'BUILD_REPOSITORY_PROVIDER');
  if (provider !== undefined && provider !== 'TfsGit') return `the repository is not in Azure Repos but ${provider}`;
  const token = given(env, 'SYSTEM_ACCESSTOKEN');
  const apiUrl = given(env, 'SYSTEM_COLLECTIONURI', 'SYSTEM_TEAMFOUNDATIONCOLLECTIONURI');
  const [project, repository] = [
    given(env, 'SYSTEM_TEAMPROJECTID', 'SYSTEM_TEAMPROJECT'),
    given(env, 'BUILD_REPOSITORY_ID'),
  ];
  if (token === undefined)
    return 'the step has no SYSTEM_ACCESSTOKEN; map it: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)';
  if (!apiUrl || !project || !repository) return 'the agent does not say which repository this is';
  return {
    host: azureComments({ project, repository, number }),
    apiUrl,
    token,
    headers: { authorization: `Bearer ${token}` },
  };
}

function onBitbucket(number: string, env: NodeJS.ProcessEnv): CommentPlace | string {
  const token = given(env, 'SLUICE_BITBUCKET_TOKEN', 'BITBUCKET_ACCESS_TOKEN');
  const [workspace, repository] = [given(env, 'BITBUCKET_WORKSPACE'), given(env, 'BITBUCKET_REPO_SLUG')];
  if (token === undefined) return 'the step has no BITBUCKET_ACCESS_TOKEN, which Bitbucket gives no step by itself';
  if (!workspace || !repository) return 'BITBUCKET_WORKSPACE or BITBUCKET_REPO_SLUG is missing';
  return {
    host: bitbucketComments({ workspace, repository, number }),
    apiUrl: given(env, 'BITBUCKET_API_URL') ?? 'https://api.bitbucket.org/2.0',
    token,
    headers: { authorization: `Bearer ${token}` },
  };
}

/** The report for comments under a marker that is the same in each run: the image's own name has the commit in it, often. */
function textOf(told: RunVerdict, { run, reports, name, target }: Commenting): string {
  const marker = commentMarker(name);
  if (run.platform === 'bitbucket') return bitbucketText(told, marker, target);
  const text = readFileSync(join(reports, 'comment.md'), 'utf8');
  return `${marker}\n${text.slice(text.indexOf('\n') + 1)}`;
}

/** Bitbucket's Markdown shows HTML as text: the marker is a link that nobody refers to, and the verdict stands in a block of code. */
function bitbucketText({ evidence, verdict, judgedBy }: RunVerdict, marker: string, target: string): string {
  const word = marker.replace(/^<!-- | -->$/g, '').replaceAll(' ', '-');
  const plain = verdictText(evidence, verdict, { name: target, colour: false, width: bitbucketColumns, judgedBy });
  const text = plain.length <= longestBitbucket ? plain : `${plain.slice(0, longestBitbucket)}…\n`;
  const longestFence = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longestFence + 1);
  return `[//]: # "${word.replaceAll('"', '%22')}"\n\n**sluice: ${verdict.decision}**\n\n${fence}\n${text}${fence}\n`;
}
