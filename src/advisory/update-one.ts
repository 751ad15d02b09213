import { SluiceError } from '../util/error.ts';
import { updateByChanges } from './by-changes.ts';
import { updateByExport } from './by-export.ts';
import type { CurrentSource } from './current.ts';
import { indexVersion } from './index-format.ts';
import { type OpenedPack, openPack } from './pack-reader.ts';
import type { ReadList } from './read-change-list.ts';
import type { Change } from './store.ts';
import { filePath, isIntact } from './store-files.ts';
import type { UpdateTask } from './update-task.ts';

/** What became of one ecosystem. */
export interface UpdatedOne {
  readonly change: Change;
  /** What didn't work on the way and was made good: to be told, since it costs. */
  readonly notes: readonly SluiceError[];
}

/**
 * Brings one ecosystem up to date, by the records that changed where the place and the data allow it, else by the whole
 * export.
 * @throws SluiceError when neither works.
 */
export async function updateOne(task: UpdateTask): Promise<UpdatedOne> {
  const { folder, known } = task;
  // Data that is damaged, or of another format, is made anew even when the export is the same.
  const usable =
    known && known.indexVersion === indexVersion && isIntact(folder, known.digest, 'index') ? known : undefined;
  const { changes } = task.mirror;
  task.tell('download', 0);
  if (!changes) return { change: await updateByExport(task, { usable }), notes: [] };
  const pack =
    usable?.pack && isIntact(folder, usable.pack, 'pack') ? openPack(filePath(folder, usable.pack, 'pack')) : undefined;
  try {
    return await byUrl(task, usable, pack);
  } finally {
    pack?.close();
  }
}

async function byUrl(
  task: UpdateTask,
  usable: CurrentSource | undefined,
  pack: OpenedPack | undefined,
): Promise<UpdatedOne> {
  const notes: SluiceError[] = [];
  const tried = usable && pack ? { usable, reader: pack.reader } : undefined;
  const change = tried && (await noting(notes, () => updateByChanges(task, tried)));
  if (change) return { change, notes };
  // A list that can't be read is not better for being asked for again.
  const list = notes.some(isOfList) ? undefined : await noting(notes, () => wholeList(task));
  const known = {
    usable,
    list,
    ...(tried && !notes.some(isOfPack) ? { reader: tried.reader } : {}),
    note: (why: SluiceError) => notes.push(why),
  };
  return { change: await updateByExport(task, known), notes };
}

/** The whole list, which must be read before the export: what changes in between is then in the next one's changes. */
async function wholeList({ mirror, ecosystem, tell }: UpdateTask): Promise<ReadList | undefined> {
  const read = await mirror.changes?.list(ecosystem, { known: undefined, onBytes: (bytes) => tell('download', bytes) });
  return typeof read === 'object' ? read : undefined;
}

function isOfList({ code }: SluiceError): boolean {
  return code === 'advisory/list-malformed';
}

function isOfPack({ code }: SluiceError): boolean {
  return code === 'advisory/pack-damaged';
}

/** What the whole export can make good is noted; where there is no connection, or no room, it can't. */
async function noting<T>(notes: SluiceError[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || isHopeless(thrown)) throw thrown;
    notes.push(thrown);
    return undefined;
  }
}

const hopeless = new Set(['advisory/cache-unwritable', 'advisory/download', 'advisory/proxy', 'advisory/tls']);

function isHopeless({ code }: SluiceError): boolean {
  return hopeless.has(code);
}
