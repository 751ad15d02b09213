import type { Ecosystem } from '../../ecosystem/contract.ts';
import { composedFindings, composedPackages } from '../../match/fix/composed.ts';
import type { BaseChange, RemainsBecause } from '../../match/fix/contract.ts';
import { packageManager } from '../../match/fix/package-manager.ts';
import { smallestSet } from '../../match/fix/smallest-set.ts';
import { type Unit, unitsOf } from '../../match/fix/units.ts';
import { leavesMajor } from '../../match/fix/versions.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Package } from '../../model/package.ts';
import type { Verdict } from '../../model/verdict.ts';
import { compareText } from '../../util/compare-text.ts';
import { chooseVersions, type Move } from './choose-versions.ts';
import type { Along } from './lock-edits.ts';
import type { Rematch } from './rematch.ts';
import { type Judge, type Stop, stopsOf } from './stops.ts';

/** A target on the base that it has, or on a candidate, before anything else is changed. */
export interface Ground {
  readonly evidence: Evidence;
  /** Absent: it stays on the base that it has. */
  readonly base?: BaseChange;
  /** Distribution packages whose versions on the candidate nobody knows. */
  readonly unknown: readonly string[];
}

/** The smallest set of moves found on one ground, and what the gate says then. */
export interface Outcome {
  readonly ground: Ground;
  readonly moves: readonly Move[];
  /** Gathered anew with the moves made. */
  readonly after: Evidence;
  readonly verdict: Verdict;
  /** What it still stops at. */
  readonly stops: readonly Stop[];
  /** What was not moved though it has findings, and why. */
  readonly held: ReadonlyMap<Unit, RemainsBecause>;
}

/** What {@link outcomeOn} works with. */
export interface Searching {
  readonly rematch: Rematch;
  readonly judge: Judge;
  ecosystemOf(id: string): Ecosystem | undefined;
}

/** Finds the moves that end what can be ended on this ground. */
export async function outcomeOn(ground: Ground, { rematch, judge, ecosystemOf }: Searching): Promise<Outcome> {
  const { evidence } = ground;
  const { packages, findings, judged, target } = evidence;
  const baseLayers = target.base?.layers ?? 0;
  const units = unitsOf({ packages, findings, judged, distribution: target.distribution, baseLayers, ecosystemOf });
  const held = heldBack(units, evidence);
  const free = units.filter((unit) => !held.has(unit));
  const { moves, stuck } = await chooseVersions(free, evidence, ecosystemOf, rematch, judge);
  for (const unit of stuck) held.set(unit, 'no-clearing-version');
  const stopsAfter = (set: readonly Move[]): number => {
    const composed = composedFindings(findings, set);
    return stopsOf(judge, { ...evidence, packages: composedPackages(packages, set), findings: composed }).length;
  };
  const needed = smallestSet(costliestFirst(moves), stopsAfter);
  const made = await verified(ground, needed, rematch, judge);
  // What was put together must hold when it is matched as a whole; else nothing is dropped.
  const best = made.stops.length > stopsAfter(moves) ? await verified(ground, moves, rematch, judge) : made;
  return { ...(best.stops.length < made.stops.length ? best : made), ground, held };
}

/** The same, with what files of the source move along: matched anew, for nobody chose those versions. */
export async function withAlong(
  outcome: Outcome,
  along: readonly Along[],
  isTarget: boolean,
  { rematch, judge }: Searching,
): Promise<Outcome> {
  if (along.length === 0) return outcome;
  const { packages, target } = outcome.after;
  const moved = packages.map((found): Package => {
    const { ecosystem: kind, name, version, paths } = found;
    const one = along.find(
      ({ ecosystem, name: other, path, to }) =>
        kind === ecosystem.id &&
        name === other &&
        (!isTarget || paths.includes(`/${path}`)) &&
        ecosystem.order.compare(version, to) < 0,
    );
    if (!one) return found;
    const { hashes: _hashes, ...rest } = found;
    const record = { ...rest, version: one.to };
    return { ...record, purl: one.ecosystem.purl(record, target.distribution) };
  });
  const after = await rematch.evidence(outcome.after, moved);
  const judged = judge(after);
  return {
    ...outcome,
    after: judged.evidence,
    verdict: judged.verdict,
    stops: stopsOf(judge, after, judged.verdict),
  };
}

type Verified = Pick<Outcome, 'moves' | 'after' | 'verdict' | 'stops'>;

async function verified(
  { evidence }: Ground,
  moves: readonly Move[],
  rematch: Rematch,
  judge: Judge,
): Promise<Verified> {
  const after =
    moves.length === 0 ? evidence : await rematch.evidence(evidence, composedPackages(evidence.packages, moves));
  const judged = judge(after);
  const stops = stopsOf(judge, after, judged.verdict);
  return { moves: [...moves].sort(compareMoves), after: judged.evidence, verdict: judged.verdict, stops };
}

/** What no change of the user's own files moves. */
function heldBack(units: readonly Unit[], { packages }: Evidence): Map<Unit, RemainsBecause> {
  const held = new Map<Unit, RemainsBecause>();
  for (const unit of units) {
    if (!unit.distribution && unit.isBase) held.set(unit, 'base-image');
    else if (unit.distribution && !packageManager(packages, unit.ecosystem)) held.set(unit, 'no-package-manager');
  }
  return held;
}

/** Those that are dropped most gladly: what may break something, then what ends least. */
function costliestFirst(moves: readonly Move[]): Move[] {
  const breaks = ({ unit, to }: Move): number => (leavesMajor(unit, to) ? 0 : 1);
  return [...moves].sort(
    (a, b) =>
      breaks(a) - breaks(b) || a.unit.findings.length - b.unit.findings.length || compareText(keyOf(b), keyOf(a)),
  );
}

function compareMoves(a: Move, b: Move): number {
  return compareText(keyOf(a), keyOf(b));
}

function keyOf({ unit: { ecosystem, name, from, place }, to }: Move): string {
  return [ecosystem, name, from, place, to].join('\0');
}
