import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { azureCommand, azureCommands, githubCommands } from '../../pipeline/ci/log-commands.ts';
import type { CiRun } from '../../pipeline/ci/platform.ts';
import {
  dotenvOutputs,
  githubOutputs,
  oneLine,
  type StepOutputs,
  variableName,
} from '../../pipeline/ci/step-outputs.ts';
import type { RunVerdict } from '../../pipeline/run-gate.ts';
import { type FindingNote, findingNotes } from '../../report/annotations/notes.ts';
import { classOf, countsOf } from '../../report/verdict-event.ts';
import { messageOf } from '../../util/error.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAsIs } from '../standard-streams.ts';
import { dotenvFile, reportPaths } from './reports.ts';

/** Most bytes that GitHub takes as the summary of one step. */
const mostSummary = 1_048_576;

/** Counts that later steps get. */
const countsTold = ['critical', 'high', 'medium', 'low', 'secrets', 'settings'] as const;

/** Results of Tekton share 4 KiB: the paths of reports are known to the task. */
const tektonResults: ReadonlySet<string> = new Set(['verdict', 'class', 'exit-code', 'digest']);

/** What a run is published by. */
export interface Publishing {
  readonly run: CiRun;
  readonly env: NodeJS.ProcessEnv;
  readonly reports: string;
  /** The one whose lines findings name. */
  readonly dockerfile: string | undefined;
  readonly warn: (message: string) => void;
}

/** Hands the verdict to the CI system: annotations, summary, outputs. What fails is a warning: the exit code is the verdict. */
export function publish({ evidence, verdict }: RunVerdict, publishing: Publishing): void {
  const { reports, warn } = publishing;
  const outputs = outputsOf({ evidence, verdict }, publishing);
  const steps: readonly (readonly [string, () => void])[] = [
    [
      'the annotations were not written',
      () => annotate(findingNotes(evidence, verdict, publishing.dockerfile), publishing),
    ],
    ['the summary was not written', () => summarise(publishing)],
    ['the outputs were not written', () => handOn(outputs, publishing)],
    [`${dotenvFile} was not written`, () => writeFileSync(join(reports, dotenvFile), dotenvOutputs(outputs))],
  ];
  for (const [failed, step] of steps) {
    try {
      step();
    } catch (thrown) {
      warn(`${failed}: ${(thrown as NodeJS.ErrnoException).code ?? messageOf(thrown)}`);
    }
  }
}

/** Tells a failure where people look for it: beside the log. */
export function publishFailure(message: string, { run, env }: Pick<Publishing, 'run' | 'env'>): void {
  const note: FindingNote = { level: 'error', title: 'sluice: the scan could not be done', message };
  annotate([note], { run });
  if (run.platform !== 'github' || !env.GITHUB_STEP_SUMMARY) return;
  try {
    // As code: a name in it must be neither markup nor a mention.
    const text = oneLine(message).replaceAll('`', "'");
    appendFileSync(env.GITHUB_STEP_SUMMARY, `### sluice could not do the scan\n\n\`${text}\`\n`);
  } catch {
    // The log says it all the same.
  }
}

function outputsOf(
  { evidence, verdict }: Pick<RunVerdict, 'evidence' | 'verdict'>,
  publishing: Publishing,
): StepOutputs {
  const { decision } = verdict;
  const counts = countsOf(evidence);
  const { digest, id } = evidence.target;
  return new Map([
    ['verdict', decision],
    ['class', classOf(decision)],
    ['exit-code', String(exitCodes[decision])],
    ['digest', digest ?? id ?? ''],
    ...countsTold.map((name): [string, string] => [name, String(counts[name] ?? 0)]),
    ...reportPaths(publishing.reports, publishing.run.platform),
  ]);
}

function annotate(notes: readonly FindingNote[], { run }: Pick<Publishing, 'run'>): void {
  const commands =
    run.platform === 'github' ? githubCommands(notes) : run.platform === 'azure' ? azureCommands(notes) : [];
  command(commands);
}

/** Commands alone are written as they are: in all else a command would be somebody else's. */
function command(commands: readonly string[]): void {
  if (commands.length > 0) writeAsIs(1, `${commands.join('\n')}\n`);
}

function summarise({ run, env, reports }: Publishing): void {
  if (run.platform === 'azure') command([azureCommand('task.uploadsummary', [], resolve(reports, 'summary.md'))]);
  const path = env.GITHUB_STEP_SUMMARY;
  if (run.platform !== 'github' || !path) return;
  const room = mostSummary - (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  const texts = ['summary.md', 'comment.md'].map((name) => readFileSync(join(reports, name)));
  const fitting = texts.find((text) => text.length <= room);
  if (!fitting) throw new Error('there is no room left in the summary of this step');
  appendFileSync(path, fitting);
}

function handOn(outputs: StepOutputs, { run, env, reports }: Publishing): void {
  if (run.platform === 'github' && env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, githubOutputs(outputs));
  if (run.platform === 'azure') {
    const variables = [...outputs].map(([name, value]) =>
      azureCommand(
        'task.setvariable',
        [
          ['variable', variableName(name)],
          ['isOutput', 'true'],
        ],
        oneLine(value),
      ),
    );
    command([...variables, azureCommand('artifact.upload', [['artifactname', 'sluice-reports']], resolve(reports))]);
  }
  const folder = env.TEKTON_RESULTS;
  if (run.platform !== 'tekton' || !folder) return;
  for (const [name, value] of outputs) if (tektonResults.has(name)) writeFileSync(join(folder, name), value);
}
