import type { AffectedRange, RangeEvent } from '../../model/advisory.ts';
import { follows, nextEvent } from '../range.ts';
import type { Sides } from '../sides.ts';

/** Why a range holds a version, or doesn't, in words; by the same walk as matching (OSV schema, "Evaluation"). */
export function rangeWords(range: AffectedRange, sides: Sides, holds: boolean): string {
  return holds ? holdsWords(range, sides) : misses(range, sides);
}

function holdsWords(range: AffectedRange, sides: Sides): string {
  const { version, order } = sides;
  const from = lastBefore(range, sides)?.version ?? '0';
  const limit = limitsOf(range).filter((bound) => bound !== '*');
  const below = limit.length > 0 ? `, below the limit ${limit.join(' or ')}` : '';
  return `${version} is in the range from ${from} ${endOf(range, sides)}${below} (${order.id} order)`;
}

/** Where the stretch of affected versions ends. */
function endOf(range: AffectedRange, sides: Sides): string {
  const end = nextEvent(range, ['fixed', 'last_affected'], sides);
  if (end === undefined) return 'on, without an end';
  return end.kind === 'fixed' ? `until fixed ${end.version}` : `up to ${end.version}, the last affected one`;
}

function misses(range: AffectedRange, sides: Sides): string {
  const { version, order } = sides;
  const last = lastBefore(range, sides);
  if (last === undefined) return tooOld(range, sides);
  if (last.kind === 'introduced') {
    return `${version} is not below the limit ${limitsOf(range).join(' or ')} of the range (${order.id} order)`;
  }
  const next = nextEvent(range, ['introduced'], sides);
  const again = next === undefined ? '' : `; it comes back in ${next.version}`;
  if (last.kind === 'last_affected') {
    return `the last affected version is ${last.version}, and ${version} is newer${again} (${order.id} order)`;
  }
  if (last.version === '0') return `never affected: the fix is in 0, before every version${again}`;
  if (last.version === version) return `${version} is the version that fixes it${again}`;
  return `fixed in ${last.version}, and ${version} is not older${again} (${order.id} order)`;
}

function tooOld(range: AffectedRange, sides: Sides): string {
  const { version, order } = sides;
  const first = nextEvent(range, ['introduced'], sides);
  if (first === undefined) return 'the range names no version that brought the flaw in';
  return `${version} is older than ${first.version}, which brought the flaw in (${order.id} order)`;
}

/** The last event before the version, or at it: it says whether the version is affected. */
function lastBefore(range: AffectedRange, sides: Sides): RangeEvent | undefined {
  let last: RangeEvent | undefined;
  for (const event of range.events) {
    if (event.kind === 'limit') continue;
    const at = sides.of(event.version);
    if (at > 0 || (at === 0 && event.kind === 'last_affected')) continue;
    if (last === undefined || follows(event, last, sides.order)) last = event;
  }
  return last;
}

function limitsOf(range: AffectedRange): string[] {
  return range.events.filter(({ kind }) => kind === 'limit').map(({ version }) => version);
}
