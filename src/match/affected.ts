import type { Advisory, AffectedRange } from '../model/advisory.ts';
import type { VersionOrder } from '../version/contract.ts';
import { rangesForModule } from './module.ts';
import { fixAfter, rangeHolds } from './range.ts';
import { Sides } from './sides.ts';

/** The version that is judged, and by which order. */
export interface Subject {
  readonly version: string;
  readonly order: VersionOrder;
  /** Whether the order knows the version: when not, only `versions` lists are looked at. */
  readonly ordered: boolean;
  readonly sides: Sides;
  /** rpm only: the modularity label. */
  readonly module?: string;
}

/** The subject for one version of a package. */
export function subjectOf(version: string, order: VersionOrder, module: string | undefined): Subject {
  const subject = { version, order, ordered: order.valid(version), sides: new Sides(version, order) };
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
  const { order, ordered, sides } = subject;
  const ranges = order.id === 'rpm' ? rangesForModule(advisory, subject) : advisory.ranges;
  const fixes: string[] = [];
  let holds = false;
  if (ordered) {
    for (const range of ranges) {
      if (!rangeHolds(range, sides)) continue;
      holds = true;
      addFix(fixes, range, sides);
    }
  }
  if (!holds) {
    if (!isListed(advisory.versions, subject)) return undefined;
    if (ordered) for (const range of ranges) addFix(fixes, range, sides);
  }
  return { advisory, ranges, fixes };
}

function addFix(fixes: string[], range: AffectedRange, sides: Sides): void {
  const fix = fixAfter(range, sides);
  if (fix !== undefined) fixes.push(fix);
}

/**
 * The versions that clear all of the matches, oldest first. A fix of one record that another one still calls affected is
 * none, unless nothing else is known.
 */
export function fixesOf(matches: readonly Match[], order: VersionOrder): readonly string[] {
  const [first] = matches;
  if (matches.length === 1 && first !== undefined && first.fixes.length < 2) return first.fixes;
  const all = uniqueSorted(
    matches.flatMap((match) => match.fixes),
    order,
  );
  // A single one stands whether it clears or not.
  if (all.length < 2) return all;
  const clearing = all.filter((fix) => {
    const sides = new Sides(fix, order);
    return !matches.some((match) => stillAffected(match, sides));
  });
  return clearing.length > 0 ? clearing : all;
}

function stillAffected(match: Match, sides: Sides): boolean {
  return match.ranges.some((range) => rangeHolds(range, sides)) || match.advisory.versions.includes(sides.version);
}

function isListed(versions: readonly string[], subject: Subject): boolean {
  if (versions.length === 0) return false;
  if (versions.includes(subject.version)) return true;
  return subject.ordered && versions.some((listed) => subject.sides.isSame(listed));
}

function uniqueSorted(versions: readonly string[], order: VersionOrder): string[] {
  return [...new Set(versions)].sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1));
}
