import { rmSync } from 'node:fs';
import { type Digest, digestOf } from '../../model/digest.ts';
import { SluiceError } from '../../util/error.ts';
import { updateHint } from '../contract.ts';
import { type Current, encodeSnapshot } from '../current.ts';
import { feedVersion } from '../feed/feed-format.ts';
import { indexVersion } from '../index-format.ts';
import { readCurrent } from '../read-current.ts';
import { filePath, storeFolder, temporaryPath } from '../store-files.ts';
import type { ArtifactSink, Part, PartName, Signer } from './contract.ts';
import { partKey } from './contract.ts';
import { encodeManifest } from './manifest.ts';
import { packFile } from './pack.ts';
import { eachOf } from './parallel.ts';
import { leaveSignature } from './signatures.ts';

/** How many layers are packed and left at once. */
const parallel = 3;

/** What is asked when the data is given away. */
export interface GiveOptions {
  readonly cacheDir: string;
  /** sluice's own version, told to those who can't read the data. */
  readonly version: string;
  readonly signer?: Signer;
  /** Layers that may be left at the same time; one, where what is written is one file. */
  readonly parallel?: number;
  readonly onProgress?: (progress: { readonly name: string; readonly done: number; readonly total: number }) => void;
}

/** What was given away. */
export interface Given {
  readonly manifest: Digest;
  readonly snapshot: Digest;
  readonly layers: number;
  /** Layers that were not there yet. */
  readonly movedLayers: number;
  /** Bytes that were moved: layers, snapshot, signature, manifests. */
  readonly movedBytes: number;
}

/** A file of the data in force. */
interface StoredFile {
  readonly of: PartName;
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Gives away all data in force: layers first, then the signature, and at last the manifest that names them, so that
 * whoever pulls meanwhile sees the old artifact or the new one, whole and signed.
 * @throws SluiceError `advisory/nothing-to-give`, `advisory/index-damaged`, and what the sink throws
 */
export async function giveArtifact(sink: ArtifactSink, options: GiveOptions): Promise<Given> {
  const folder = storeFolder(options.cacheDir);
  const current = readCurrent(folder);
  if (!current || current.sources.length === 0) {
    throw new SluiceError('advisory/nothing-to-give', 'there is no vulnerability data here', updateHint);
  }
  const files = filesOf(folder, current);
  const { parts, movedLayers, layerBytes } = await giveLayers(sink, folder, files, options);
  const config = encodeSnapshot(current);
  const snapshot = { digest: digestOf(config), size: config.length };
  let movedBytes = layerBytes + (await sink.putBlob({ ...snapshot, from: config }));
  const created = [...current.sources, ...current.feeds].reduce(
    (latest, { checkedAt }) => (checkedAt > latest ? checkedAt : latest),
    '',
  );
  const manifest = encodeManifest({ snapshot, parts, created, version: options.version });
  if (options.signer) movedBytes += await leaveSignature(sink, digestOf(manifest), options.signer);
  await sink.putManifest(manifest);
  movedBytes += manifest.length;
  return { manifest: digestOf(manifest), snapshot: snapshot.digest, layers: parts.length, movedLayers, movedBytes };
}

/** The files in force. Of another format they would be of no use to anybody. @throws SluiceError `advisory/index-damaged` */
function filesOf(folder: string, { sources, feeds }: Current): StoredFile[] {
  const old = [
    ...sources.filter((source) => source.indexVersion !== indexVersion).map(({ ecosystem }) => ecosystem),
    ...feeds.filter((feed) => feed.feedVersion !== feedVersion).map(({ id }) => `the feed ${id}`),
  ];
  if (old.length > 0) {
    const why = `the data of ${old[0]} was made by another version of sluice`;
    throw new SluiceError('advisory/index-damaged', why, updateHint);
  }
  return [
    ...sources.map(({ ecosystem, digest, size }): StoredFile => {
      return { of: { kind: 'ecosystem', name: ecosystem }, path: filePath(folder, digest, 'index'), digest, size };
    }),
    ...feeds.map(({ id, digest, size }): StoredFile => {
      return { of: { kind: 'feed', name: id }, path: filePath(folder, digest, 'feed'), digest, size };
    }),
  ];
}

interface GivenLayers {
  readonly parts: readonly (Omit<Part, 'packed'> & { readonly packed: { digest: Digest; size: number } })[];
  readonly movedLayers: number;
  readonly layerBytes: number;
}

async function giveLayers(
  sink: ArtifactSink,
  folder: string,
  files: readonly StoredFile[],
  options: GiveOptions,
): Promise<GivenLayers> {
  let done = 0;
  const given = await eachOf(files, options.parallel ?? parallel, async (file) => {
    const { of, digest, size } = file;
    options.onProgress?.({ name: partKey(of), done, total: files.length });
    const path = temporaryPath(folder);
    try {
      const packed = await packFile(file.path, file, path);
      const moved = await sink.putBlob({ ...packed, from: { path } });
      done++;
      return { part: { of, digest, size, packed }, moved };
    } finally {
      rmSync(path, { force: true });
    }
  });
  const moved = given.map((one) => one.moved);
  return {
    parts: given.map(({ part }) => part),
    movedLayers: moved.filter((bytes) => bytes > 0).length,
    layerBytes: moved.reduce((sum, bytes) => sum + bytes, 0),
  };
}
