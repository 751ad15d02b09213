/** The environment that a CI system describes itself in; only the command line knows the real one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The CI systems that are known by name; `plain` is any other, and a developer's machine. */
export const platformIds = [
  'github',
  'gitlab',
  'azure',
  'bitbucket',
  'circleci',
  'buildkite',
  'drone',
  'woodpecker',
  'jenkins',
  'tekton',
  'plain',
] as const;

/** One of {@link platformIds}. */
export type PlatformId = (typeof platformIds)[number];

/** What a CI system says of the run; what it does not tell is undefined. All of it is from outside. */
export interface CiRun {
  readonly platform: PlatformId;
  /** What people call the system. */
  readonly title: string;
  /** The branch that is built; of a pull request the one that it comes from. */
  readonly branch?: string | undefined;
  /** Of a pull or merge request: the branch that it is to go into. */
  readonly targetBranch?: string | undefined;
  /** Number of the pull or merge request. */
  readonly pullRequest?: string | undefined;
  /** Whether that is known to come from another repository. */
  readonly fork?: boolean | undefined;
  readonly defaultBranch?: string | undefined;
  /** Whether the branch is one that people guard: what is built on it is what others are held against. */
  readonly guarded?: boolean | undefined;
  readonly commit?: string | undefined;
  readonly run?: string | undefined;
  readonly job?: string | undefined;
  readonly url?: string | undefined;
}

/** A text of the environment; an empty one counts as absent. */
export function given(env: Environment, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return value;
  }
  return undefined;
}

/** Whether a variable says yes, in any of the ways in which CI systems write it. */
export function says(env: Environment, name: string): boolean {
  return /^(?:true|1|yes)$/i.test(env[name]?.trim() ?? '');
}

/** A branch without the words before it: `refs/heads/main` is `main`. */
export function branchName(ref: string | undefined): string | undefined {
  if (ref === undefined || ref.startsWith('refs/pull/') || ref.startsWith('refs/tags/')) return undefined;
  return ref.replace(/^refs\/heads\//, '') || undefined;
}

/** A number of a pull request as it may stand in an address; anything else, such as `false`, is none. */
export function requestNumber(text: string | undefined): string | undefined {
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? text : undefined;
}
