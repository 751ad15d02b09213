import { type Dirent, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a cache folder is: one machine's own, or one that machines share. */
export type CacheKind = 'own' | 'shared';

/** What may stay. */
export interface PruneRules {
  /** What was neither written nor found for longer goes, in milliseconds. */
  readonly keepMs: number;
  /** Then the oldest go, until the rest has at most so many bytes. */
  readonly maxBytes: number;
}

/** What went and what stayed. */
export interface PrunedCache {
  readonly removed: { readonly files: number; readonly bytes: number };
  readonly kept: { readonly files: number; readonly bytes: number };
}

/** What somebody is writing is this old at most, in milliseconds; else who wrote it is gone. */
const writingMs = 3_600_000;
/** What a file takes on a disk at least, in bytes: most entries are small. */
const blockBytes = 4096;

/** Folders that sluice keeps entries in; `true`: one folder a version of the analyzer below them. */
const ownFolders: Readonly<Record<string, boolean>> = {
  surveys: true,
  images: true,
  evidence: false,
  beside: false,
  unpacked: false,
  seen: false,
  policy: false,
};
const versionName = /^[0-9a-f]{16}$/;
const entryName = /^[0-9a-f]{64}(?:-[0-9a-f]{32})?(?:\.\d{1,10}-\d{1,10}\.tmp)?$/;
const sharedName = /^s\d{1,3}-[0-9a-f]{16}-(?:open|[0-9a-f]{16})-[0-9a-f]{64}(?:\.[0-9a-f]{24}\.tmp)?$/;

interface Entry {
  readonly path: string;
  readonly bytes: number;
  readonly writtenMs: number;
}

/**
 * Removes entries that are old, or too many, from a cache folder, beside any number of processes that use it: what is
 * gone is found out again. Nothing is touched whose name is not one of ours, and no link is followed: the folder that is
 * named may be the wrong one. The advisory data has its own keeping.
 */
export function pruneCache(folder: string, kind: CacheKind, rules: PruneRules, now: Date): PrunedCache {
  const entries = kind === 'own' ? ownEntries(folder) : entriesIn(folder, sharedName);
  // By name where the moments are the same, as in what was unpacked at once: the same folder loses the same entries.
  entries.sort((a, b) => a.writtenMs - b.writtenMs || (a.path < b.path ? -1 : 1));
  let left = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const removed = { files: 0, bytes: 0 };
  for (const entry of entries) {
    const ageMs = now.getTime() - entry.writtenMs;
    const unfinished = entry.path.endsWith('.tmp');
    if (unfinished ? ageMs < writingMs : ageMs <= rules.keepMs && left <= rules.maxBytes) continue;
    if (!remove(entry.path)) continue;
    left -= entry.bytes;
    removed.files++;
    removed.bytes += entry.bytes;
  }
  if (kind === 'own') removeEmptyVersions(folder);
  return { removed, kept: { files: entries.length - removed.files, bytes: left } };
}

function ownEntries(folder: string): Entry[] {
  return Object.entries(ownFolders).flatMap(([name, versions]) => {
    const below = join(folder, name);
    if (!versions) return entriesIn(below, entryName);
    return versionsIn(below).flatMap((version) => entriesIn(join(below, version), entryName));
  });
}

function versionsIn(folder: string): string[] {
  return list(folder).flatMap((entry) => (entry.isDirectory() && versionName.test(entry.name) ? [entry.name] : []));
}

function entriesIn(folder: string, names: RegExp): Entry[] {
  const entries: Entry[] = [];
  for (const found of list(folder)) {
    if (!found.isFile() || !names.test(found.name)) continue;
    const path = join(folder, found.name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) continue;
    const bytes = Math.ceil(stat.size / blockBytes) * blockBytes;
    entries.push({ path, bytes, writtenMs: stat.mtimeMs });
  }
  return entries;
}

/** A folder that is not there, or may not be read, has nothing that could go; nor has a link to one. */
function list(folder: string): Dirent[] {
  try {
    if (!lstatSync(folder).isDirectory()) return [];
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function remove(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** A version of the analyzer that is no longer used leaves its folder. */
function removeEmptyVersions(folder: string): void {
  for (const [name, versions] of Object.entries(ownFolders)) {
    if (!versions) continue;
    for (const version of versionsIn(join(folder, name))) {
      try {
        rmdirSync(join(folder, name, version));
      } catch {
        // There is something in it.
      }
    }
  }
}
