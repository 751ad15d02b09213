import type { Evidence } from '../../model/evidence.ts';
import { counts as counting } from '../../model/finding.ts';
import { type Severity, severities } from '../../model/severity.ts';
import { compareDecision, type Decision, type Reason, type Verdict } from '../../model/verdict.ts';
import type { ErrorCode } from '../../util/error.ts';
import { type FleetWaivers, fleetWaiversOf } from './waivers.ts';

/** Most reasons that are kept of one image: its own report has all. */
const mostReasons = 20;

/** Why an image could not be scanned. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What a table of many images says of one. Small, for there are many. */
export interface FleetRow {
  /** What the user called it. */
  readonly name: string;
  /** Line of the list on which it stands. */
  readonly line: number;
  readonly decision: Decision | 'error';
  /** Findings in judged packages. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Judged packages. */
  readonly packages: number;
  /** Secrets that count. */
  readonly secrets: number;
  readonly reasons: readonly Reason[];
  readonly failure?: Failure;
  /** Absent: there were none. */
  readonly waivers?: FleetWaivers;
}

/** The row of an image that was scanned. */
export function rowOf(name: string, line: number, evidence: Evidence, verdict: Verdict): FleetRow {
  const { decision, reasons } = verdict;
  const counts = noCounts();
  for (const finding of evidence.findings) if (counting(finding, evidence.judged)) counts[finding.severity]++;
  const packages = evidence.packages.filter(({ presence }) => evidence.judged.includes(presence)).length;
  const own = reasons.filter((reason) => reason.decision === decision).slice(0, mostReasons);
  const waivers = fleetWaiversOf(verdict);
  const secrets = (evidence.placed ?? []).filter(({ kind, answered }) => kind === 'secret' && !answered).length;
  return { name, line, decision, counts, packages, secrets, reasons: own, ...(waivers ? { waivers } : {}) };
}

/** The row of an image that could not be scanned. */
export function failedRow(name: string, line: number, failure: Failure): FleetRow {
  return { name, line, decision: 'error', counts: noCounts(), packages: 0, secrets: 0, reasons: [], failure };
}

function noCounts(): Record<Severity, number> {
  return { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };
}

/** Orders rows worst first; rows that are as bad stay in the order of the list. */
export function compareRows(a: FleetRow, b: FleetRow): number {
  const byDecision = compareOutcome(a.decision, b.decision);
  if (byDecision !== 0) return byDecision;
  for (const severity of severities) {
    const more = b.counts[severity] - a.counts[severity];
    if (more !== 0) return more;
  }
  return a.line - b.line;
}

/** As decisions are ordered; an image that could not be read comes behind those that stop, as in the exit code. */
function compareOutcome(a: FleetRow['decision'], b: FleetRow['decision']): number {
  if (a === 'error' || b === 'error') {
    if (a === b) return 0;
    const other = a === 'error' ? b : a;
    const errorFirst = other === 'stop' ? 1 : -1;
    return a === 'error' ? errorFirst : -errorFirst;
  }
  return compareDecision(a, b);
}

/** Exit code of the whole: 2 when any image stops, else 1 when any could not be read, else 3 when any is undecided. */
export function fleetExitCode(rows: readonly Pick<FleetRow, 'decision'>[]): number {
  const has = (decision: FleetRow['decision']): boolean => rows.some((row) => row.decision === decision);
  if (has('stop')) return 2;
  if (has('error')) return 1;
  return has('undecided') ? 3 : 0;
}
