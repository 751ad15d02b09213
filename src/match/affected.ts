import type { Advisory, AffectedRange } from '../model/advisory.ts';
import type { VersionOrder } from '../version/contract.ts';
import { rangesForModule } from './module.ts';
import { fixAfter, rangeHolds, unknownBound } from './range.ts';
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

/** Judges one advisory (OSV schema, "Evaluation"); undefined when the subject is not affected, or it was withdrawn. */
export function judge(advisory: Advisory, subject: Subject): Match | undefined {
  if (advisory.withdrawn !== undefined) return undefined;
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
    if (listedAs(advisory.versions, subject) === undefined) return undefined;
    if (ordered) for (const range of ranges) addFix(fixes, range, sides);
  }
  return { advisory, ranges, fixes };
}

/**
 * The bound that stands in the way of saying that an advisory does not hold for the subject, which its order knows:
 * undefined when there is none, or when the advisory lists the affected versions.
 */
export function undecidedBy(advisory: Advisory, subject: Subject): string | undefined {
  if (advisory.withdrawn !== undefined) return undefined;
  const ranges = subject.order.id === 'rpm' ? rangesForModule(advisory, subject) : advisory.ranges;
  for (const range of ranges) {
    const bound = unknownBound(range, subject.sides);
    if (bound !== undefined) return advisory.versions.length > 0 ? undefined : bound;
  }
  return undefined;
}

function addFix(fixes: string[], range: AffectedRange, sides: Sides): void {
  const fix = fixAfter(range, sides);
  if (fix !== undefined) fixes.push(fix);
}

/** Fixes of one flaw that are held against all of its records, the newest; real flaws have a dozen at most. */
const maxFixes = 100;

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
  ).slice(-maxFixes);
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

/** The listed version that is the subject's, maybe in another spelling. */
export function listedAs(versions: readonly string[], { version, ordered, sides }: Subject): string | undefined {
  if (versions.includes(version)) return version;
  return ordered ? versions.find((listed) => sides.isSame(listed)) : undefined;
}

function uniqueSorted(versions: readonly string[], order: VersionOrder): string[] {
  return [...new Set(versions)].sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1));
}
