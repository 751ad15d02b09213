import { appendFileSync } from 'node:fs';
import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import { detectCi } from '../pipeline/ci/detect.ts';
import type { JudgedBy } from '../report/contract.ts';
import { type EventCi, type EventRun, eventLine, failureEvent, verdictEvent } from '../report/verdict-event.ts';
import { type ErrorCode, messageOf, SluiceError } from '../util/error.ts';
import { exitCodes } from './exit-codes.ts';
import { writeText } from './standard-streams.ts';

/** What an event is to know of the run. */
export interface EventContext {
  /** A file that it is put at the end of, or `stderr`. */
  readonly to: string;
  readonly command: string;
  readonly name?: string | undefined;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a verdict is told with. */
export interface ToldVerdict {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  readonly judgedBy?: JudgedBy | undefined;
}

/** Tells a verdict by one line of JSON. @throws SluiceError `output/unwritable` */
export function tellVerdict({ evidence, verdict, judgedBy }: ToldVerdict, context: EventContext): void {
  const line = verdictLine({ evidence, verdict, judgedBy }, context);
  writeEvent(context.to, line);
}

/** The line of a verdict. */
export function verdictLine({ evidence, verdict, judgedBy }: ToldVerdict, context: Omit<EventContext, 'to'>): string {
  return eventLine(verdictEvent(evidence, verdict, exitCodes[verdict.decision] ?? 1, runOf(context), judgedBy));
}

/** Tells work that could not be done. What can't be written here is let be: the failure itself is told already. */
export function tellFailure(thrown: unknown, context: EventContext): void {
  try {
    writeEvent(context.to, failureLine(thrown, context));
  } catch {
    // The exit code says all the same that the work failed.
  }
}

/** The line of a failure: of a bug no more than that it is one, and its message. */
export function failureLine(thrown: unknown, context: Omit<EventContext, 'to'>): string {
  const known = thrown instanceof SluiceError;
  const code: ErrorCode = known ? thrown.code : 'bug/unforeseen';
  const error = { code, message: messageOf(thrown), hint: known ? thrown.hint : undefined };
  return eventLine(failureEvent(error, runOf(context)));
}

/** Where `--event` or `SLUICE_EVENT` say that events go, also where the other arguments can't be read. */
export function eventTarget(args: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const at = args.findLastIndex((word) => word === '--event' || word.startsWith('--event='));
  const word = args[at];
  const named = word === undefined || word === '--event' ? args[at + 1] : word.slice('--event='.length);
  return (at < 0 ? env.SLUICE_EVENT : named) || undefined;
}

function runOf({ command, name, version, env }: Omit<EventContext, 'to'>): EventRun {
  const traceId = /^[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(env.TRACEPARENT ?? '')?.[1];
  return { time: new Date(), version, command, durationMs: performance.now(), name, ci: ciOf(env), traceId };
}

function ciOf(env: NodeJS.ProcessEnv): EventCi | undefined {
  try {
    const { platform, run, job, url, commit, branch, pullRequest } = detectCi(env);
    return platform === 'plain' ? undefined : { platform, run, job, url, commit, branch, pullRequest };
  } catch {
    return undefined;
  }
}

/** At the end of what is there: a log holds the events of many runs, each written at once. */
function writeEvent(to: string, line: string): void {
  if (to === 'stderr') {
    writeText(2, line);
    return;
  }
  try {
    appendFileSync(to, line);
  } catch (thrown) {
    throw new SluiceError('output/unwritable', `${to} can't be written (${(thrown as NodeJS.ErrnoException).code})`);
  }
}
