import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBaseline, keepBaseline, makesBaseline } from '../pipeline/ci/baselines.ts';
import { detectCi } from '../pipeline/ci/detect.ts';
import { findDockerfile, findImage } from '../pipeline/ci/find-image.ts';
import type { CiRun } from '../pipeline/ci/platform.ts';
import type { RunVerdict } from '../pipeline/run-gate.ts';
import { stableName } from '../report/junit/suite-name.ts';
import { identifyTarget, isImageTarget } from '../source/target.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { withoutLogCommands } from '../util/log-commands.ts';
import { commentOn } from './ci/comment.ts';
import { ciFlags, defaultCache, defaultReports, scanGiven } from './ci/flags.ts';
import { publish, publishFailure } from './ci/publish.ts';
import { emptyReports, eventFile, makeIgnored, reportOutputs } from './ci/reports.ts';
import type { Command, Example, Invocation } from './command.ts';
import { eventTarget, failureLine, verdictLine } from './event.ts';
import { exampleHelp } from './examples.ts';
import { type Flags, flagHelp, readFlags } from './flags.ts';
import { formatHelp, writeWhole } from './outputs.ts';
import { workingFolder } from './policy-flags.ts';
import { scanTarget } from './scan.ts';
import { targetName } from './scan-caches.ts';
import { changeAll, writeText } from './standard-streams.ts';

const examples: readonly Example[] = [
  { line: 'sluice ci', doc: 'the image that this job has built, as the CI system at hand expects it' },
  { line: 'sluice ci my-app.tar --fail-on critical', doc: 'this one, and stop at critical flaws alone' },
];

/** `sluice ci`: scans as the CI system at hand expects it, without any configuration. */
export const command: Command = {
  takes: '[TARGET]',
  flags: ciFlags,
  examples,
  async run(invocation) {
    const { args, env } = invocation;
    // What an image is full of names stands in the log from here on, and the log is read by a machine.
    changeAll(withoutLogCommands);
    let reports: string | undefined;
    try {
      const given = readFlags(args, ciFlags, env);
      reports = given.text('reports') ?? defaultReports;
      return await runCi(given, reports, invocation);
    } catch (thrown) {
      fail(thrown, reports, invocation);
      throw thrown;
    }
  },
  help() {
    return `Usage: sluice ci [TARGET] [flags]

${exampleHelp(examples)}Scans the image that this CI job has built, as the CI system at hand expects it: finds the image and what its target
branch holds, writes all reports into one folder, annotations, a summary and outputs for later steps, and comments once
on the pull request. Knows GitHub Actions (also Gitea's and Forgejo's), GitLab CI, Azure Pipelines, Bitbucket Pipelines,
CircleCI, Buildkite, Drone, Woodpecker, Jenkins and Tekton; elsewhere it writes the reports. docs/ci.md says how each of
that is found; SLUICE_IMAGE names the image and SLUICE_CI the system where they are not found.

${flagHelp(ciFlags)}

${formatHelp}

Every flag can be set as SLUICE_<FLAG>, such as SLUICE_REPORTS.
Exit codes: 0 pass or warn · 1 could not do the work · 2 the gate says stop · 3 undecided
`;
  },
};

/** What is settled before the scan. */
interface Plan {
  readonly run: CiRun;
  readonly target: string;
  readonly flags: Flags;
  /** Where the kept reports of branches are. */
  readonly baselines: string;
  /** What the image is called, without its tag. */
  readonly image: string;
  /** The one whose lines findings name, if it is the image's. */
  readonly dockerfile: string | undefined;
}

async function runCi(given: Flags, reports: string, invocation: Invocation): Promise<number> {
  const say = sayer(given);
  const plan = planOf(given, reports, invocation, say);
  let told: RunVerdict | undefined;
  let name = '';
  const code = await scanTarget(plan.target, plan.flags, invocation, (verdict, called) => {
    told = verdict;
    name = called;
  });
  if (!told) throw new SluiceError('ci/no-verdict', 'the scan has made no verdict');
  await tell(told, { ...plan, name, reports, given, invocation, say });
  return code;
}

/** @throws SluiceError `usage/...`, `ci/...`, `target/...`, `output/unwritable` */
function planOf(given: Flags, reports: string, { env }: Invocation, say: (text: string) => void): Plan {
  const [operand, ...more] = given.operands;
  if (more.length > 0) throw new SluiceError('usage/operands', `one image at a time, not also ${more.join(' ')}`);
  if (given.text('platform') === 'all')
    throw new SluiceError(
      'usage/one-image',
      '--platform all is of many images',
      'use sluice scan TARGET --platform all',
    );
  const run = detectCi(env);
  const folder = workingFolder() ?? '.';
  emptyReports(reports);
  const { target, because } = findImage({ operand, env, run, folder });
  say(`${run.title}: ${target}, ${because}`);
  const identified = identifyTarget(target);
  const image = stableName(targetName(identified, target));
  const cacheDir = given.text('cache-dir') ?? (run.platform === 'plain' ? undefined : cacheIn(env));
  const baselines = join(cacheDir ?? reports, 'baseline');
  const baseline = baselineOf(given, run, [baselines, join(reports, 'baseline')], image, say);
  const named = given.text('dockerfile');
  const assumed = named === undefined && isImageTarget(identified) ? findDockerfile(folder) : undefined;
  const update = !given.on('offline') && given.text('data') === undefined;
  const outputs = reportOutputs(reports, run.platform);
  return {
    run,
    target,
    baselines,
    image,
    dockerfile: named ?? assumed,
    flags: scanGiven(given, { cacheDir, baseline, dockerfile: assumed, update, outputs }),
  };
}

/** Where the user has named no cache at all: below the working folder, which every CI system can keep. */
function cacheIn(env: NodeJS.ProcessEnv): string | undefined {
  if (env.XDG_CACHE_HOME?.startsWith('/')) return undefined;
  makeIgnored(defaultCache);
  return defaultCache;
}

function baselineOf(
  given: Flags,
  run: CiRun,
  folders: readonly string[],
  image: string,
  say: (text: string) => void,
): string | undefined {
  if (given.text('baseline') !== undefined) return undefined;
  if (run.targetBranch === undefined && run.pullRequest !== undefined)
    say(`no baseline: ${run.title} does not say where the pull request goes; name what it is held against: --baseline`);
  if (run.targetBranch === undefined) return undefined;
  const found = findBaseline(folders, { branch: run.targetBranch, image }, new Date());
  if ('none' in found) {
    say(`no baseline: ${found.none}; what this change introduces is not told from what was there`);
    return undefined;
  }
  say(`baseline: the report of ${run.targetBranch} that was kept`);
  return found.path;
}

interface Telling extends Plan {
  readonly name: string;
  readonly reports: string;
  readonly given: Flags;
  readonly invocation: Invocation;
  readonly say: (text: string) => void;
}

/** All that the verdict is told by beside the reports. Nothing of it changes the verdict. */
async function tell(told: RunVerdict, telling: Telling): Promise<void> {
  const { run, reports, given, invocation, say, name, image, baselines } = telling;
  const { env, version } = invocation;
  publish(told, { run, env, reports, dockerfile: telling.dockerfile, warn: (text) => say(`warning: ${text}`) });
  if (makesBaseline(run) && run.branch !== undefined) {
    const failed = keepBaseline(baselines, { branch: run.branch, image }, join(reports, 'sluice.json'));
    say(failed === undefined ? `kept as baseline of ${run.branch}` : `warning: no baseline was kept (${failed})`);
  }
  if (!given.on('no-comment')) {
    const job = run.platform === 'bitbucket' ? undefined : run.job;
    const found = given.text('comment-name') ?? [image, job].filter((part) => part).join(' ');
    const commenting = { run, env, reports, name: found, target: name };
    const became = await commentOn(told, {
      ...commenting,
      insecure: given.on('insecure'),
      offline: given.on('offline'),
    });
    if (became !== undefined) say(became);
  }
  const line = verdictLine(told, { command: 'ci', name, version, env });
  tellLine(line, reports, given.text('event'), say);
  say(`all reports are in ${reports}`);
}

/** The event, into the folder of reports, where the user wants it, and on standard error. */
function tellLine(
  line: string,
  reports: string | undefined,
  to: string | undefined,
  say: (text: string) => void,
): void {
  try {
    if (reports !== undefined) writeWhole(join(reports, eventFile), line);
    if (to !== undefined && to !== 'stderr') appendFileSync(to, line);
  } catch (thrown) {
    say(`warning: the event was not written: ${messageOf(thrown)}`);
  }
  writeText(2, line);
}

function fail(thrown: unknown, reports: string | undefined, { args, env, version }: Invocation): void {
  const say = (text: string): void => void writeText(2, `sluice: ${harmless(text)}\n`);
  tellLine(failureLine(thrown, { command: 'ci', version, env }), reports, eventTarget(args, env), say);
  try {
    publishFailure(messageOf(thrown), { run: detectCi(env), env });
  } catch {
    // SLUICE_CI names no system: that is the failure that is told.
  }
}

function sayer(given: Flags): (text: string) => void {
  if (given.on('quiet')) return () => {};
  return (text) => void writeText(2, `sluice: ${harmless(text)}\n`);
}
