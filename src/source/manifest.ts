import { type Digest, parseDigest } from '../model/digest.ts';
import type { HistoryLine, ImageConfig, Platform } from '../model/image.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString, parseJson, repeatsMembers } from '../util/json.ts';
import { redactCommand } from '../util/redact.ts';
import { parseRunConfig } from './run-config.ts';

/** Largest manifest, index or configuration that is read, in bytes; registries have the same limit for manifests. */
export const maxManifestBytes = 4 * 1024 * 1024;

/** Most layers of one image, far above what any runtime mounts. */
export const maxLayers = 4096;

/** Longest command of a layer that is shown, in characters. */
const longestCommand = 4096;

/** What points to a blob (OCI content descriptor). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly artifactType?: string;
}

/** An index or a manifest, read. */
export type Manifest =
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] }
  | {
      readonly kind: 'manifest';
      readonly config: Descriptor;
      readonly layers: readonly Descriptor[];
      readonly annotations: Readonly<Record<string, unknown>>;
    };

/** Reads an index or manifest; told apart by what they hold, for the media type may be absent. @throws SluiceError `manifest/...` */
export function parseManifest(bytes: Buffer, what: string): Manifest {
  const json = spelled(readPlainJson(bytes, what), manifestKeys, what);
  if (!json) throw malformed(what, 'is not a JSON object');
  const manifests = asArray(json.manifests);
  // Whoever reads the same bytes as the other kind would run another image (CVE-2021-41190).
  if (manifests && (json.layers !== undefined || json.config !== undefined)) {
    throw malformed(what, 'is an image index and an image manifest at once');
  }
  if (manifests) return { kind: 'index', manifests: manifests.map((item) => parseDescriptor(item, what)) };
  if (json.schemaVersion === 1) {
    throw new SluiceError(
      'manifest/schema-1',
      `${what} is of Docker's schema 1, which is no longer in use`,
      'push the image again',
    );
  }
  const layers = asArray(json.layers);
  if (!layers || json.config === undefined) throw malformed(what, 'is neither an image index nor an image manifest');
  if (layers.length > maxLayers)
    throw malformed(what, `has ${layers.length} layers; ${maxLayers} is the most that is read`);
  return {
    kind: 'manifest',
    config: parseDescriptor(json.config, what),
    layers: layers.map((item) => parseDescriptor(item, what)),
    annotations: asRecord(json.annotations) ?? {},
  };
}

function parseDescriptor(value: unknown, what: string): Descriptor {
  const json = spelled(value, descriptorKeys, what);
  if (!json) throw malformed(what, 'holds a descriptor that is not an object');
  const size = json.size;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw malformed(what, 'holds a descriptor without a size');
  }
  const platform = parsePlatformObject(json.platform, what);
  const artifactType = asString(json.artifactType);
  return {
    mediaType: asString(json.mediaType) ?? '',
    digest: parseDigest(json.digest),
    size,
    annotations: asRecord(json.annotations) ?? {},
    ...(platform ? { platform } : {}),
    ...(artifactType ? { artifactType } : {}),
  };
}

function parsePlatformObject(value: unknown, what: string): Platform | undefined {
  const json = spelled(value, platformKeys, what);
  const os = asString(json?.os);
  const architecture = asString(json?.architecture);
  if (!os || !architecture) return undefined;
  const variant = asString(json?.variant);
  return { os, architecture, ...(variant ? { variant } : {}) };
}

/** Reads an image configuration. @throws SluiceError `config/...` */
export function parseConfig(bytes: Buffer): ImageConfig {
  const what = 'the image configuration';
  const json = spelled(readPlainJson(bytes, what), configKeys, what);
  const diffIds = asArray(spelled(json?.rootfs, rootfsKeys, what)?.diff_ids);
  if (!json || !diffIds) {
    throw new SluiceError('config/malformed', 'the image configuration has no list rootfs.diff_ids');
  }
  if (json.history !== undefined && json.history !== null && !asArray(json.history)) {
    throw new SluiceError('config/malformed', "the image configuration's history is not a list");
  }
  const platform = parsePlatformObject(json, what) ?? { os: 'linux', architecture: 'unknown' };
  return {
    platform,
    diffIds: diffIds.map(parseDigest),
    history: (asArray(json.history) ?? []).map(parseHistory),
    run: parseRunConfig(spelled(json.config, runKeys, what)),
    created: timeIn(json.created),
  };
}

/** A date and time with its zone (RFC 3339 section 5.6); anything else counts as absent. */
function timeIn(value: unknown): string {
  const text = asString(value) ?? '';
  const isTime = text.length <= 40 && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  // Go writes the year 1 where a time was never set.
  return isTime && !text.startsWith('0001-') && !Number.isNaN(Date.parse(text)) ? text : '';
}

function parseHistory(value: unknown): HistoryLine {
  const json = spelled(value, historyKeys, 'the image configuration');
  const created = timeIn(json?.created);
  return {
    createdBy: asString(json?.created_by) ?? '',
    empty: json?.empty_layer === true,
    ...(created === '' ? {} : { created }),
  };
}

/** The history line that made each layer, without its secrets; empty lines where the history does not fit the layers. */
export function createdByOf(config: ImageConfig): string[] {
  const lines = config.history.filter((line) => !line.empty);
  if (lines.length !== config.diffIds.length) return config.diffIds.map(() => '');
  return lines.map((line) => redactCommand(line.createdBy.slice(0, longestCommand)));
}

/** Reads JSON on which all readers agree. @throws SluiceError `manifest/malformed` */
export function readPlainJson(bytes: Buffer, what: string): unknown {
  let value: unknown;
  try {
    value = parseJson(bytes, 100);
  } catch (thrown) {
    throw malformed(what, `is ${messageOf(thrown)}`);
  }
  if (repeatsMembers(bytes, value)) throw malformed(what, 'names a member of an object twice');
  return value;
}

const manifestKeys = new Set(['schemaVersion', 'mediaType', 'manifests', 'config', 'layers']);
const descriptorKeys = new Set(['mediaType', 'digest', 'size', 'platform', 'annotations', 'artifactType']);
const platformKeys = new Set(['os', 'architecture', 'variant']);
const configKeys = new Set([...platformKeys, 'rootfs', 'history', 'config', 'created']);
const historyKeys = new Set(['created', 'created_by', 'empty_layer']);
const runKeys = new Set([
  ...['User', 'ExposedPorts', 'Env', 'Entrypoint', 'Cmd', 'Volumes', 'WorkingDir', 'Labels', 'StopSignal'],
  'Healthcheck',
]);
const rootfsKeys = new Set(['diff_ids']);

/**
 * The value as an object, if it is one, whose members are spelled as the specification does. The runtimes (Go's
 * encoding/json) take `Layers` for `layers`, the last one wins: an image that has both would be one here and another there.
 * @throws SluiceError `manifest/malformed`
 */
export function spelled(value: unknown, keys: ReadonlySet<string>, what: string): Record<string, unknown> | undefined {
  const json = asRecord(value);
  if (!json) return undefined;
  const folded = new Map([...keys].map((key) => [fold(key), key]));
  for (const key of Object.keys(json)) {
    const meant = keys.has(key) ? undefined : folded.get(fold(key));
    if (meant !== undefined) throw malformed(what, `spells ${meant} as ${JSON.stringify(key)}`);
  }
  return json;
}

/** One spelling for all that differ in case alone; upper case first, for `\u017f` is an s and `\u212a` a k to Go. */
function fold(key: string): string {
  return key.toUpperCase().toLowerCase();
}

function malformed(what: string, why: string): SluiceError {
  return new SluiceError('manifest/malformed', `${what} ${why}`);
}
