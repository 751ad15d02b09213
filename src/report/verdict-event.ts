import type { Evidence } from '../model/evidence.ts';
import { counts } from '../model/finding.ts';
import type { PlacedKind } from '../model/placed-finding.ts';
import { severities } from '../model/severity.ts';
import type { Decision, Verdict } from '../model/verdict.ts';
import { redactCommand } from '../util/redact.ts';
import type { JudgedBy } from './contract.ts';
import { policyDigest } from './kept/policy-settings.ts';

/** Most reasons that an event names: it is one line of a log. */
const reasonsTold = 50;

/** Longest text of an event, in characters. */
const longestText = 1000;

/**
 * Who has to act: `policy`, a stop, is for whoever changed the image; `undecided` for whoever looks after the data or what
 * could not be read; `defect`, work that could not be done, for whoever looks after the build; `pass`, also with warnings,
 * for nobody.
 */
export type VerdictClass = 'policy' | 'undecided' | 'defect' | 'pass';

const classes: Readonly<Record<Decision, VerdictClass>> = {
  stop: 'policy',
  undecided: 'undecided',
  warn: 'pass',
  pass: 'pass',
};

/** The class that a log pipeline sorts a decision by. */
export function classOf(decision: Decision): VerdictClass {
  return classes[decision];
}

/** The CI run that a verdict was made in; what the platform does not tell is absent. */
export interface EventCi {
  readonly platform: string;
  readonly run?: string | undefined;
  readonly job?: string | undefined;
  readonly url?: string | undefined;
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
  readonly pullRequest?: string | undefined;
}

/** What an event says of the run itself. */
export interface EventRun {
  readonly time: Date;
  readonly version: string;
  readonly command: string;
  readonly durationMs: number;
  /** What the user called the target; absent where there is none. */
  readonly name?: string | undefined;
  readonly ci?: EventCi | undefined;
  /** Of the W3C trace context that the run stands in: 32 hex digits. */
  readonly traceId?: string | undefined;
}

/** The event of a verdict, `sluice-event/v1`: its schema is `schema/sluice-event-v1.json`. It is a log line and tells the time. */
export function verdictEvent(
  evidence: Evidence,
  verdict: Verdict,
  exitCode: number,
  run: EventRun,
  judgedBy?: Pick<JudgedBy, 'policy'>,
): object {
  const { kind, digest, id, platform } = evidence.target;
  const { decision, reasons, policy, baseline } = verdict;
  return {
    ...head(run, classOf(decision), decision, exitCode),
    target: { name: shortened(run.name ?? ''), kind, digest, id, platform },
    policy: {
      name: policy?.name ?? 'default',
      digest: policy?.digest ?? (judgedBy && policyDigest(judgedBy.policy)),
      mapping: policy?.mapping,
    },
    counts: countsOf(evidence),
    baseline: baseline && { digest: baseline.digest, since: baseline.since, findings: { ...baseline.findings } },
    reasons: reasons.slice(0, reasonsTold).map((reason) => ({
      rule: reason.rule,
      decision: reason.decision,
      findings: reason.total ?? reason.subjects?.length ?? 0,
    })),
    ...tail(run),
  };
}

/** The event of work that could not be done: a broken build, and never a stop. What may be a secret is taken out. */
export function failureEvent(
  error: { readonly code: string; readonly message: string; readonly hint?: string | undefined },
  run: EventRun,
): object {
  const { code, message, hint } = error;
  return {
    ...head(run, 'defect', undefined, 1),
    target: run.name === undefined ? undefined : { name: shortened(redactCommand(run.name)) },
    error: {
      code,
      message: shortened(redactCommand(message)),
      hint: hint === undefined ? undefined : shortened(redactCommand(hint)),
    },
    ...tail(run),
  };
}

/** An event as its line; no other line end stands in it, nor a control character. */
export function eventLine(event: object): string {
  return `${JSON.stringify(event, wellFormed).replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

const unsafe = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' && !value.isWellFormed() ? value.toWellFormed() : value;
}

function head({ time, version, command }: EventRun, of: VerdictClass, verdict: Decision | undefined, exitCode: number) {
  return {
    schema: 'sluice-event/v1',
    time: time.toISOString(),
    class: of,
    verdict: verdict ?? null,
    exitCode,
    command,
    sluice: version,
  };
}

function tail({ durationMs, ci, traceId }: EventRun): object {
  // The environment is from outside: a branch may be called anything.
  const told = ci && Object.fromEntries(Object.entries(ci).map(([key, text]) => [key, text && shortened(text)]));
  return { durationMs: Math.max(0, Math.round(durationMs)), ci: told, traceId };
}

function shortened(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}

/** What counts, by severity and kind, beside what was looked at and what was answered. */
export function countsOf({ findings, judged, placed = [], packages, problems }: Evidence): Record<string, number> {
  const counting = findings.filter((finding) => counts(finding, judged));
  const of = (kind: PlacedKind): number =>
    placed.filter((one) => one.kind === kind && one.answered === undefined).length;
  const bySeverity = severities.map((severity): [string, number] => [
    severity,
    counting.filter((finding) => finding.severity === severity).length,
  ]);
  return {
    ...Object.fromEntries(bySeverity),
    vulnerabilities: counting.length,
    exploited: counting.filter(({ exploited }) => exploited).length,
    fixable: counting.filter(({ fixed }) => fixed.length > 0).length,
    secrets: of('secret'),
    settings: of('misconfiguration'),
    external: of('external'),
    answered: [...findings, ...placed].filter(({ answered }) => answered).length,
    packages: packages.filter(({ presence }) => judged.includes(presence)).length,
    problems: problems.length,
  };
}
