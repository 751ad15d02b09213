import { asArray, asRecord, parseJson } from '../util/json.ts';

/** Bytes of a content manifest that are read; real ones have a few KiB. */
export const contentSetsLimit = 1024 * 1024;

/** Content sets of one manifest at most, and characters of one name. */
const countLimit = 1000;
const nameLimit = 256;

/** What a content manifest says. */
export interface ContentManifest {
  /** Names of the repositories that the layer's packages may be from, sorted, each once: `rhel-9-for-x86_64-baseos-rpms`. */
  readonly contentSets: readonly string[];
  /** The layer that it speaks of, from 0, as its builder counts them. */
  readonly layer?: number;
  /** Whether dnf's own record of where each package is from is to be preferred. */
  readonly fromDnfHint: boolean;
}

/**
 * Whether a path is a content manifest of a Red Hat image: `root/buildinfo/content_manifests/<name-version-release>.json`
 * and `content-sets.json`, which newer builds keep in `usr/share/buildinfo/` as well. `labels.json` and the Dockerfiles
 * beside them name no repository.
 */
export function isContentManifest(path: string): boolean {
  if (!path.endsWith('.json')) return false;
  if (path === 'usr/share/buildinfo/content-sets.json') return true;
  for (const folder of ['root/buildinfo/content_manifests/', 'usr/share/buildinfo/content_manifests/']) {
    if (path.startsWith(folder) && path.indexOf('/', folder.length) < 0) return !path.endsWith('/labels.json');
  }
  return false;
}

/**
 * Reads a content manifest (image content manifest, ICM version 1): `{"metadata": {"image_layer_index": 0},
 * "content_sets": ["…"], "from_dnf_hint": true}`. Undefined when it is none. Never throws.
 */
export function parseContentManifest(bytes: Buffer): ContentManifest | undefined {
  if (bytes.length > contentSetsLimit) return undefined;
  const manifest = readObject(bytes);
  const sets = asArray(manifest?.content_sets);
  if (manifest === undefined || sets === undefined || sets.length > countLimit) return undefined;
  const names = new Set(sets.filter(isName));
  const layer = asRecord(manifest.metadata)?.image_layer_index;
  return {
    contentSets: [...names].sort(),
    ...(Number.isSafeInteger(layer) && Number(layer) >= 0 ? { layer: Number(layer) } : {}),
    fromDnfHint: manifest.from_dnf_hint === true,
  };
}

function readObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return asRecord(parseJson(bytes));
  } catch {
    return undefined;
  }
}

/** Letters, digits, `.`, `-`, `_`, `+` and `:`: a name stands in reports, where another sign could forge a line. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= nameLimit && /^[A-Za-z0-9._+:-]+$/.test(value);
}
