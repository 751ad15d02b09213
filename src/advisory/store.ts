import { statSync, utimesSync } from 'node:fs';
import { SluiceError } from '../util/error.ts';
import { type Current, type CurrentFeed, type CurrentSource, encodeCurrent, snapshotDigest } from './current.ts';
import { currentName, readCurrentLeniently } from './read-current.ts';
import { keepSnapshot, touchSnapshot } from './snapshots.ts';
import { type FileKind, filePath, makeFolder, replaceFile } from './store-files.ts';
import { inTurn } from './turn.ts';

/** How often publishing is tried again when another update publishes at the same moment. */
const maxPublishRounds = 8;

/**
 * What an update says about one ecosystem or feed. `replaced`: new data; `checked`: the data with this digest is
 * current; `failed`: it could not be brought up to date, and what is in force stays so.
 */
export type Change =
  | { readonly kind: 'replaced' | 'checked' | 'failed'; readonly source: CurrentSource }
  | { readonly kind: 'replaced' | 'checked' | 'failed'; readonly feed: CurrentFeed };

/**
 * Puts the changes in force, all at once. What another update published meanwhile is kept. Updates publish in turn: of two
 * that read the same and write one after the other, the second would undo what the first did. Where there was no turn to
 * be had, we may see our changes missing, and publish again.
 * @throws SluiceError `advisory/cache-unwritable`, `advisory/busy`, `advisory/file-gone`
 */
export function publish(folder: string, changes: readonly Change[], now: Date): Current {
  makeFolder(folder);
  for (let round = 0; round < maxPublishRounds; round++) {
    const current = inTurn(folder, () => publishOnce(folder, changes, now));
    if (changes.every((change) => stands(change, current))) return current;
  }
  throw new SluiceError('advisory/busy', 'other updates of the advisories publish all the time', 'try again later');
}

function publishOnce(folder: string, changes: readonly Change[], now: Date): Current {
  const current = readCurrentLeniently(folder);
  const merged = merge(current, changes);
  claimFiles(folder, changes, merged, now);
  const next = withoutLostPacks(folder, merged);
  touchSuperseded(folder, current, next, now);
  keepSnapshot(folder, next);
  replaceFile(folder, currentName, encodeCurrent(next));
  return readCurrentLeniently(folder);
}

type Item = CurrentSource | CurrentFeed;

function itemOf(change: Change): Item {
  return 'source' in change ? change.source : change.feed;
}

function nameOf(item: Item): string {
  return 'ecosystem' in item ? `ecosystem ${item.ecosystem}` : `feed ${item.id}`;
}

function itemsOf({ sources, feeds }: Current): Map<string, Item> {
  return new Map([...sources, ...feeds].map((item) => [nameOf(item), item]));
}

function merge(current: Current, changes: readonly Change[]): Current {
  const merged = itemsOf(current);
  for (const change of changes) {
    const item = itemOf(change);
    const name = nameOf(item);
    const known = merged.get(name);
    // Another update replaced the data that we found unchanged, or could not change: its data is newer than ours.
    if (change.kind !== 'replaced' && known && known.digest !== item.digest) continue;
    if (change.kind !== 'failed' || !known) merged.set(name, item);
    // Where another update came through meanwhile, that ours did not is no news.
    else if (known.checkedAt === item.checkedAt) merged.set(name, withFailure(known, item));
  }
  const all = [...merged.values()];
  return {
    sources: all.filter((item): item is CurrentSource => 'ecosystem' in item),
    feeds: all.filter((item): item is CurrentFeed => !('ecosystem' in item)),
  };
}

/** All that is known, and that an update failed: another may have learned more of the same data than ours knew. */
function withFailure(known: Item, { failed }: Item): Item {
  return failed ? { ...known, failed } : known;
}

/** Whether the change is in force, or something newer is. */
function stands(change: Change, current: Current): boolean {
  const item = itemOf(change);
  const found = itemsOf(current).get(nameOf(item));
  if (!found) return false;
  if (change.kind === 'failed') return true;
  if (found.digest !== item.digest) return change.kind !== 'replaced' || found.checkedAt >= item.checkedAt;
  return found.checkedAt >= item.checkedAt;
}

/**
 * Files that are about to be named must be there, and must not be taken for old: a prune of another process removes what
 * nothing names, and an update that took long, or that found an old file in the store, names it only now.
 * @throws SluiceError `advisory/file-gone`
 */
function claimFiles(folder: string, changes: readonly Change[], next: Current, now: Date): void {
  const named = itemsOf(next);
  for (const change of changes) {
    const item = itemOf(change);
    if (change.kind === 'failed' || named.get(nameOf(item)) !== item) continue;
    const path = filePath(folder, item.digest, kindOf(item));
    touch(path, now);
    if (item.pack) touch(filePath(folder, item.pack, 'pack'), now);
    if (isThere(path)) continue;
    const what = `the file of the ${nameOf(item)} was removed before it came into force`;
    throw new SluiceError('advisory/file-gone', what, 'run it again');
  }
}

/** Without its pack an ecosystem is as good; the next update only costs more. */
function withoutLostPacks(folder: string, { sources, feeds }: Current): Current {
  const isLost = ({ pack }: CurrentSource) => pack && !isThere(filePath(folder, pack, 'pack'));
  return { sources: sources.map((source) => (isLost(source) ? withoutPack(source) : source)), feeds };
}

function withoutPack({ pack, ...source }: CurrentSource): CurrentSource {
  return source;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function kindOf(item: Item): FileKind {
  return 'ecosystem' in item ? 'index' : 'feed';
}

/** The grace of a file counts from the moment in which it stops being in force, not from its making. */
function touchSuperseded(folder: string, current: Current, next: Current, now: Date): void {
  if (snapshotDigest(current) !== snapshotDigest(next)) touchSnapshot(folder, current, now);
  const after = itemsOf(next);
  for (const [name, item] of itemsOf(current)) {
    const kept = after.get(name);
    if (kept?.digest !== item.digest) touch(filePath(folder, item.digest, kindOf(item)), now);
    if (item.pack && kept?.pack !== item.pack) touch(filePath(folder, item.pack, 'pack'), now);
  }
}

function touch(path: string, now: Date): void {
  try {
    utimesSync(path, now, now);
  } catch {
    // It is gone already, or another user's: the time of its making has to do.
  }
}
