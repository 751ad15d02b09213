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
 * The first bound that the order doesn't know, where the range could hold the version if that stood elsewhere: such a
 * range says nothing for sure. Undefined when none is needed to tell. Bounds in the range's favour are taken as they may
 * be: an unknown start as before the version, an unknown end as behind it.
 */
export function unknownBound(range: AffectedRange, sides: Sides): string | undefined {
  let unknown: string | undefined;
  let started = false;
  const known: RangeEvent[] = [];
  for (const event of range.events) {
    if (sides.orders(event.version) || (event.kind === 'limit' && event.version === '*')) known.push(event);
    else {
      unknown ??= event.version;
      if (event.kind === 'introduced') started = true;
      else if (event.kind === 'limit') known.push({ kind: 'limit', version: '*' });
    }
  }
  if (unknown === undefined) return undefined;
  const events = started ? [...known.filter(({ kind }) => kind === 'limit'), anyStart] : known;
  return rangeHolds({ type: range.type, events }, sides) ? unknown : undefined;
}

const anyStart: RangeEvent = { kind: 'introduced', version: '0' };

/**
 * The first version after that of the sides that the range says is fixed. None when the stretch of affected versions that
 * it lies in ends without a fix and the flaw comes back before the next one.
 */
export function fixAfter(range: AffectedRange, sides: Sides): string | undefined {
  const { order } = sides;
  const fix = nextEvent(range, ['fixed'], sides)?.version;
  if (fix === undefined) return undefined;
  const end = nextEvent(range, ['last_affected'], sides)?.version;
  if (end === undefined || order.compare(end, fix) >= 0) return fix;
  const again = nextEvent(range, ['introduced'], sides)?.version;
  return again === undefined || order.compare(again, fix) >= 0 ? fix : undefined;
}

/** The oldest event of these kinds that lies after the version; a `last_affected` may be the version itself. */
export function nextEvent(
  range: AffectedRange,
  kinds: readonly RangeEvent['kind'][],
  sides: Sides,
): RangeEvent | undefined {
  let next: RangeEvent | undefined;
  for (const event of range.events) {
    if (!kinds.includes(event.kind)) continue;
    const at = sides.of(event.version);
    if (at < 0 || (at === 0 && event.kind !== 'last_affected')) continue;
    if (next === undefined || compareBounds(event.version, next.version, sides.order) < 0) next = event;
  }
  return next;
}

/** Whether `event` comes behind `last` in the sorted walk: by version, then as listed, `introduced: 0` before all. */
export function follows(event: RangeEvent, last: RangeEvent, order: VersionOrder): boolean {
  const at = compareBounds(event.version, last.version, order);
  return at > 0 || (at === 0 && !(event.kind === 'introduced' && event.version === '0'));
}
