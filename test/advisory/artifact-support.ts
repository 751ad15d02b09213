import { hash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import type { ArtifactSource, Signer } from '../../src/advisory/artifact/contract.ts';
import { type Given, giveArtifact } from '../../src/advisory/artifact/give.ts';
import { LayoutSink } from '../../src/advisory/artifact/layout-sink.ts';
import { LayoutSource } from '../../src/advisory/artifact/layout-source.ts';
import { type Taken, type TakeOptions, takeArtifact } from '../../src/advisory/artifact/take.ts';
import type { FeedId } from '../../src/advisory/contract.ts';
import { encodeFoot, encodeHead, feedVersion, footLength, headLength } from '../../src/advisory/feed/feed-format.ts';
import { publish } from '../../src/advisory/store.ts';
import { filePath, storeFolder } from '../../src/advisory/store-files.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import { openFile } from '../../src/source/file.ts';
import { SluiceError } from '../../src/util/error.ts';
import { file, tar } from '../support/tar-writer.ts';
import { exportFolder, fixtureExport, noon, scratch, update } from './support.ts';

/** A cache with the fixtures' data and one feed, as it was updated at a time. */
export async function builder(
  at = noon,
  content: Parameters<typeof exportFolder>[0] = fixtureExport(),
): Promise<string> {
  const cache = scratch();
  await update(exportFolder(content), cache, { now: () => at });
  return cache;
}

/** Puts a feed without entries in force. */
export function addFeed(cache: string, id: FeedId, at = noon): void {
  const bytes = emptyFeed(id);
  const digest = digestOfHex(hash('sha256', bytes));
  writeFileSync(filePath(storeFolder(cache), digest, 'feed'), bytes);
  const checkedAt = at.toISOString();
  const count = { records: 0, unreadable: 0, unreadableNames: [] };
  const feed = { id, ...count, newest: '', digest, size: bytes.length, feedVersion, checkedAt };
  publish(storeFolder(cache), [{ kind: 'replaced', feed }], at);
}

function emptyFeed(id: FeedId): Buffer {
  const foot = { tableOffset: headLength, blocks: 0, keysLength: 0, tableCrc: 0, records: 0 };
  return Buffer.concat([encodeHead(id), encodeFoot({ ...foot, fileSize: headLength + footLength })]);
}

/** The archive that an export makes, and what it says of itself. */
export async function exported(cache: string, signer?: Signer): Promise<{ bytes: Buffer; given: Given }> {
  const pieces: Buffer[] = [];
  const sink = new LayoutSink((piece) => pieces.push(Buffer.from(piece)));
  const given = await giveArtifact(sink, {
    cacheDir: cache,
    version: '9.8.7',
    parallel: 1,
    ...(signer ? { signer } : {}),
  });
  sink.finish();
  return { bytes: Buffer.concat(pieces), given };
}

/** The files of an archive by name, read by another reader than sluice's. */
export async function filesIn(bytes: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const archive = extract();
  archive.end(bytes);
  for await (const entry of archive) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    files.set(entry.header.name, Buffer.concat(pieces));
  }
  return files;
}

/** How a test takes data: at noon of the next hour, all of it, unsigned. */
function options(cacheDir: string, more: Partial<TakeOptions> = {}): TakeOptions {
  return { cacheDir, ecosystems: [], allowOlder: false, now: () => new Date(noon.getTime() + 3_600_000), ...more };
}

/** Takes from a source, and closes it. */
export async function takeFrom(source: ArtifactSource, cache: string, more: Partial<TakeOptions> = {}): Promise<Taken> {
  try {
    return await takeArtifact(source, options(cache, more));
  } finally {
    source.close();
  }
}

/** Imports an archive. */
export async function imported(bytes: Buffer, cache: string, more: Partial<TakeOptions> = {}): Promise<Taken> {
  const path = join(scratch(), 'data.tar');
  writeFileSync(path, bytes);
  return takeFrom(new LayoutSource(openFile(path, 'data.tar'), 'data.tar'), cache, more);
}

/** The code and message with which it fails; undefined when it does not. */
export async function failure(run: Promise<unknown>): Promise<string | undefined> {
  try {
    await run;
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return `${thrown.code}: ${thrown.message}`;
  }
}

/** Everything in a store: what an import that is refused must leave as it was, and without anything half-written. */
export function storeOf(cache: string): Record<string, string> {
  const folder = storeFolder(cache);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), hash('sha256', readFileSync(path))];
    }),
  );
}

/** A layer to forge. */
export interface ForgedLayer {
  mediaType: string;
  digest: string;
  size: number;
  annotations: Record<string, string>;
}

/** An artifact taken apart; what a test changes is put together again with digests that are right. */
export interface Forgery {
  snapshot: { sources: Record<string, unknown>[]; feeds: Record<string, unknown>[] } & Record<string, unknown>;
  manifest: { layers: ForgedLayer[]; config: Record<string, unknown> } & Record<string, unknown>;
  /** Blobs by digest. */
  blobs: Map<string, Buffer>;
  /** The bytes of the snapshot, in place of what it becomes. */
  config?: Buffer;
}

/** `sha256:` and the hash of bytes. */
export function sha256(bytes: Buffer): string {
  return `sha256:${hash('sha256', bytes)}`;
}

/** Packs bytes as the layer of a forgery's first ecosystem, with digests and sizes that are right. */
export function replaceFirst(forgery: Forgery, unpacked: Buffer, packed = gzipSync(unpacked)): void {
  const [layer] = forgery.manifest.layers;
  const [source] = forgery.snapshot.sources;
  Object.assign(layer!, { digest: sha256(packed), size: packed.length });
  Object.assign(layer!.annotations, {
    'vnd.sluice.data.file.digest': sha256(unpacked),
    'vnd.sluice.data.file.size': String(unpacked.length),
  });
  Object.assign(source!, { digest: sha256(unpacked), size: unpacked.length });
  forgery.blobs.set(sha256(packed), packed);
}

/** An archive like the exported one, but for what a test changes. */
export async function forged(archive: Buffer, change: (forgery: Forgery) => void): Promise<Buffer> {
  const files = await filesIn(archive);
  const blobs = new Map(
    [...files].filter(([name]) => name.startsWith('blobs/')).map(([, bytes]) => [sha256(bytes), bytes]),
  );
  const index = JSON.parse(files.get('index.json')!.toString()) as { manifests: { digest: string; size: number }[] };
  const manifest = JSON.parse(blobs.get(index.manifests[0]!.digest)!.toString()) as Forgery['manifest'];
  const snapshot = JSON.parse(blobs.get(String(manifest.config.digest))!.toString()) as Forgery['snapshot'];
  const forgery: Forgery = { snapshot, manifest, blobs };
  change(forgery);
  const config = forgery.config ?? Buffer.from(`${JSON.stringify(snapshot, null, 1)}\n`);
  Object.assign(manifest.config, { digest: sha256(config), size: config.length });
  const bytes = Buffer.from(JSON.stringify(manifest));
  for (const blob of [config, bytes]) blobs.set(sha256(blob), blob);
  index.manifests[0] = { ...index.manifests[0], digest: sha256(bytes), size: bytes.length };
  return tar(
    file('oci-layout', files.get('oci-layout')),
    file('index.json', JSON.stringify(index)),
    ...[...blobs].map(([digest, blob]) => file(`blobs/sha256/${digest.slice(7)}`, blob)),
  );
}
