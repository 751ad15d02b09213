import { hash } from 'node:crypto';
import { lstatSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfHex, hexOf } from '../model/digest.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { type Current, decodeSnapshot, encodeSnapshot, maxCurrentBytes, snapshotDigest } from './current.ts';
import {
  fileKinds,
  filePath,
  makeFolder,
  partPrefix,
  readSmallFile,
  replaceFile,
  temporaryPrefix,
} from './store-files.ts';

/*
 * A snapshot is all data at one moment: a small file that names indexes and feeds. It stays for some time after it went
 * out of force, and with it all that it names, so that a scan can be repeated with the data of then.
 */

/** For so long, in milliseconds, what went out of force is kept unless more is asked for: a scan that began before may still use it. */
export const defaultKeepMs = 24 * 60 * 60 * 1000;

/**
 * For so long at least stays what went out of force, and a file that nothing names, whatever is asked for: a scan that
 * began before uses it, and an update names its files some time after it made them.
 */
const leastKeepMs = 10 * 60 * 1000;
/** For so long what is being written or downloaded stays: what is older has nobody who goes on with it. */
const unfinishedKeepMs = 24 * 60 * 60 * 1000;

const suffix = '.json';
/** `sha256:` and at least so many digits name a snapshot, as long as no other begins with them. */
const shortest = 8;

/** One snapshot that is kept. */
export interface Snapshot {
  readonly digest: Digest;
  readonly data: Current;
  /** When it was last in force, or came into it, in milliseconds. */
  readonly usedMs: number;
}

/** Writes the snapshot of what is about to be in force; must be done before it is. */
export function keepSnapshot(folder: string, current: Current): void {
  makeFolder(join(folder, 'snapshots'));
  replaceFile(folder, join('snapshots', `${hexOf(snapshotDigest(current))}${suffix}`), encodeSnapshot(current));
}

/** The time for which a snapshot is kept counts from the moment in which it goes out of force. */
export function touchSnapshot(folder: string, current: Current, now: Date): void {
  try {
    utimesSync(snapshotPath(folder, hexOf(snapshotDigest(current))), now, now);
  } catch {
    // It was never kept, or is gone already: nothing to keep.
  }
}

/** The snapshots that are kept and whole, the latest first. What is damaged counts as absent. */
export function listSnapshots(folder: string): Snapshot[] {
  const found = snapshotNames(folder).flatMap((hex) => {
    const snapshot = readSnapshot(folder, hex);
    return snapshot ? [snapshot] : [];
  });
  return found.sort((a, b) => b.usedMs - a.usedMs || compareText(a.digest, b.digest));
}

/**
 * The snapshot that a digest names, or the first digits of one.
 * @throws SluiceError `advisory/no-snapshot` when none is kept that it names, or several.
 */
export function findSnapshot(folder: string, text: string): Snapshot {
  const wanted = text.replace(/^sha256:/, '');
  if (!/^[0-9a-f]{1,64}$/.test(wanted) || wanted.length < shortest) {
    throw noSnapshot(`${JSON.stringify(text.slice(0, 100))} names no snapshot: sha256: and ${shortest} digits or more`);
  }
  const names = snapshotNames(folder).filter((hex) => hex.startsWith(wanted));
  if (names.length > 1) throw noSnapshot(`${names.length} snapshots of the data begin with ${wanted}`);
  const snapshot = names[0] === undefined ? undefined : readSnapshot(folder, names[0]);
  if (!snapshot) throw noSnapshot(`no snapshot of the data with the digest ${wanted.slice(0, 12)} is kept here`);
  return snapshot;
}

function noSnapshot(message: string): SluiceError {
  return new SluiceError('advisory/no-snapshot', message, 'sluice db status shows the snapshots that are kept');
}

function snapshotNames(folder: string): string[] {
  const form = /^[0-9a-f]{64}\.json$/;
  const names = namesIn(join(folder, 'snapshots'));
  return names.filter((name) => form.test(name)).map((name) => name.slice(0, -suffix.length));
}

/** What is in a folder; nothing when it isn't there. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A snapshot is believed only when its content has the digest that names it. */
function readSnapshot(folder: string, hex: string): Snapshot | undefined {
  try {
    const path = snapshotPath(folder, hex);
    const bytes = readSmallFile(path, maxCurrentBytes);
    if (!bytes || hash('sha256', bytes) !== hex) return undefined;
    return { digest: digestOfHex(hex), data: decodeSnapshot(bytes), usedMs: lstatSync(path).mtimeMs };
  } catch {
    return undefined;
  }
}

function snapshotPath(folder: string, hex: string): string {
  return join(folder, 'snapshots', `${hex}${suffix}`);
}

/** What was removed. */
export interface Pruned {
  readonly snapshots: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Removes snapshots that have been out of force for longer than `keepMs`, and every file that then nothing names. Whatever
 * is asked for, a file stays as long as an update that is about to name it, or a scan that has begun, may need it.
 */
export function prune(folder: string, current: Current, now: Date, keepMs: number): Pruned {
  const before = (ms: number): number => now.getTime() - ms;
  const { kept, removed } = pruneSnapshots(folder, current, before(Math.max(keepMs, leastKeepMs)));
  const named = new Set([current, ...kept].flatMap((data) => filesOf(folder, data)));
  let files = 0;
  let bytes = 0;
  for (const name of namesIn(folder)) {
    if (!isOurs(name) || named.has(join(folder, name))) continue;
    const size = removeOld(join(folder, name), before(keepMsOf(name, keepMs)));
    if (size === undefined) continue;
    files++;
    bytes += size;
  }
  return { snapshots: removed, files, bytes };
}

/** Removes the snapshots that were in force last before a moment, the damaged ones among them; returns the data of the others. */
function pruneSnapshots(folder: string, current: Current, before: number): { kept: Current[]; removed: number } {
  const inForce = hexOf(snapshotDigest(current));
  const kept: Current[] = [];
  let removed = 0;
  for (const hex of snapshotNames(folder)) {
    const snapshot = readSnapshot(folder, hex);
    // It may have come into force again since it was read: the time is looked at once more.
    const isGone = hex !== inForce && removeOld(snapshotPath(folder, hex), before) !== undefined;
    if (isGone) removed++;
    else if (snapshot) kept.push(snapshot.data);
  }
  return { kept, removed };
}

/** How long a file stays that nothing names, in milliseconds. No snapshot names a pack: only an update that runs reads it. */
function keepMsOf(name: string, keepMs: number): number {
  if (name.startsWith(temporaryPrefix) || name.startsWith(partPrefix)) return unfinishedKeepMs;
  return name.endsWith('.pack') ? leastKeepMs : Math.max(keepMs, leastKeepMs);
}

function filesOf(folder: string, { sources, feeds }: Current): string[] {
  return [
    ...sources.map(({ digest }) => filePath(folder, digest, 'index')),
    ...sources.flatMap(({ pack }) => (pack ? [filePath(folder, pack, 'pack')] : [])),
    ...feeds.map(({ digest }) => filePath(folder, digest, 'feed')),
  ];
}

function isOurs(name: string): boolean {
  return (
    name.startsWith(temporaryPrefix) ||
    name.startsWith(partPrefix) ||
    fileKinds.some((kind) => name.endsWith(`.${kind}`) && /^[0-9a-f]{64}\./.test(name))
  );
}

/** The size of a file that was removed, being older than a moment; undefined when it is too young, gone, or not ours to remove. */
function removeOld(path: string, before: number): number | undefined {
  try {
    const { mtimeMs, size } = lstatSync(path);
    if (mtimeMs >= before) return undefined;
    rmSync(path, { force: true });
    return size;
  } catch {
    // It stays until the next time.
    return undefined;
  }
}
