import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfHex, hexOf } from '../model/digest.ts';
import { SluiceError } from '../util/error.ts';
import { type CurrentSource, decodeCurrent, encodeCurrent, maxCurrentBytes } from './current.ts';

/*
 * Below `<cache>/db`: `current.json` names the data in force; `<sha256>.index` is one ecosystem's index and never
 * changes; `.tmp-…` is being written. A file becomes visible by being renamed when it is whole and on the disk, so
 * that at every moment a reader, or whoever comes after a crash, finds either the old data or the new.
 */

const temporaryPrefix = '.tmp-';
/** A process id alone would not do: two containers that share the folder may both be process 1. */
const ownPrefix = `${temporaryPrefix}${process.pid}-${randomUUID()}-`;
const indexSuffix = '.index';
/** For so long a file that nothing names may still be in use: by another update, or a scan that began before this one. */
const graceMs = 24 * 60 * 60 * 1000;
/** How often publishing is tried again when another update publishes at the same moment. */
const maxPublishRounds = 8;

/** What an update says about one ecosystem. `replaced`: new data; `checked`: the data with this digest is current. */
export interface Change {
  readonly kind: 'replaced' | 'checked';
  readonly source: CurrentSource;
}

/** Where the advisories of a cache folder lie. */
export function storeFolder(cacheDir: string): string {
  return join(cacheDir, 'db');
}

/** Where the index with this digest lies. */
export function indexPath(folder: string, digest: Digest): string {
  return join(folder, `${hexOf(digest)}${indexSuffix}`);
}

/** Makes the folder, where it isn't there yet, and checks that it can be written. @throws SluiceError `advisory/cache-unwritable`. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (thrown) {
    throw unwritable(thrown);
  }
}

/** A name for a file that is being written, which no other process uses. */
export function temporaryPath(folder: string): string {
  return join(folder, `${ownPrefix}${randomUUID()}`);
}

/** Removes what this process was writing and will not finish. */
export function removeUnfinished(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (name.startsWith(ownPrefix)) rmSync(join(folder, name), { force: true });
  } catch {
    // What stays is removed by a later update.
  }
}

/**
 * The sources in force; undefined when there are none yet.
 * @throws SluiceError `advisory/current-damaged`.
 */
export function readCurrent(folder: string): CurrentSource[] | undefined {
  let fd: number;
  try {
    fd = openSync(join(folder, 'current.json'), 'r');
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SluiceError('advisory/current-damaged', `the list of advisory sources can't be opened: ${code}`);
  }
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(fd).size, maxCurrentBytes));
    return decodeCurrent(bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)));
  } finally {
    closeSync(fd);
  }
}

/** Like {@link readCurrent}, but what is damaged counts as absent: an update must be able to repair it. */
export function readCurrentLeniently(folder: string): CurrentSource[] {
  try {
    return readCurrent(folder) ?? [];
  } catch {
    return [];
  }
}

/** Gives a finished index its name. The same content has the same name, so that it doesn't matter who comes first. */
export function keepIndex(folder: string, temporary: string, digest: Digest): void {
  renameSync(temporary, indexPath(folder, digest));
}

/** Whether the index file is there and its bytes have the digest: reads it once. */
export function isIntact(folder: string, digest: Digest): boolean {
  let fd: number;
  try {
    fd = openSync(indexPath(folder, digest), 'r');
  } catch {
    return false;
  }
  try {
    return digestOfFile(fd) === digest;
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}

/** The digest of an open file, read from its start in pieces. */
export function digestOfFile(fd: number): Digest {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(1024 * 1024);
  for (let at = 0; ; ) {
    const got = readSync(fd, piece, 0, piece.length, at);
    if (got === 0) return digestOfHex(hash.digest('hex'));
    hash.update(piece.subarray(0, got));
    at += got;
  }
}

/**
 * Puts the changes in force, all at once. There is no lock: what another update published meanwhile is kept, and when
 * one came between our reading and our renaming, we see our changes missing and publish again.
 */
export function publish(folder: string, changes: readonly Change[], now: Date): CurrentSource[] {
  let current = readCurrentLeniently(folder);
  for (let round = 0; round < maxPublishRounds; round++) {
    const next = merge(current, changes);
    touchSuperseded(folder, current, next, now);
    writeCurrent(folder, next);
    current = readCurrentLeniently(folder);
    if (changes.every((change) => stands(change, current))) return current;
  }
  throw new SluiceError('advisory/busy', 'other updates of the advisories publish all the time', 'try again later');
}

/** Removes what crashed updates left behind and indexes that nothing names, once nobody can be using them any more. */
export function removeLeftovers(folder: string, now: Date): void {
  const named = new Set((readCurrent(folder) ?? []).map((source) => `${hexOf(source.digest)}${indexSuffix}`));
  for (const name of readdirSync(folder)) {
    const ours = name.startsWith(temporaryPrefix) || name.endsWith(indexSuffix);
    if (!ours || named.has(name)) continue;
    try {
      const path = join(folder, name);
      if (now.getTime() - lstatSync(path).mtimeMs > graceMs) rmSync(path, { force: true });
    } catch {
      // Another update removed it first, or it isn't ours to remove: it stays until the next time.
    }
  }
}

function merge(current: readonly CurrentSource[], changes: readonly Change[]): CurrentSource[] {
  const merged = new Map(current.map((source) => [source.ecosystem, source]));
  for (const { kind, source } of changes) {
    const known = merged.get(source.ecosystem);
    // Another update replaced the data that we found unchanged: its data is newer than ours.
    if (kind === 'checked' && known && known.digest !== source.digest) continue;
    merged.set(source.ecosystem, source);
  }
  return [...merged.values()];
}

/** Whether the change is in force, or something newer is. */
function stands(change: Change, current: readonly CurrentSource[]): boolean {
  const found = current.find((source) => source.ecosystem === change.source.ecosystem);
  if (!found) return false;
  if (found.digest !== change.source.digest)
    return change.kind === 'checked' || found.checkedAt >= change.source.checkedAt;
  return found.checkedAt >= change.source.checkedAt;
}

/** The grace of an index counts from the moment in which it stops being in force, not from its making. */
function touchSuperseded(folder: string, current: readonly CurrentSource[], next: readonly CurrentSource[], now: Date) {
  const kept = new Set(next.map((source) => source.digest));
  for (const source of current) {
    if (kept.has(source.digest)) continue;
    try {
      utimesSync(indexPath(folder, source.digest), now, now);
    } catch {
      // It is gone already: nothing to keep.
    }
  }
}

function writeCurrent(folder: string, sources: readonly CurrentSource[]): void {
  const temporary = temporaryPath(folder);
  try {
    writeFileSync(temporary, encodeCurrent(sources), { flag: 'wx', mode: 0o600, flush: true });
    syncFolder(folder);
    renameSync(temporary, join(folder, 'current.json'));
    syncFolder(folder);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw unwritable(thrown);
  }
}

function unwritable(thrown: unknown): SluiceError {
  const code = (thrown as { code?: unknown }).code ?? 'unknown error';
  return new SluiceError('advisory/cache-unwritable', `the folder for advisories can't be written: ${code}`);
}

/** A rename is only lasting when the folder is on the disk too; systems that can't do this for folders do without. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // EISDIR, EINVAL or EPERM on some file systems: the rename itself is still atomic.
  }
}
