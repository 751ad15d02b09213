import { type Digest, digestIn } from '../../model/digest.ts';
import { type Descriptor, parseManifest, readPlainJson } from '../../source/manifest.ts';
import { SluiceError } from '../../util/error.ts';
import { asRecord, asString } from '../../util/json.ts';
import { feedIds } from '../contract.ts';
import { maxCurrentBytes } from '../current.ts';
import { isEcosystemBase } from '../names.ts';
import {
  annotation,
  artifactType,
  feedLayerType,
  indexLayerType,
  manifestType,
  maxFileBytes,
  maxLayerBytes,
  maxParts,
  maxTotalBytes,
  type Part,
  type PartName,
  partKey,
  snapshotType,
} from './contract.ts';

/** An artifact's manifest, read: its snapshot is to be held against its parts. */
export interface ArtifactManifest {
  readonly snapshot: Descriptor;
  /** One a name. */
  readonly parts: ReadonlyMap<string, Part>;
  /** The version of the sluice that made it, as it says. */
  readonly madeBy?: string;
}

/** What goes into a manifest. */
export interface ManifestContent {
  readonly snapshot: { readonly digest: Digest; readonly size: number };
  readonly parts: readonly (Omit<Part, 'packed'> & { readonly packed: Pick<Descriptor, 'digest' | 'size'> })[];
  /** RFC 3339. */
  readonly created: string;
  /** sluice's own. */
  readonly version: string;
}

/** A manifest as bytes: the same content is the same bytes. */
export function encodeManifest({ snapshot, parts, created, version }: ManifestContent): Buffer {
  const layers = parts.map(({ of, packed, digest, size }) => ({
    mediaType: of.kind === 'ecosystem' ? indexLayerType : feedLayerType,
    digest: packed.digest,
    size: packed.size,
    annotations: {
      [of.kind === 'ecosystem' ? annotation.ecosystem : annotation.feed]: of.name,
      [annotation.digest]: digest,
      [annotation.size]: String(size),
    },
  }));
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType,
    config: { mediaType: snapshotType, digest: snapshot.digest, size: snapshot.size },
    layers,
    annotations: { [annotation.created]: created, [annotation.version]: version },
  };
  return Buffer.from(JSON.stringify(manifest));
}

/** Reads an artifact's manifest. @throws SluiceError `advisory/not-data`, `advisory/artifact-malformed`, `manifest/...` */
export function readManifest(bytes: Buffer): ArtifactManifest {
  const manifest = parseManifest(bytes, 'the manifest');
  const type = asString(asRecord(readPlainJson(bytes, 'the manifest'))?.artifactType);
  if (manifest.kind === 'index' || type !== artifactType || manifest.config.mediaType !== snapshotType) {
    const what = manifest.kind === 'index' ? 'an image index' : (type ?? manifest.config.mediaType).slice(0, 100);
    throw new SluiceError(
      'advisory/not-data',
      `what is there is ${what || 'of no named type'}, and no vulnerability data of sluice`,
      'make it with sluice db push or sluice db export',
    );
  }
  if (manifest.config.size > maxCurrentBytes) throw malformed('its snapshot is too large');
  if (manifest.layers.length > maxParts) throw malformed(`it has more than ${maxParts} layers`);
  const parts = new Map<string, Part>();
  let total = 0;
  for (const layer of manifest.layers) {
    const part = readPart(layer);
    total += part.size;
    // Of two for one name, one would be checked and the other used.
    if (parts.has(partKey(part.of))) throw malformed(`it has two layers for ${partKey(part.of)}`);
    parts.set(partKey(part.of), part);
  }
  if (total > maxTotalBytes) throw malformed(`its layers unpack to more than ${maxTotalBytes} bytes`);
  const madeBy = versionIn(manifest.annotations[annotation.version]);
  return { snapshot: manifest.config, parts, ...(madeBy ? { madeBy } : {}) };
}

function readPart(packed: Descriptor): Part {
  const of = partNameOf(packed);
  const digest = digestIn(packed.annotations[annotation.digest]);
  const sizeText = packed.annotations[annotation.size];
  const size = typeof sizeText === 'string' && /^\d{1,15}$/.test(sizeText) ? Number(sizeText) : Number.NaN;
  if (digest === undefined || Number.isNaN(size)) {
    throw malformed(`the layer of ${partKey(of)} does not say what it unpacks to`);
  }
  if (size > maxFileBytes || packed.size > maxLayerBytes) throw malformed(`the layer of ${partKey(of)} is too large`);
  return { of, packed, digest, size };
}

/** Only names that could be those of data in force: stops `../x`, which must not become part of anything. */
function partNameOf({ mediaType, annotations }: Descriptor): PartName {
  if (mediaType === indexLayerType) {
    const name = asString(annotations[annotation.ecosystem]);
    if (name !== undefined && isEcosystemBase(name)) return { kind: 'ecosystem', name };
    throw malformed('a layer is of no known ecosystem');
  }
  if (mediaType !== feedLayerType) throw malformed('a layer is neither an index nor a feed');
  const name = feedIds.find((id) => id === annotations[annotation.feed]);
  if (name === undefined) throw malformed('a layer is of no known feed');
  return { kind: 'feed', name };
}

/** Shown to people: nothing but what a version can be. */
function versionIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9A-Za-z.+-]{1,40}$/.test(value) ? value : undefined;
}

/** An artifact that is not what sluice writes. */
export function malformed(why: string): SluiceError {
  return new SluiceError('advisory/artifact-malformed', `the vulnerability data can't be used: ${why}`);
}
