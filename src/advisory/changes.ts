import { type ChangeList, compareStamps } from './change-list.ts';
import { isLate, type PackStamp } from './pack-format.ts';
import type { PackedStamps } from './pack-reader.ts';
import type { ReadList } from './read-change-list.ts';

/** Up to so many records are fetched one by one; more is a matter for the whole export. */
export const maxChanged = 2000;
/** Or so many of a hundred, */
const maxChangedPercent = 20;
/** where that is more than a few. */
const fewChanged = 20;
/**
 * Once in so long, in milliseconds, the list is read to its end though its start and its length tell of nothing more: a
 * record that changed and got an early time, or two changes that leave the length as it was, would stay hidden.
 */
const wholeEveryMs = 24 * 60 * 60 * 1000;
/** A source that is taken in late gives its records the times of its own changes: so far below what is known is looked, in milliseconds, */
const marginMs = 24 * 60 * 60 * 1000;
/** and no further than this, in bytes of the list: there may be very many changes a day. */
const marginBytes = 64 * 1024;

/** What has to be done so that the records are those of the list. */
export interface Changes {
  /** What the list says of each key that has to be fetched. */
  readonly changed: ReadonlyMap<string, PackStamp>;
  readonly deleted: ReadonlySet<string>;
  /** Whether there are records that the list has never named, of which only the whole export can tell. */
  readonly unlisted: boolean;
}

/** Whether a day has ended since the last check. */
export function isWholeDue(checkedAt: string, now: Date): boolean {
  return Math.floor(Date.parse(checkedAt) / wholeEveryMs) !== Math.floor(now.getTime() / wholeEveryMs);
}

/**
 * Tells of a list that is being read whether the rest can be left: it is older than all that is known, all that should
 * stand above is there, and the length of the list is what the known records and the changes so far make, so that nothing
 * was added below or deleted. `checkedAt`: when the list was last asked for.
 */
export function leavesRest(
  { list: known, stamps }: PackedStamps,
  checkedAt: string,
): (list: ChangeList, size: number) => boolean {
  let newest: string | undefined;
  for (const { stamp } of stamps.values()) {
    // What the list did not name may be named anywhere in it.
    if (stamp === '') return () => false;
    if (newest === undefined || compareStamps(newest, stamp) < 0) newest = stamp;
  }
  if (newest === undefined || !known.sorted) return () => false;
  // One record with a time that lies ahead must not hide all that changes until then.
  const limit = compareStamps(checkedAt, newest) < 0 ? checkedAt : newest;
  return (list, size) =>
    list.sorted && isBelow(list, limit) && lengthOf(list, known.size, stamps) === size && namesAllAbove(list, stamps);
}

function isBelow({ last, bytes }: ChangeList, limit: string): boolean {
  if (compareStamps(last, limit) >= 0) return false;
  return bytes >= marginBytes || Date.parse(last) < Date.parse(limit) - marginMs;
}

/** How long the list is when below what was read nothing changed. */
function lengthOf(list: ChangeList, known: number, stamps: PackedStamps['stamps']): number {
  let length = known;
  for (const [key, stamp] of list.stamps) {
    const before = stamps.get(key)?.stamp;
    length += before === undefined ? stamp.length + key.length + 2 : stamp.length - before.length;
  }
  return length;
}

/** Whether nothing that is later than the last line is missing: such a record would have been deleted, or stand further down. */
function namesAllAbove(list: ChangeList, stamps: PackedStamps['stamps']): boolean {
  for (const { key, stamp } of stamps.values()) {
    if (!list.stamps.has(key) && compareStamps(stamp, list.last) > 0) return false;
  }
  return true;
}

/** What changed since the known records were read. */
export function changesIn({ list, whole }: ReadList, { stamps }: PackedStamps): Changes {
  const changed = new Map<string, PackStamp>();
  for (const [key, stamp] of list.stamps) {
    const known = stamps.get(key);
    const isSame = known !== undefined && known.stamp !== '' && compareStamps(known.stamp, stamp) === 0;
    if (isSame && !isLate(known)) continue;
    changed.set(key, { key, stamp, late: isSame ? known.late : 0 });
  }
  const deleted = new Set<string>();
  let unlisted = false;
  for (const known of stamps.values()) {
    if (list.stamps.has(known.key)) continue;
    if (known.stamp === '') unlisted = true;
    else if (whole) deleted.add(known.key);
    else if (isLate(known)) changed.set(known.key, known);
  }
  return { changed, deleted, unlisted };
}

/** Whether a list names so little of what is known that it must be of something else. */
export function isOfOther({ list }: ReadList, keys: ReadonlySet<string> | ReadonlyMap<string, unknown>): boolean {
  let common = 0;
  for (const key of list.stamps.keys()) if (keys.has(key)) common++;
  return common * 2 < keys.size;
}

/** Whether that is so much that the whole export costs less. */
export function isTooMuch({ changed, deleted }: Changes, known: number): boolean {
  const count = changed.size + deleted.size;
  return changed.size > maxChanged || (count > fewChanged && count * 100 > known * maxChangedPercent);
}
