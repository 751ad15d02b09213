import { rmSync } from 'node:fs';
import { type Environment, proxiesOf } from '../source/proxy.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import type { SourceInfo } from './contract.ts';
import type { CurrentSource } from './current.ts';
import { indexExport } from './export-zip.ts';
import { type FetchLimits, fetchLimits } from './fetch.ts';
import { indexVersion } from './index-format.ts';
import { folderMirror, isUrl, type Mirror, type OpenedExport, urlMirror } from './mirror.ts';
import { parseEcosystemBase } from './names.ts';
import { sourceInfo } from './status.ts';
import {
  type Change,
  isIntact,
  keepIndex,
  makeFolder,
  publish,
  readCurrentLeniently,
  removeLeftovers,
  removeUnfinished,
  storeFolder,
  temporaryPath,
} from './store.ts';

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
  /** Read: `HTTPS_PROXY` and its kin. Absent: no proxy. */
  readonly env?: Environment;
}

/** One ecosystem whose data could not be updated; what was there before stays in force. */
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
  readonly failed: readonly UpdateFailure[];
}

/**
 * Brings the stored advisories up to date. All that succeeded comes into force together, at the end; an ecosystem that
 * failed keeps its old data. Stopped at any moment, it leaves everything as it was.
 * @throws SluiceError when nothing can be done at all: offline, no such place, a cache folder that can't be written.
 */
export async function updateAdvisories(options: UpdateOptions): Promise<UpdateResult> {
  const folder = storeFolder(options.cacheDir);
  const mirror = openMirror(options, folder);
  makeFolder(folder);
  report(options, { step: 'list', ecosystem: '', done: 0, total: 0 });
  const names = await chosen(options, mirror);
  const known = new Map(readCurrentLeniently(folder).map((source) => [source.ecosystem, source]));
  const changes: Change[] = [];
  const failed: UpdateFailure[] = [];
  for (const [done, ecosystem] of names.entries()) {
    const at = { ecosystem, done, total: names.length };
    try {
      const tell = (step: 'download' | 'index', bytes?: number) =>
        report(options, bytes === undefined ? { ...at, step } : { ...at, step, bytes });
      changes.push(await updateOne({ folder, mirror, ecosystem, known: known.get(ecosystem), now: options.now, tell }));
      report(options, { ...at, step: 'done' });
    } catch (thrown) {
      failed.push({ ecosystem, error: failureOf(thrown, ecosystem) });
      report(options, { ...at, step: 'failed' });
    }
  }
  return finish(options, folder, names.length, changes, failed);
}

/** Removes what an update of this process left when it was interrupted; what was in force stays so. */
export function discardUpdate(cacheDir: string): void {
  removeUnfinished(storeFolder(cacheDir));
}

interface Task {
  readonly folder: string;
  readonly mirror: Mirror;
  readonly ecosystem: string;
  readonly known: CurrentSource | undefined;
  readonly now: () => Date;
  tell(step: 'download' | 'index', bytes?: number): void;
}

async function updateOne(task: Task): Promise<Change> {
  const { folder, ecosystem, known, tell } = task;
  // Data that is damaged, or of another format, is made anew even when the export is the same.
  const usable = known && known.indexVersion === indexVersion && isIntact(folder, known.digest) ? known : undefined;
  tell('download', 0);
  const zip = await task.mirror.open(ecosystem, usable?.validator, (bytes) => tell('download', bytes));
  if (zip === 'unchanged') return checked(usable!, usable?.validator, task.now());
  try {
    if (usable?.export === zip.digest) return checked(usable, zip.validator, task.now());
    tell('index');
    return { kind: 'replaced', source: await buildIndex(task, zip) };
  } finally {
    zip.close();
  }
}

async function buildIndex(task: Task, zip: OpenedExport): Promise<CurrentSource> {
  const paths = { index: temporaryPath(task.folder), spool: temporaryPath(task.folder) };
  try {
    const { meta, digest, size } = await indexExport(task.ecosystem, zip, paths);
    keepIndex(task.folder, paths.index, digest);
    const { validator } = zip;
    return {
      ...meta,
      digest,
      size,
      checkedAt: task.now().toISOString(),
      origin: 'osv-export',
      indexVersion,
      ...(validator ? { validator } : {}),
    };
  } finally {
    rmSync(paths.spool, { force: true });
    rmSync(paths.index, { force: true });
  }
}

function checked(known: CurrentSource, validator: CurrentSource['validator'], now: Date): Change {
  const { validator: _, ...rest } = known;
  const source = { ...rest, checkedAt: now.toISOString(), ...(validator ? { validator } : {}) };
  return { kind: 'checked', source };
}

function finish(
  options: UpdateOptions,
  folder: string,
  total: number,
  changes: readonly Change[],
  failed: readonly UpdateFailure[],
): UpdateResult {
  report(options, { step: 'publish', ecosystem: '', done: total, total });
  const current = changes.length > 0 ? publish(folder, changes, options.now()) : readCurrentLeniently(folder);
  if (failed.length === 0) removeLeftovers(folder, options.now());
  const named = (kind: Change['kind']) => changes.filter((one) => one.kind === kind).map((one) => one.source.ecosystem);
  return { sources: current.map(sourceInfo), replaced: named('replaced'), unchanged: named('checked'), failed };
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

async function chosen(options: UpdateOptions, mirror: Mirror): Promise<string[]> {
  const named = options.ecosystems ?? [];
  if (named.length === 0) return mirror.ecosystems();
  return [...new Set(named.map(parseEcosystemBase))].sort(compareText);
}

/** Whatever went wrong with one ecosystem is told with it; the others go on. */
function failureOf(thrown: unknown, ecosystem: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const code = (thrown as { code?: unknown }).code;
  if (typeof code !== 'string') throw thrown;
  return new SluiceError('advisory/update-failed', `the advisories of ${ecosystem}: ${code}`);
}

function report(options: UpdateOptions, progress: UpdateProgress): void {
  options.onProgress?.(progress);
}
