import { bufferAccess } from '../../format/random-access.ts';
import { readZipDirectory, readZipEntry } from '../../format/zip.ts';
import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { packageJsonRecord } from './package-json.ts';
import { placeOf } from './place.ts';

/** What is read of one archive: it holds one package and those that are bundled in it. */
const limits = {
  /** Entries of the archive. */
  entries: 200_000,
  /** Bytes of its directory. */
  directoryBytes: 64 * 1024 * 1024,
  /** Bytes of one package.json. */
  manifestBytes: 4 * 1024 * 1024,
  /** Bytes of all of them, packed or not: entries may overlap. */
  totalBytes: 64 * 1024 * 1024,
} as const;

/**
 * Whether a path is that of an archive in Yarn's cache, from which Plug'n'Play loads packages without unpacking them:
 * `.yarn/cache` of a project, `.yarn/berry/cache` of a user (yarnpkg.com, "cacheFolder" and "globalFolder").
 */
export function isYarnCache(path: string): boolean {
  if (!path.endsWith('.zip')) return false;
  const folder = path.lastIndexOf('/');
  return endsBefore(path, '.yarn/cache', folder) || endsBefore(path, '.yarn/berry/cache', folder);
}

/** Whether `path[0, end)` ends with the folders. */
function endsBefore(path: string, folders: string, end: number): boolean {
  const start = end - folders.length;
  return start >= 0 && path.startsWith(folders, start) && (start === 0 || path.charCodeAt(start - 1) === 0x2f);
}

/**
 * The packages in an archive of Yarn's cache: `node_modules/<name>/package.json`, and below it what is bundled.
 * @throws SluiceError `zip/…` when it isn't a zip, `json/…` and `npm/unreadable` when a package.json can't be read.
 */
export function readYarnCache(bytes: Buffer): PackageRecord[] {
  const source = bufferAccess(bytes);
  const { entries, directoryBytes } = limits;
  const records: PackageRecord[] = [];
  let total = 0;
  for (const entry of readZipDirectory(source, { entries, directoryBytes })) {
    if (!entry.name.endsWith('/package.json') || placeOf(entry.name) !== 'package') continue;
    total += Math.max(entry.size, entry.compressedSize);
    if (total > limits.totalBytes) throw new SluiceError('npm/unreadable', 'the archive holds too much to be read');
    const record = packageJsonRecord(readZipEntry(source, entry, limits.manifestBytes), 'installed');
    if (record !== undefined) records.push({ ...record, inside: `!/${entry.name}` });
  }
  return records;
}
