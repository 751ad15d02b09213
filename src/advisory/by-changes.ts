import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { compareStamps, isRecordId } from './change-list.ts';
import { type Changes, changesIn, isTooMuch, isWholeDue, leavesRest } from './changes.ts';
import type { CurrentSource } from './current.ts';
import { DataBuild } from './data-build.ts';
import type { ExportItem } from './export-zip.ts';
import { type FetchedRecords, fetchRecords } from './fetch-records.ts';
import type { PackEntry, PackStamp } from './pack-format.ts';
import type { PackedStamps, PackReader } from './pack-reader.ts';
import type { ReadList } from './read-change-list.ts';
import type { Change } from './store.ts';
import { checked, replaced, type UpdateTask } from './update-task.ts';

/** So many of the records that the list no longer names are asked for: a list that was cut names few as well. */
const deletionsAsked = 8;

/** The data in force, and the records that it was made from. */
export interface Kept {
  readonly usable: CurrentSource;
  readonly reader: PackReader;
}

/**
 * Updates by the list of changes, and the records that it says have changed. Undefined: the whole export is needed, and
 * nothing is wrong.
 * @throws SluiceError when the list or a record can't be had or believed: the whole export may do.
 */
export async function updateByChanges(task: UpdateTask, { usable, reader }: Kept): Promise<Change | undefined> {
  const { ecosystem, mirror, now, tell } = task;
  let packed: PackedStamps | undefined;
  let rest: ReturnType<typeof leavesRest> | undefined;
  const whole = isWholeDue(usable.checkedAt, now());
  const read = await mirror.changes!.list(ecosystem, {
    known: reader.late > 0 ? undefined : usable.listValidator,
    enough(list, size) {
      packed ??= reader.stamps();
      rest ??= leavesRest(packed, usable.checkedAt);
      return !whole && rest(list, size);
    },
    onBytes: (bytes) => tell('download', bytes),
  });
  if (read === 'unchanged') return checked(usable, {}, now());
  if (read === 'absent') return undefined;
  packed ??= reader.stamps();
  const changes = changesIn(read, packed);
  if (changes.unlisted || isTooMuch(changes, packed.stamps.size)) return undefined;
  // A tag vouches for what was read: of a list that was read in part, the rest has to be asked for another time.
  const known = read.whole ? read : { ...read, validator: undefined };
  if (changes.changed.size + changes.deleted.size === 0) {
    return checked(usable, { listValidator: known.validator }, now());
  }
  const fetched = await fetchChanged(task, changes);
  return buildChanged(task, { usable, reader }, known, { ...changes, fetched });
}

async function fetchChanged({ mirror, ecosystem, tell }: UpdateTask, changes: Changes): Promise<FetchedRecords> {
  const keys = [...changes.changed.keys()].filter(isRecordId);
  const gone = [...changes.deleted].filter(isRecordId).slice(0, deletionsAsked);
  const onBytes = (bytes: number) => tell('download', bytes);
  const fetched = await fetchRecords(mirror.changes!, ecosystem, [...keys, ...gone], onBytes).catch(notTheEnd);
  for (const key of keys) if (fetched.get(key) === 'absent') throw mismatch(ecosystem, `${key} is in it and not there`);
  for (const key of gone) if (fetched.get(key) !== 'absent') throw mismatch(ecosystem, `${key} is there and not in it`);
  return fetched;
}

/** Where a record can't be had, the whole export may: it is another file. */
function notTheEnd(thrown: unknown): never {
  if (thrown instanceof SluiceError && thrown.code === 'advisory/download') {
    throw new SluiceError('advisory/record-download', thrown.message, thrown.hint);
  }
  throw thrown;
}

/** Builds from the kept records without those that changed, and those that were fetched. Undefined: as {@link updateByChanges}. */
export async function buildChanged(
  task: UpdateTask,
  { usable, reader }: Kept,
  { list, size, validator }: ReadList,
  { changed, deleted, fetched }: Omit<Changes, 'unlisted'> & { readonly fetched: FetchedRecords },
): Promise<Change | undefined> {
  return task.inTurn(async () => {
    task.tell('index');
    const build = new DataBuild(task.ecosystem, task.folder, true);
    try {
      for (const entry of reader.entries()) {
        if (!changed.has(entry.key) && !deleted.has(entry.key)) await build.add(entry);
      }
      const isLater = isNextHour(usable.checkedAt, task.now());
      const keys = [...changed.keys()].sort(compareText);
      for (const key of keys) await build.add(entryOf(changed.get(key)!, fetched.get(key), isLater));
      // Of two records with one id the first counts, and these came in another order than in an export.
      if (build.ambiguous) return undefined;
      const built = build.finish({ size, sorted: list.sorted });
      // The zip that the data once came from is not what it is made of any more.
      return replaced(built, { validator: usable.validator, listValidator: validator }, usable, task.now());
    } finally {
      build.close();
    }
  });
}

/** Tries within one hour are one: what stands between here and the server may give out an old answer for as long. */
function isNextHour(checkedAt: string, now: Date): boolean {
  const hourMs = 60 * 60 * 1000;
  return Math.floor(Date.parse(checkedAt) / hourMs) !== Math.floor(now.getTime() / hourMs);
}

/** What is known now under a key that the list names. `isLater`: whether this try is one more than those before. */
export function entryOf(stamp: PackStamp, item: ExportItem | 'absent' | undefined, isLater = true): PackEntry {
  if (!isRecordId(stamp.key)) return { ...stamp, late: 0, why: 'its id in the list of changes is malformed' };
  const late = Math.max(1, stamp.late + (isLater ? 1 : 0));
  if (item === undefined) return { ...stamp, late, why: 'the list of changes names it, and it was not fetched' };
  if (item === 'absent') return { ...stamp, late, why: 'the list of changes names it, and it is not there' };
  // It may be half a file that is being written there, or the page of something in between.
  if (!item.record) return { ...stamp, late, why: item.why };
  const isOld = compareStamps(item.record.modified, stamp.stamp) < 0;
  return { ...stamp, late: isOld ? late : 0, record: item.record };
}

/** A list of changes that contradicts what else is there. */
export function mismatch(ecosystem: string, what: string): SluiceError {
  return new SluiceError('advisory/list-mismatch', `the list of changes of ${ecosystem} can't be right: ${what}`);
}
