import { type CvssRating, rateVector } from '../../advisory/cvss.ts';
import type { Advisory, AffectedRange } from '../../model/advisory.ts';
import { compareText } from '../../util/compare-text.ts';
import { judge, listedAs, type Match, type Subject, undecidedBy } from '../affected.ts';
import { rangesForModule } from '../module.ts';
import { rangeHolds } from '../range.ts';
import type { RangeStory, RecordStory, Relation } from './contract.ts';
import { moduleWords } from './module-words.ts';
import { rangeWords } from './range-words.ts';

/** A record as it is held against one version of a package. */
export interface Held {
  readonly advisory: Advisory;
  readonly relation: Relation;
  readonly subject: Subject;
  /** The place of the look-up that found it. */
  readonly lookup: number;
  /** Whether matching leaves the record out although it holds: an erratum that is about no flaw. */
  readonly leftOut: boolean;
}

/** What one record says of one version, and why. The outcome is the one that matching comes to. */
export function recordStory(held: Held): RecordStory {
  const { advisory, relation, subject, lookup } = held;
  const outcome = held.leftOut ? 'not-affected' : outcomeOf(advisory, subject);
  const match: Match | undefined = outcome === 'affected' ? judge(advisory, subject) : undefined;
  const ranges = rangeStories(advisory, subject);
  const listed = listedAs(advisory.versions, subject);
  const { published, withdrawn, disputed, fixState } = advisory;
  return {
    id: advisory.id,
    relation,
    aliases: advisory.aliases,
    upstream: advisory.upstream,
    title: advisory.summary,
    lookup,
    outcome,
    because: because(held, ranges, listed),
    ranges,
    versions: advisory.versions.length,
    ...(listed === undefined ? {} : { listed }),
    fixed: match?.fixes ?? [],
    severity: advisory.severity,
    vectors: ratings(advisory),
    cwes: advisory.cwes,
    ...(published === undefined ? {} : { published }),
    modified: advisory.modified,
    ...(withdrawn === undefined ? {} : { withdrawn }),
    ...(disputed ? { disputed } : {}),
    ...(fixState === undefined ? {} : { fixState }),
    imports: advisory.imports,
  };
}

/** What matching makes of a record for a version, were it one that speaks of a flaw. */
export function outcomeOf(advisory: Advisory, subject: Subject): RecordStory['outcome'] {
  if (advisory.withdrawn !== undefined) return 'not-affected';
  if (judge(advisory, subject)) return 'affected';
  if (!subject.ordered) return advisory.ranges.length > 0 ? 'undecided' : 'not-affected';
  return undecidedBy(advisory, subject) === undefined ? 'not-affected' : 'undecided';
}

/** Every vector of the record that can be scored: that of the severity, and the others. */
function ratings({ severity, vectors }: Advisory): CvssRating[] {
  const all = new Set([...vectors, ...(severity.vector === undefined ? [] : [severity.vector])]);
  return [...all]
    .flatMap((vector) => rateVector(vector) ?? [])
    .sort((a, b) => compareText(b.version, a.version) || b.score - a.score || compareText(a.vector, b.vector));
}

function rangeStories(advisory: Advisory, subject: Subject): RangeStory[] {
  const concerning = new Set(subject.order.id === 'rpm' ? rangesForModule(advisory, subject) : advisory.ranges);
  return advisory.ranges.map((range) => rangeStory(advisory, range, subject, concerning.has(range)));
}

function rangeStory(advisory: Advisory, range: AffectedRange, subject: Subject, concerns: boolean): RangeStory {
  if (!concerns) return { ...range, concerns, holds: false, says: moduleWords(advisory, range, subject) };
  if (!subject.ordered) {
    const says = `${subject.version} is no version that the ${subject.order.id} order can place`;
    return { ...range, concerns, holds: false, says };
  }
  const holds = rangeHolds(range, subject.sides);
  return { ...range, concerns, holds, says: rangeWords(range, subject.sides, holds) };
}

/** What decides first: that the record doesn't count, then the range or list that holds, else why none does. */
function because(held: Held, ranges: readonly RangeStory[], listed: string | undefined): string[] {
  const { advisory, subject, leftOut } = held;
  if (advisory.withdrawn !== undefined)
    return [`withdrawn ${advisory.withdrawn.slice(0, 10)}: it holds for no version`];
  const holding = ranges.filter(({ holds }) => holds);
  const reasons = [...new Set(holding.map(({ says }) => says))];
  if (listed !== undefined && (reasons.length === 0 || listed !== subject.version)) {
    reasons.push(listedWords(listed, subject.version));
  }
  if (leftOut) return ['it is an erratum for bugs or enhancements that names no CVE: no flaw', ...reasons];
  return reasons.length > 0 ? reasons : whyNot(advisory, ranges, subject);
}

function listedWords(listed: string, version: string): string {
  return listed === version
    ? `${version} is listed among the affected versions`
    : `${version} is listed among the affected versions as ${listed}, which is the same one`;
}

function whyNot(advisory: Advisory, ranges: readonly RangeStory[], subject: Subject): string[] {
  const { version, ordered, order } = subject;
  const reasons = [...new Set(ranges.map(({ says }) => says))];
  const unknown = ordered ? undecidedBy(advisory, subject) : undefined;
  if (unknown !== undefined) {
    reasons.unshift(`its bound ${unknown} is no version that the ${order.id} order can place, so nothing is sure`);
  }
  const { length } = advisory.versions;
  if (length > 0) {
    const alone = ordered ? '' : ', which is all that can be told of a version without an order';
    reasons.push(
      `${version} is none of the ${length === 1 ? 'one version' : `${length} versions`} that it lists${alone}`,
    );
  }
  if (ranges.length === 0) reasons.push('it has no ranges of versions (ranges of commits are none)');
  return reasons;
}
