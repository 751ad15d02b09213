import { rmSync } from 'node:fs';
import type { Digest } from '../../model/digest.ts';
import { snapshotDigest } from '../current.ts';
import { FeedReader } from '../feed/feed-reader.ts';
import { IndexReader } from '../index-reader.ts';
import { readCurrentLeniently } from '../read-current.ts';
import { defaultKeepMs, prune } from '../snapshots.ts';
import { publish } from '../store.ts';
import { filePath, isIntact, keepFile, makeFolder, storeFolder, temporaryPath } from '../store-files.ts';
import type { ArtifactSource, Verifier } from './contract.ts';
import { readManifest } from './manifest.ts';
import { unpackPart } from './pack.ts';
import { eachOf } from './parallel.ts';
import { changesOf, type Decision, decide, type Outcome } from './plan.ts';
import { checkSignature } from './signatures.ts';
import { checkVersions, chosenOffers, itemOf, type Offer, offersOf, readSnapshot } from './snapshot.ts';

/** How many layers are fetched at once. */
const parallel = 4;

/** What is asked when data is taken. */
export interface TakeOptions {
  readonly cacheDir: string;
  /** Base names of ecosystems; empty: all that there is. */
  readonly ecosystems: readonly string[];
  /** Without one, signatures are not looked at. */
  readonly verifier?: Verifier;
  /** Takes also what is older than the data in force. */
  readonly allowOlder: boolean;
  /** For so long, in milliseconds, what goes out of force stays. Absent: a day. */
  readonly keepMs?: number;
  readonly now: () => Date;
  /** Bytes of layers so far. */
  readonly onBytes?: (bytes: number) => void;
}

/** One ecosystem or feed that was offered. */
export interface TakenPart {
  readonly name: string;
  readonly outcome: Outcome;
  readonly records: number;
  readonly newest: string;
  /** RFC 3339: of what is in force now. */
  readonly checkedAt: string;
}

/** What was taken. */
export interface Taken {
  readonly manifest: Digest;
  /** The snapshot that was offered. */
  readonly offered: Digest;
  /** The snapshot that is in force now: another one, where not all of it was taken or there was more here. */
  readonly inForce: Digest;
  readonly parts: readonly TakenPart[];
  /** Layers that were fetched, and their bytes. */
  readonly layers: number;
  readonly layerBytes: number;
}

/**
 * Takes the data of an artifact into force, all at once, after all of it was checked; when anything is wrong, or the
 * process ends, the data that was in force stays so. Files that are whole are kept, so that a second try goes on there.
 * @throws SluiceError that says what is wrong
 */
export async function takeArtifact(source: ArtifactSource, options: TakeOptions): Promise<Taken> {
  const folder = storeFolder(options.cacheDir);
  makeFolder(folder);
  const { bytes, digest } = await source.manifest();
  if (options.verifier) await checkSignature(source, digest, options.verifier);
  const manifest = readManifest(bytes);
  const snapshot = readSnapshot(await source.read(manifest.snapshot));
  const offers = chosenOffers(offersOf(manifest, snapshot, options.now()), options.ecosystems);
  checkVersions(offers, manifest.madeBy);
  const wanted = decide(folder, readCurrentLeniently(folder), offers, options.allowOlder).filter(
    ({ outcome }) => outcome !== 'kept',
  );
  const fetched = await fetchMissing(source, folder, wanted, options);
  return finish(folder, { offers, fetched: new Set(wanted.map(({ offer }) => offer)) }, options, {
    manifest: digest,
    offered: manifest.snapshot.digest,
    ...fetched,
  });
}

/**
 * Another update may have published meanwhile: what it put in force counts, too. What was not fetched, because what was in
 * force was newer, can't come into force now, whatever became of that.
 */
function finish(
  folder: string,
  { offers, fetched }: { readonly offers: readonly Offer[]; readonly fetched: ReadonlySet<Offer> },
  { allowOlder, keepMs, now }: TakeOptions,
  so: Pick<Taken, 'manifest' | 'offered' | 'layers' | 'layerBytes'>,
): Taken {
  const before = readCurrentLeniently(folder);
  const decisions = decide(folder, before, offers, allowOlder).map((decision): Decision => {
    return fetched.has(decision.offer) ? decision : { ...decision, outcome: 'kept' };
  });
  const changes = changesOf(decisions, before, allowOlder);
  const current = changes.length > 0 ? publish(folder, changes, now()) : before;
  prune(folder, current, now(), keepMs ?? defaultKeepMs);
  const checked = new Map([
    ...current.sources.map(({ ecosystem, checkedAt }) => [ecosystem, checkedAt] as const),
    ...current.feeds.map(({ id, checkedAt }) => [`the feed ${id}`, checkedAt] as const),
  ]);
  const parts = decisions.map(({ offer, outcome }): TakenPart => {
    const { records, newest, checkedAt } = itemOf(offer);
    return { name: offer.name, outcome, records, newest, checkedAt: checked.get(offer.name) ?? checkedAt };
  });
  return { ...so, inForce: snapshotDigest(current), parts };
}

async function fetchMissing(
  source: ArtifactSource,
  folder: string,
  wanted: readonly Decision[],
  options: TakeOptions,
): Promise<{ layers: number; layerBytes: number }> {
  let layers = 0;
  let layerBytes = 0;
  const onBytes = (bytes: number): void => {
    layerBytes += bytes;
    options.onBytes?.(layerBytes);
  };
  await eachOf(wanted, parallel, async ({ offer }) => {
    if (isKept(folder, offer)) return;
    await fetchPart(source, folder, offer, onBytes);
    layers++;
  });
  return { layers, layerBytes };
}

/** Whether the file is in the store already, whole and of the right ecosystem. */
function isKept(folder: string, offer: Offer): boolean {
  const kind = 'source' in offer ? 'index' : 'feed';
  const { digest } = itemOf(offer);
  if (!isIntact(folder, digest, kind)) return false;
  checkFile(filePath(folder, digest, kind), offer);
  return true;
}

async function fetchPart(
  source: ArtifactSource,
  folder: string,
  offer: Offer,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const path = temporaryPath(folder);
  try {
    await unpackPart(await source.open(offer.part.packed), offer.part, path, onBytes);
    checkFile(path, offer);
    keepFile(folder, path, itemOf(offer).digest, 'source' in offer ? 'index' : 'feed');
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * The file must be what a look-up will find: an index of this ecosystem, or this feed, that can be opened.
 * @throws SluiceError `advisory/index-damaged`, `advisory/feed-damaged`
 */
function checkFile(path: string, offer: Offer): void {
  if ('source' in offer) new IndexReader(path, offer.source.ecosystem).close();
  else new FeedReader(path, offer.feed.id).close();
}
