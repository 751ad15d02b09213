import type { Advisory, AffectedRange } from '../model/advisory.ts';
import type { VersionOrder } from '../version/contract.ts';
import { rangesForModule } from './module.ts';
import { fixAfter, rangeHolds } from './range.ts';

/** The version that is judged, and by which order. */
export interface Subject {
  readonly version: string;
  readonly order: VersionOrder;
  /** Whether the order knows the version: when not, only `versions` lists are looked at. */
  readonly ordered: boolean;
  /** Which listed versions are this one in another spelling: advisories for one package list the same ones. */
  readonly same: Map<string, boolean>;
  /** rpm only: the modularity label. */
  readonly module?: string;
}

/** The subject for one version of a package. */
export function subjectOf(version: string, order: VersionOrder, module: string | undefined): Subject {
  const subject = { version, order, ordered: order.valid(version), same: new Map<string, boolean>() };
  return module === undefined ? subject : { ...subject, module };
}

/** One advisory that holds for the subject. */
export interface Match {
  readonly advisory: Advisory;
  /** Its ranges that concern the subject at all. */
  readonly ranges: readonly AffectedRange[];
  /** The next fixes after the subject's version, as the advisory writes them. */
  readonly fixes: readonly string[];
}

/** Judges one advisory (OSV schema, "Evaluation"); undefined when the subject is not affected. */
export function judge(advisory: Advisory, subject: Subject): Match | undefined {
  const { version, order } = subject;
  const ranges = order.id === 'rpm' ? rangesForModule(advisory, subject) : advisory.ranges;
  const holding = subject.ordered ? ranges.filter((range) => rangeHolds(range, version, order)) : [];
  if (holding.length === 0 && !isListed(advisory.versions, subject)) return undefined;
  const fixes: string[] = [];
  for (const range of holding.length > 0 ? holding : subject.ordered ? ranges : []) {
    const fix = fixAfter(range, version, order);
    if (fix !== undefined) fixes.push(fix);
  }
  return { advisory, ranges, fixes };
}

/**
 * The versions that clear all of the matches, oldest first. A fix of one record that another one still calls affected is
 * none, unless nothing else is known.
 */
export function fixesOf(matches: readonly Match[], order: VersionOrder): string[] {
  const all = uniqueSorted(
    matches.flatMap((match) => match.fixes),
    order,
  );
  const clearing = all.filter((fix) => !matches.some((match) => stillAffected(match, fix, order)));
  return clearing.length > 0 ? clearing : all;
}

function stillAffected(match: Match, version: string, order: VersionOrder): boolean {
  return match.ranges.some((range) => rangeHolds(range, version, order)) || match.advisory.versions.includes(version);
}

function isListed(versions: readonly string[], subject: Subject): boolean {
  if (versions.length === 0) return false;
  if (versions.includes(subject.version)) return true;
  return subject.ordered && versions.some((listed) => isSame(listed, subject));
}

function isSame(listed: string, { version, order, same }: Subject): boolean {
  let answer = same.get(listed);
  if (answer === undefined) {
    answer = order.valid(listed) && order.compare(listed, version) === 0;
    same.set(listed, answer);
  }
  return answer;
}

function uniqueSorted(versions: readonly string[], order: VersionOrder): string[] {
  return [...new Set(versions)].sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1));
}
