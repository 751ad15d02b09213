import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { buildChanged, entryOf, mismatch } from './by-changes.ts';
import { compareStamps, isRecordId } from './change-list.ts';
import { changesIn, isOfOther, maxChanged } from './changes.ts';
import type { CurrentSource } from './current.ts';
import { DataBuild } from './data-build.ts';
import { type ExportEntry, type ExportItem, readExportDirectory, readItem } from './export-zip.ts';
import { type FetchedRecords, fetchRecords } from './fetch-records.ts';
import type { OpenedExport } from './mirror.ts';
import type { PackStamp } from './pack-format.ts';
import type { PackReader } from './pack-reader.ts';
import type { ReadList } from './read-change-list.ts';
import type { Change } from './store.ts';
import { checked, replaced, type UpdateTask } from './update-task.ts';

/** So many of the records that the list has a later time for are fetched first: they tell whether the export is behind. */
const olderAsked = 200;

/** What is there when a whole export is asked for. */
export interface Before {
  readonly usable: CurrentSource | undefined;
  /** The list of changes, read whole. */
  readonly list?: ReadList | undefined;
  /** The records in force. */
  readonly reader?: PackReader;
  note?(why: SluiceError): void;
}

/**
 * Updates by the whole export of one ecosystem.
 * @throws SluiceError when it can't be had or is unreadable.
 */
export async function updateByExport(task: UpdateTask, before: Before): Promise<Change> {
  const { mirror, ecosystem, tell, now } = task;
  const { usable, list, reader } = before;
  // Without a pack of the data in force, one is made even when the export is the same.
  const known = list && !reader ? undefined : usable?.validator;
  const zip = await mirror.open(ecosystem, known, (bytes) => tell('download', bytes));
  if (zip === 'unchanged') return sameExport(task, before);
  try {
    const how = { export: zip.digest, validator: zip.validator };
    if (!list && usable?.export === zip.digest) return checked(usable, how, now());
    return await task.inTurn(async () => {
      tell('index');
      return list ? buildListed(task, zip, list, before) : build(task, zip, usable);
    });
  } finally {
    zip.close();
  }
}

/**
 * The export is that of before; where the list tells of changes all the same, they are taken as far as they are there.
 * @throws SluiceError `advisory/list-mismatch` when neither can be what is current
 */
async function sameExport(task: UpdateTask, { usable, list, reader }: Before): Promise<Change> {
  const { ecosystem, mirror, now } = task;
  if (!list || !reader) return checked(usable!, {}, now());
  const packed = reader.stamps();
  const { changed: named, deleted } = changesIn(list, packed);
  if (isOfOther(list, packed.stamps)) throw mismatch(ecosystem, `${sameAsBefore}, and names other records`);
  if (named.size > maxChanged) throw mismatch(ecosystem, `${sameAsBefore}, and ${named.size} records changed`);
  const keys = [...named.keys()].filter(isRecordId);
  const fetched = await fetchRecords(mirror.changes!, ecosystem, keys, () => {});
  const absent = keys.filter((key) => fetched.get(key) === 'absent');
  const changed = new Map(named);
  // What the export has stays as it was; without the list's tag the next update asks again.
  for (const key of absent) if (packed.stamps.has(key)) changed.delete(key);
  const read = absent.length + deleted.size === 0 ? list : { ...list, validator: undefined };
  if (changed.size === 0) return checked(usable!, { listValidator: read.validator }, now());
  const made = { changed, deleted: new Set<string>(), fetched };
  const change = await buildChanged(task, { usable: usable!, reader }, read, made);
  if (!change) throw mismatch(ecosystem, `${sameAsBefore}, and two records have one id`);
  return change;
}

const sameAsBefore = 'the export is that of before';

async function build(task: UpdateTask, zip: OpenedExport, usable: Before['usable']): Promise<Change> {
  const made = new DataBuild(task.ecosystem, task.folder, false);
  try {
    for (const { key, entry } of readExportDirectory(task.ecosystem, zip.source)) {
      await made.add({ key, stamp: '', late: 0, ...readItem(zip.source, entry) });
    }
    return replaced(made.finish(undefined), { export: zip.digest, validator: zip.validator }, usable, task.now());
  } finally {
    made.close();
  }
}

async function buildListed(
  task: UpdateTask,
  zip: OpenedExport,
  read: ReadList,
  { usable, note }: Before,
): Promise<Change> {
  const { ecosystem } = task;
  const entries = readExportDirectory(ecosystem, zip.source);
  const missing = missingFrom(entries, read);
  if (missing === undefined) {
    note?.(mismatch(ecosystem, 'it and the export name different records'));
    return build(task, zip, usable);
  }
  const made = new DataBuild(ecosystem, task.folder, true);
  try {
    const older: ExportEntry[] = [];
    for (const { key, entry } of entries) {
      const item = readItem(zip.source, entry);
      const { stamp } = stampIn(read, key);
      if (stamp !== '' && isOlder(item, stamp)) older.push({ key, entry });
      else await made.add({ key, stamp, late: 0, ...item });
    }
    const { fetched, settled } = await fetchLater(task, zip, { read, older, missing, note });
    for (const { key, entry } of older) {
      const found = entryOf(stampIn(read, key), newer(readItem(zip.source, entry), fetched.get(key)));
      await made.add(settled ? { ...found, late: 0 } : found);
    }
    for (const key of missing) await made.add(entryOf(stampIn(read, key), fetched.get(key)));
    // Of two records with one id the first counts, and these came in another order than in the export.
    if (made.ambiguous && older.length + missing.length > 0) return await build(task, zip, usable);
    const built = made.finish({ size: read.size, sorted: read.list.sorted });
    const how = { export: zip.digest, validator: zip.validator, listValidator: read.validator };
    return replaced(built, how, usable, task.now());
  } finally {
    made.close();
  }
}

/** What the list says more of than the export has. */
interface Later {
  readonly read: ReadList;
  readonly older: readonly ExportEntry[];
  readonly missing: readonly string[];
  readonly note: Before['note'];
}

/**
 * Fetches what is missing and what is older. `settled`: of many that are older, the latest are no newer where they stand
 * alone, so that the list counts from another moment than the records, and there is nothing to wait for.
 */
async function fetchLater(
  task: UpdateTask,
  zip: OpenedExport,
  { read, older, missing, note }: Later,
): Promise<{ fetched: FetchedRecords; settled: boolean }> {
  const latest = [...older].sort(
    (a, b) => compareStamps(stampIn(read, b.key).stamp, stampIn(read, a.key).stamp) || compareText(a.key, b.key),
  );
  const keysOf = (some: readonly ExportEntry[]) => some.map(({ key }) => key).filter(isRecordId);
  const first = latest.slice(0, olderAsked);
  const fetched = await fetchSome(task, [...keysOf(first), ...missing.filter(isRecordId)], note);
  if (older.length <= olderAsked || fetched.size === 0) return { fetched, settled: false };
  const isBehind = first.some(({ key, entry }) => {
    const own = readItem(zip.source, entry);
    return newer(own, fetched.get(key)) !== own;
  });
  if (!isBehind || older.length > maxChanged) return { fetched, settled: !isBehind };
  const rest = await fetchSome(task, keysOf(latest.slice(olderAsked)), note);
  return { fetched: new Map([...fetched, ...rest]), settled: false };
}

/** What the list names and the export doesn't have; undefined when they have little in common. */
function missingFrom(entries: readonly ExportEntry[], read: ReadList): string[] | undefined {
  const there = new Set(entries.map(({ key }) => key));
  const missing = [...read.list.stamps.keys()].filter((key) => !there.has(key)).sort(compareText);
  return missing.length > maxChanged || isOfOther(read, there) ? undefined : missing;
}

function stampIn({ list }: ReadList, key: string): PackStamp {
  return { key, stamp: list.stamps.get(key) ?? '', late: 0 };
}

function isOlder({ record }: ExportItem, stamp: string): boolean {
  return record !== undefined && compareStamps(record.modified, stamp) < 0;
}

/** The record of the export stands unless the single one is later. */
function newer(own: ExportItem, fetched: ExportItem | 'absent' | undefined): ExportItem {
  if (typeof fetched !== 'object' || !fetched.record || !own.record) return own;
  return compareStamps(own.record.modified, fetched.record.modified) < 0 ? fetched : own;
}

/** What can't be fetched now is late, and fetched by the next update. */
async function fetchSome(task: UpdateTask, keys: readonly string[], note: Before['note']): Promise<FetchedRecords> {
  try {
    return await fetchRecords(task.mirror.changes!, task.ecosystem, keys, () => {});
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    note?.(thrown);
    return new Map();
  }
}
