import { statSync } from 'node:fs';
import { type Environment, proxiesOf } from '../source/proxy.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { Gate } from '../util/gate.ts';
import type { SourceInfo } from './contract.ts';
import type { Current } from './current.ts';
import { type FetchLimits, fetchLimits } from './fetch.ts';
import { indexVersion } from './index-format.ts';
import { folderMirror, isUrl, type Mirror, urlMirror } from './mirror.ts';
import { parseEcosystemBase } from './names.ts';
import { releaseParts } from './partial-download.ts';
import { readCurrentLeniently } from './read-current.ts';
import { defaultKeepMs, prune } from './snapshots.ts';
import { sourceInfo } from './source-info.ts';
import { type Change, publish } from './store.ts';
import { filePath, makeFolder, removeUnfinished, storeFolder } from './store-files.ts';
import { updateOne } from './update-one.ts';
import { isYounger } from './young.ts';

/** What an update is doing right now. */
export interface UpdateProgress {
  readonly step: 'list' | 'download' | 'index' | 'done' | 'failed' | 'publish';
  /** Empty for the steps that concern all. */
  readonly ecosystem: string;
  /** How many ecosystems are behind us, and how many there are. */
  readonly done: number;
  readonly total: number;
  /** Bytes downloaded so far. */
  readonly bytes?: number;
}

/** What is asked of an update. */
export interface UpdateOptions {
  /** A folder, or the base URL, of something laid out as the public OSV export. */
  readonly from: string;
  readonly cacheDir: string;
  /** Base names; a release stands for its base. Absent or empty: everything that is offered. */
  readonly ecosystems?: readonly string[];
  /** Forbids every connection: then only a folder will do. */
  readonly offline: boolean;
  readonly now: () => Date;
  readonly onProgress?: (progress: UpdateProgress) => void;
  /** Allows plain http to other machines. */
  readonly allowInsecure?: boolean;
  readonly limits?: Partial<FetchLimits>;
  /** Data that was last known current less long ago, in milliseconds, is left alone. Absent: all is looked at. */
  readonly maxAgeMs?: number;
  /** For how long, in milliseconds, snapshots are kept that are out of force. Absent: 24 hours. */
  readonly keepMs?: number;
  /** Read: `HTTPS_PROXY` and its kin. Absent: no proxy. */
  readonly env?: Environment;
}

/** One ecosystem whose data could not be updated (what was there before stays in force), or only at a higher cost. */
export interface UpdateFailure {
  readonly ecosystem: string;
  readonly error: SluiceError;
}

/** What an update did. It was a success only when `failed` is empty. */
export interface UpdateResult {
  /** Everything in force now, sorted by ecosystem. */
  readonly sources: readonly SourceInfo[];
  readonly replaced: readonly string[];
  /** Checked and found current. */
  readonly unchanged: readonly string[];
  /** Young enough to be left alone. */
  readonly fresh: readonly string[];
  readonly failed: readonly UpdateFailure[];
  /** What didn't work and was made good, such as a list of changes that can't be read. */
  readonly notes: readonly UpdateFailure[];
}

/** How many ecosystems are downloaded at the same time. */
const parallel = 4;

/**
 * Brings the stored advisories up to date, several ecosystems at once. All that succeeded comes into force together, at
 * the end; an ecosystem that failed keeps its old data, with a note that it failed. Stopped at any moment, it leaves
 * everything as it was.
 * @throws SluiceError when nothing can be done at all: offline, no such place, a cache folder that can't be written.
 */
export async function updateAdvisories(options: UpdateOptions): Promise<UpdateResult> {
  const folder = storeFolder(options.cacheDir);
  const named = [...new Set((options.ecosystems ?? []).map(parseEcosystemBase))].sort(compareText);
  const current = readCurrentLeniently(folder);
  const isFresh = freshIn(folder, current, options);
  if (named.length > 0 && named.every(isFresh)) return resultOf(current, { ...nothing, fresh: named });
  const mirror = openMirror(options, folder);
  try {
    makeFolder(folder);
    report(options, { step: 'list', ecosystem: '', done: 0, total: 0 });
    const names = named.length > 0 ? named : await offeredBy(mirror, current);
    if (names instanceof SluiceError) return finish(options, folder, current, failureOfAll(current, names));
    const due = names.filter((name) => !isFresh(name));
    const done = await updateAll(options, { folder, mirror, current }, due);
    return finish(options, folder, current, { ...done, fresh: names.filter(isFresh) });
  } finally {
    mirror.close();
  }
}

/** Removes what an update of this process left when it was interrupted; what was in force stays so, and what was downloaded is gone on with. */
export function discardUpdate(cacheDir: string): void {
  const folder = storeFolder(cacheDir);
  releaseParts(folder);
  removeUnfinished(folder);
}

/** What was done about the ecosystems, before any of it is in force. */
interface Work {
  readonly changes: readonly Change[];
  readonly fresh: readonly string[];
  readonly failed: readonly UpdateFailure[];
  readonly notes: readonly UpdateFailure[];
}

const nothing: Work = { changes: [], fresh: [], failed: [], notes: [] };

interface Place {
  readonly folder: string;
  readonly mirror: Mirror;
  readonly current: Current;
}

async function updateAll(options: UpdateOptions, place: Place, names: readonly string[]): Promise<Work> {
  const known = new Map(place.current.sources.map((source) => [source.ecosystem, source]));
  const [downloads, turns] = [new Gate(parallel), new Gate(1)];
  const found = names.map((): Change[] => []);
  const failed: UpdateFailure[] = [];
  const notes: UpdateFailure[] = [];
  let done = 0;
  let stopped = false;
  const one = async (ecosystem: string, at: number): Promise<void> => {
    const tell = (step: UpdateProgress['step'], bytes?: number) =>
      report(options, { step, ecosystem, done, total: names.length, ...(bytes === undefined ? {} : { bytes }) });
    const inTurn = <T>(work: () => Promise<T>) => turns.run(work);
    try {
      // Known to be current as of the moment in which the place is asked, however long the answer takes.
      const asked = options.now();
      const task = { ...place, ecosystem, known: known.get(ecosystem), now: () => asked, tell, inTurn };
      const { change, notes: own } = await updateOne(task);
      found[at]!.push(change);
      notes.push(...own.map((error) => ({ ecosystem, error })));
      done++;
      tell('done');
    } catch (thrown) {
      failed.push({ ecosystem, error: failureOf(thrown, ecosystem) });
      done++;
      tell('failed');
    }
  };
  const guarded = async (ecosystem: string, at: number): Promise<void> => {
    if (stopped) return;
    try {
      await one(ecosystem, at);
    } catch (thrown) {
      stopped = true;
      throw thrown;
    }
  };
  const all = await Promise.allSettled(names.map((name, at) => downloads.run(() => guarded(name, at))));
  for (const settled of all) if (settled.status === 'rejected') throw settled.reason;
  const byName = (a: UpdateFailure, b: UpdateFailure) => compareText(a.ecosystem, b.ecosystem);
  return { ...nothing, changes: found.flat(), failed: failed.sort(byName), notes: notes.sort(byName) };
}

function finish(options: UpdateOptions, folder: string, before: Current, work: Work): UpdateResult {
  const { changes, failed } = work;
  report(options, { step: 'publish', ecosystem: '', done: changes.length, total: changes.length + failed.length });
  const now = options.now();
  const all = [...changes, ...failed.flatMap((failure) => failedChange(before, failure, now))];
  const current = publishSome(folder, all, now);
  if (failed.length === 0) prune(folder, current, now, options.keepMs ?? defaultKeepMs);
  return resultOf(current, work);
}

/** Where not even a failure can be noted, the failure itself is what has to be told. */
function publishSome(folder: string, changes: readonly Change[], now: Date): Current {
  if (changes.length === 0) return readCurrentLeniently(folder);
  try {
    return publish(folder, changes, now);
  } catch (thrown) {
    if (thrown instanceof SluiceError && changes.every(({ kind }) => kind === 'failed'))
      return readCurrentLeniently(folder);
    throw thrown;
  }
}

function failedChange({ sources }: Current, { ecosystem, error }: UpdateFailure, now: Date): Change[] {
  const source = sources.find((one) => one.ecosystem === ecosystem);
  const failed = { at: now.toISOString(), message: error.message };
  return source ? [{ kind: 'failed', source: { ...source, failed } }] : [];
}

function resultOf(current: Current, { changes, fresh, failed, notes }: Work): UpdateResult {
  const named = (kind: Change['kind']) =>
    changes.flatMap((one) => ('source' in one && one.kind === kind ? [one.source.ecosystem] : []));
  const sources = current.sources.map(sourceInfo);
  return { sources, replaced: named('replaced'), unchanged: named('checked'), fresh, failed, notes };
}

/** Tells which ecosystems have data that is there and young enough. A time that lies ahead says nothing about age. */
function freshIn(folder: string, { sources }: Current, { maxAgeMs, now }: UpdateOptions): (name: string) => boolean {
  if (maxAgeMs === undefined) return () => false;
  const fresh = sources.filter(
    (one) =>
      one.indexVersion === indexVersion &&
      isYounger(one.checkedAt, maxAgeMs, now()) &&
      statSync(filePath(folder, one.digest, 'index'), { throwIfNoEntry: false })?.size === one.size,
  );
  const names = new Set(fresh.map(({ ecosystem }) => ecosystem));
  return (name) => names.has(name);
}

function openMirror(options: UpdateOptions, folder: string): Mirror {
  if (!isUrl(options.from)) return folderMirror(options.from);
  if (options.offline) {
    throw new SluiceError(
      'advisory/offline',
      'offline, advisories are only read from a folder',
      'sluice db update --from FOLDER',
    );
  }
  return urlMirror(options.from, {
    folder,
    limits: { ...fetchLimits, ...options.limits },
    allowInsecure: options.allowInsecure ?? false,
    proxies: proxiesOf(options.env ?? {}),
    now: options.now,
  });
}

/** The names that the place offers; the failure, when it is out of reach and there is data in force. */
async function offeredBy(mirror: Mirror, { sources }: Current): Promise<string[] | SluiceError> {
  try {
    return await mirror.ecosystems();
  } catch (thrown) {
    // A folder that isn't there was named wrongly; a server may be back tomorrow.
    if (!(thrown instanceof SluiceError) || !mirror.changes || sources.length === 0) throw thrown;
    return thrown;
  }
}

function failureOfAll({ sources }: Current, error: SluiceError): Work {
  return { ...nothing, failed: sources.map(({ ecosystem }) => ({ ecosystem, error })) };
}

const causes: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'a file would become larger than is allowed',
  EROFS: 'the file system is read-only',
};

/** Whatever went wrong with one ecosystem is told with it; the others go on. */
function failureOf(thrown: unknown, ecosystem: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const code = (thrown as { code?: unknown }).code;
  if (typeof code !== 'string') throw thrown;
  const cause = Object.hasOwn(causes, code) ? causes[code] : undefined;
  if (cause === undefined) return new SluiceError('advisory/update-failed', `the advisories of ${ecosystem}: ${code}`);
  return new SluiceError(
    'advisory/cache-unwritable',
    `the advisories of ${ecosystem} can't be written: ${cause} (${code})`,
  );
}

function report(options: UpdateOptions, progress: UpdateProgress): void {
  options.onProgress?.(progress);
}
