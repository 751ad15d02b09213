import type { AffectedRange, RangeEvent } from '../model/advisory.ts';
import type { VersionOrder } from '../version/contract.ts';
import { compareBounds, type Sides } from './sides.ts';

/** Whether a range holds the version of the sides (OSV schema, "Evaluation"): walks its events in the order of versions. */
export function rangeHolds(range: AffectedRange, sides: Sides): boolean {
  let last: RangeEvent | undefined;
  let limited = false;
  let belowLimit = false;
  for (const event of range.events) {
    const at = sides.of(event.version);
    if (event.kind === 'limit') {
      limited = true;
      if (event.version === '*' || at > 0) belowLimit = true;
    } else if (at < 0 || (at === 0 && event.kind !== 'last_affected')) {
      if (last === undefined || follows(event, last, sides.order)) last = event;
    }
  }
  return last?.kind === 'introduced' && (!limited || belowLimit);
}

/**
 * The first version after that of the sides that the range says is fixed. None when the stretch of affected versions that
 * it lies in ends without a fix and the flaw comes back before the next one.
 */
export function fixAfter(range: AffectedRange, sides: Sides): string | undefined {
  const { order } = sides;
  const fix = nextEvent(range, 'fixed', sides);
  if (fix === undefined) return undefined;
  const end = nextEvent(range, 'last_affected', sides);
  if (end === undefined || order.compare(end, fix) >= 0) return fix;
  const again = nextEvent(range, 'introduced', sides);
  return again === undefined || order.compare(again, fix) >= 0 ? fix : undefined;
}

/** The oldest event of one kind that lies after the version; a `last_affected` may be the version itself. */
function nextEvent(range: AffectedRange, kind: RangeEvent['kind'], sides: Sides): string | undefined {
  let next: string | undefined;
  for (const event of range.events) {
    if (event.kind !== kind) continue;
    const at = sides.of(event.version);
    if (at < 0 || (at === 0 && kind !== 'last_affected')) continue;
    if (next === undefined || compareBounds(event.version, next, sides.order) < 0) next = event.version;
  }
  return next;
}

/** Whether `event` comes behind `last` in the sorted walk: by version, then as listed, `introduced: 0` before all. */
function follows(event: RangeEvent, last: RangeEvent, order: VersionOrder): boolean {
  const at = compareBounds(event.version, last.version, order);
  return at > 0 || (at === 0 && !(event.kind === 'introduced' && event.version === '0'));
}
