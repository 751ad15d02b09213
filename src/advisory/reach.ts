import type { AffectedRange, RangeEvent } from '../model/advisory.ts';
import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from '../version/contract.ts';
import { hasPlace } from './index-order.ts';

/*
 * Where an advisory may hold, as stretches of positions among the versions that one list names. The versions, sorted and
 * equal ones together, are the odd positions 1, 3, 5 …; the gaps before, between and behind them are 0, 2, 4 … Every
 * version has one position, and an advisory says the same of all versions of a position.
 */

/** Versions by their position: the order's `n` steps are the odd positions below `2n + 1`. */
export interface Ladder {
  /** The number of one text for each step, oldest first. */
  readonly steps: readonly number[];
  /** The step of each version that has one. */
  readonly stepOf: ReadonlyMap<string, number>;
  /** Versions that are valid and still have none. */
  readonly unplaced: ReadonlySet<string>;
}

/** Ranges of more events are not worked out (each event is held against all others): such an advisory may hold anywhere. */
const maxEvents = 64;
/** Most stretches of one advisory; what lies behind is put together. */
const maxStretches = 32;

/** Sorts the versions that a list names; `numbers` are those by which it names them. */
export function ladderOf(numbers: ReadonlyMap<string, number>, order: VersionOrder): Ladder {
  const placed: string[] = [];
  const unplaced = new Set<string>();
  for (const version of numbers.keys()) {
    if (!order.valid(version)) continue;
    // A lone surrogate is read back as another character, which may stand elsewhere.
    if (hasPlace(version, order) && version.isWellFormed()) placed.push(version);
    else unplaced.add(version);
  }
  placed.sort((a, b) => order.compare(a, b) || compareText(a, b));
  const steps: number[] = [];
  const stepOf = new Map<string, number>();
  let last: string | undefined;
  for (const version of placed) {
    if (last === undefined || order.compare(last, version) !== 0) steps.push(numbers.get(version)!);
    stepOf.set(version, steps.length - 1);
    last = version;
  }
  return { steps, stepOf, unplaced };
}

/** The last position of a ladder; the first is 0. */
export function lastPosition(steps: number): number {
  return 2 * steps;
}

/**
 * The stretches (first and last position by turns, ascending) outside of which the advisory surely doesn't hold. They
 * may be larger than need be: where a version has no place, they are everything.
 */
export function reachOf(
  { ranges, versions }: { readonly ranges: readonly AffectedRange[]; readonly versions: readonly string[] },
  ladder: Ladder,
): number[] {
  const end = lastPosition(ladder.steps.length);
  const found: [number, number][] = [];
  for (const range of ranges) {
    const events = placedEvents(range.events, ladder);
    if (events === undefined) return [0, end];
    addRange(found, events, end);
  }
  for (const version of versions) {
    const step = ladder.stepOf.get(version);
    if (step !== undefined) found.push([2 * step + 1, 2 * step + 1]);
    // What the order doesn't know equals no version that it knows.
    else if (ladder.unplaced.has(version)) return [0, end];
  }
  return joined(found);
}

interface PlacedEvent {
  readonly kind: RangeEvent['kind'];
  /** -1: before all versions, as OSV's `0`. `Infinity`: behind all, as the limit `*`. */
  readonly position: number;
}

function placedEvents(events: readonly RangeEvent[], { stepOf }: Ladder): PlacedEvent[] | undefined {
  if (events.length > maxEvents) return undefined;
  const placed: PlacedEvent[] = [];
  for (const { kind, version } of events) {
    const step = stepOf.get(version);
    if (version === '0') placed.push({ kind, position: -1 });
    else if (kind === 'limit' && version === '*') placed.push({ kind, position: Number.POSITIVE_INFINITY });
    else if (step === undefined) return undefined;
    else placed.push({ kind, position: 2 * step + 1 });
  }
  return placed;
}

/** What a range says changes at its events alone: it is asked there, and once in each stretch between. */
function addRange(found: [number, number][], events: readonly PlacedEvent[], end: number): void {
  const bounds = [...new Set(events.map(({ position }) => position))].sort((a, b) => a - b);
  let from = 0;
  for (const bound of bounds) {
    if (bound < 0 || bound > end) continue;
    if (from < bound && holdsAt(events, from)) found.push([from, bound - 1]);
    if (holdsAt(events, bound)) found.push([bound, bound]);
    from = bound + 1;
  }
  if (holdsAt(events, from)) found.push([from, end]);
}

/** The walk of the OSV schema ("Evaluation") over positions in the place of versions. */
function holdsAt(events: readonly PlacedEvent[], position: number): boolean {
  let last: PlacedEvent | undefined;
  let limited = false;
  let belowLimit = false;
  for (const event of events) {
    if (event.kind === 'limit') {
      limited = true;
      if (event.position > position) belowLimit = true;
    } else if (event.position < position || (event.position === position && event.kind !== 'last_affected')) {
      const first = event.kind === 'introduced' && event.position < 0;
      if (last === undefined || event.position > last.position || (event.position === last.position && !first)) {
        last = event;
      }
    }
  }
  return last?.kind === 'introduced' && (!limited || belowLimit);
}

/** Sorted, with those together that touch, or that have nothing but the gap between two versions between them. */
function joined(found: [number, number][]): number[] {
  found.sort((a, b) => a[0] - b[0]);
  const stretches: number[] = [];
  for (const [from, to] of found) {
    const last = stretches.length - 1;
    const before = stretches[last];
    const touches = before !== undefined && (from <= before + 1 || (from === before + 2 && before % 2 === 1));
    if (before !== undefined && (touches || stretches.length >= 2 * maxStretches))
      stretches[last] = Math.max(before, to);
    else stretches.push(from, to);
  }
  return stretches;
}
