/** What GitHub Actions tells a job of itself (docs.github.com, "Variables reference"), as far as it is written as documented. */
export interface GitHubBuild {
  /** Of the commit, 40 hexadecimal digits. */
  readonly sha?: string;
  /** `refs/…`. */
  readonly ref?: string;
  readonly run?: string;
  /** Workflow and job. */
  readonly job?: string;
  /** Of the repository. */
  readonly repository?: string;
  readonly url?: string;
}

/** Longest name of a workflow or job that is told, in characters. */
const longestName = 200;

/** Reads the variables of GitHub Actions; what is none of them, or not of their form, is left out. */
export function gitHubBuild(env: Readonly<Record<string, string | undefined>>): GitHubBuild {
  const { GITHUB_SHA: sha = '', GITHUB_REF: ref = '', GITHUB_RUN_ID: run = '' } = env;
  const names = [env.GITHUB_WORKFLOW, env.GITHUB_JOB].flatMap((name) => (name ? name.slice(0, longestName) : []));
  const repository = repositoryOf(env);
  const isRun = /^\d{1,30}$/.test(run);
  return {
    ...(/^[0-9a-f]{40}$/.test(sha) ? { sha } : {}),
    ...(/^refs\/[^\s\p{Cc}]{1,1000}$/u.test(ref) ? { ref } : {}),
    ...(isRun ? { run } : {}),
    ...(names.length === 0 ? {} : { job: names.join(' ').toWellFormed() }),
    ...(repository === undefined ? {} : { repository }),
    ...(repository !== undefined && isRun ? { url: `${repository}/actions/runs/${run}` } : {}),
  };
}

function repositoryOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: name = '' } = env;
  const isTold = /^https:\/\/[\w.:-]{1,255}$/.test(server) && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(name);
  return isTold ? `${server}/${name}` : undefined;
}
