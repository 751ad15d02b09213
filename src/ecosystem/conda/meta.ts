import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { baseName, cleanPath, dirName, escapesRoot } from '../../util/path.ts';
import type { ClaimedFile, OwnershipReader } from '../contract.ts';
import {
  archiveHashes,
  channelName,
  type Identity,
  isHex,
  neededNames,
  recordOf,
  splitDistribution,
  usableField,
} from './identity.ts';

/** Largest record (bytes) that is read: it lists a package's files, of which some have fifty thousand. */
const sizeLimit = 64 * 1024 * 1024;

/** Whether a path is that of conda's record of an installed package: `<environment>/conda-meta/<name>-<version>-<build>.json`. */
export function isMeta(path: string): boolean {
  if (!path.endsWith('.json')) return false;
  const folder = path.lastIndexOf('/');
  const start = folder - 'conda-meta'.length;
  return start >= 0 && path.startsWith('conda-meta', start) && (start === 0 || path.charCodeAt(start - 1) === 0x2f);
}

/**
 * The package that a record describes; undefined when the file is none (another tool's settings).
 * @throws SluiceError `json/…` when it isn't JSON, `conda/unreadable` when it has no name and version.
 */
export function readMeta(file: ClaimedFile): PackageRecord | undefined {
  const meta = asRecord(parseJson(file.bytes));
  const identity = meta && identityOf(meta);
  if (meta === undefined || identity === undefined) {
    if (namedIdentity(file.path) === undefined && meta?.name === undefined) return undefined;
    throw new SluiceError('conda/unreadable', "the package's record has no usable name and version");
  }
  return recordOf(identity, 'installed', {
    license: asString(meta.license),
    hashes: archiveHashes(meta.sha256, meta.md5),
    needs: neededNames(asArray(meta.depends) ?? []),
  });
}

/** What the record's own name says, for when its content says nothing: emptying the file hides no package. */
export function namedIdentity(path: string): Identity | undefined {
  const identity = splitDistribution(baseName(path).slice(0, -'.json'.length));
  const digit = identity?.version.charCodeAt(0) ?? 0;
  return digit >= 0x30 && digit <= 0x39 ? identity : undefined;
}

function identityOf(meta: Record<string, unknown>): Identity | undefined {
  const { name, version } = meta;
  if (!usableField(name) || !usableField(version)) return undefined;
  const channel = asString(meta.channel);
  const subdir = asString(meta.subdir) ?? asString(meta.url)?.split('/').at(-2);
  const build = asString(meta.build) ?? asString(meta.build_string);
  return { name, version, build, subdir, channel: channel && channelName(channel, subdir) };
}

/** The files of an installed package: `files`, and their digests in `paths_data`. Paths are relative to the environment. */
export const metaOwnership: OwnershipReader = {
  limit: sizeLimit,
  claims: isMeta,
  read(file, owns) {
    const meta = metaOf(file.bytes);
    const identity = meta && identityOf(meta);
    if (meta === undefined || identity === undefined) return;
    const prefix = dirName(dirName(file.path));
    const owner = { name: identity.name, version: identity.version };
    const told = new Set<string>();
    const tell = (written: unknown, digest?: string): void => {
      const path = placed(prefix, written);
      if (path === undefined || told.has(path)) return;
      told.add(path);
      owns(owner, path, digest);
    };
    for (const item of asArray(asRecord(meta.paths_data)?.paths) ?? []) {
      const entry = asRecord(item);
      if (entry !== undefined && entry.path_type !== 'directory') tell(entry._path, digestOf(entry));
    }
    for (const path of asArray(meta.files) ?? []) tell(path);
  },
};

function metaOf(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return asRecord(parseJson(bytes));
  } catch {
    return undefined;
  }
}

/** The file's digest as it was installed: conda writes the environment's own path into some, and notes both. */
function digestOf(entry: Record<string, unknown>): string | undefined {
  const isChanged = entry.prefix_placeholder !== undefined;
  const digest = entry.sha256_in_prefix ?? (isChanged ? undefined : entry.sha256);
  return isHex(digest, 64) && entry.path_type !== 'softlink' ? `sha256:${digest.toLowerCase()}` : undefined;
}

/** The clean path in the image; undefined when it leads out of the environment, as no package's file does. */
function placed(prefix: string, written: unknown): string | undefined {
  if (typeof written !== 'string' || written.startsWith('/') || written.includes('\0')) return undefined;
  if (escapesRoot(written)) return undefined;
  const path = cleanPath(written);
  if (path === '') return undefined;
  return prefix === '' ? path : `${prefix}/${path}`;
}
