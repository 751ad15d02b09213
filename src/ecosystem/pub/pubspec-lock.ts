import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { packageLimit, type Records, startsWithDigit, usableField } from './records.ts';
import { type YamlLine, yamlLines } from './yaml-lines.ts';

/** One package as far as its block was read. */
interface Entry {
  readonly name: string;
  dependency?: string;
  source?: string;
  version?: string;
  sha256?: string;
}

const sha256Length = 64;
const hexadecimal = /^[0-9a-f]{64}$/;

/**
 * What a pubspec.lock names (dart.dev, glossary, "Lockfile"): `packages`, a block for each. A package of the source tree
 * (`source: path`) is a part of the application; of those that are fetched for others' sake, none is marked as only for
 * development.
 * @throws SluiceError `pub/unreadable` when it isn't one.
 */
export function readPubspecLock(bytes: Buffer): Records {
  const text = bytes.toString('utf8');
  const records: PackageRecord[] = [];
  let known = false;
  let inPackages = false;
  let entry: Entry | undefined;
  for (const line of yamlLines(text)) {
    if (line.depth <= 2) {
      keep(entry, records);
      entry = undefined;
      if (records.length > packageLimit) return { records: records.slice(0, packageLimit), full: true };
    }
    if (line.depth === 0) {
      inPackages = line.key === 'packages';
      known ||= inPackages || line.key === 'sdks' || line.key === 'sdk';
    } else if (inPackages && line.depth === 2) {
      entry = { name: line.key };
    } else if (entry !== undefined) {
      readField(entry, line);
    }
  }
  keep(entry, records);
  if (!known && text.trim() !== '') throw new SluiceError('pub/unreadable', 'this is not a pubspec.lock');
  return records.length > packageLimit
    ? { records: records.slice(0, packageLimit), full: true }
    : { records, full: false };
}

function readField(entry: Entry, { depth, key, value }: YamlLine): void {
  if (depth === 4) {
    if (key === 'dependency' || key === 'source' || key === 'version') entry[key] = value;
  } else if (depth === 6 && key === 'sha256') {
    entry.sha256 = value.toLowerCase();
  }
}

function keep(entry: Entry | undefined, records: PackageRecord[]): void {
  if (entry === undefined) return;
  const { name, version, sha256 } = entry;
  if (!usableField(name) || !usableField(version) || !startsWithDigit(version)) return;
  const hashed = sha256 !== undefined && sha256.length === sha256Length && hexadecimal.test(sha256);
  records.push({
    name,
    version,
    presence: entry.source === 'path' ? 'application' : 'declared',
    ...(hashed ? { hashes: [`sha256:${sha256}`] } : {}),
    ...(entry.dependency === 'direct dev' ? { dev: true } : {}),
  });
}
