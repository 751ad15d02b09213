import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { packageId, packageLimit, type Records, usableField } from './records.ts';

/** One item of `packages`, as far as it was read. */
interface Item {
  hackage?: string;
  name?: string;
  version?: string;
}

const space = 0x20;

/**
 * What a stack.yaml.lock names (docs.haskellstack.org, "Lock files"): the packages beyond those of the snapshot, each as
 * `completed`, which is `hackage: name-version@sha256:…,size`, or the name and version of what comes from git or an
 * archive. What the snapshot holds isn't listed. The file is scanned by line and not parsed as YAML.
 * @throws SluiceError `hackage/unreadable` when it isn't one.
 */
export function readStackLock(bytes: Buffer): Records {
  const text = bytes.toString('utf8');
  const records: PackageRecord[] = [];
  let known = false;
  let inPackages = false;
  let block = '';
  let item: Item | undefined;
  for (const line of textLines(text)) {
    const depth = contentStart(line);
    if (depth === line.length || line.startsWith('#')) continue;
    if (depth === 0 || line.startsWith('- ')) {
      keep(item, records);
      item = undefined;
      if (records.length > packageLimit) break;
      if (depth === 0) inPackages = line.startsWith('packages:');
      known ||= inPackages || line.startsWith('snapshots:');
      if (inPackages && depth > 0) item = {};
    }
    if (depth === 2) block = line.slice(2).trim();
    else if (depth === 4 && item !== undefined && block === 'completed:') readField(item, line.slice(4));
  }
  keep(item, records);
  if (!known && text.trim() !== '') throw new SluiceError('hackage/unreadable', 'this is not a stack.yaml.lock');
  return { records: records.slice(0, packageLimit), full: records.length > packageLimit };
}

/** Where the line's key begins: behind its spaces, and behind the hyphen of a list's item. */
function contentStart(line: string): number {
  let at = line.startsWith('- ') ? 2 : 0;
  while (line.charCodeAt(at) === space) at++;
  return at;
}

function readField(item: Item, field: string): void {
  const cut = field.indexOf(': ');
  const key = field.slice(0, Math.max(cut, 0));
  if (key === 'hackage' || key === 'name' || key === 'version') item[key] ??= scalar(field.slice(cut + 2));
}

/** A YAML scalar without its quotes. Names and versions hold nothing that would be escaped within. */
function scalar(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed.charAt(0);
  const quoted = trimmed.length >= 2 && (quote === '"' || quote === "'") && trimmed.endsWith(quote);
  return quoted ? trimmed.slice(1, -1) : trimmed;
}

function keep(item: Item | undefined, records: PackageRecord[]): void {
  if (item === undefined) return;
  const { hackage, name, version } = item;
  const at = hackage?.indexOf('@') ?? -1;
  const found = hackage === undefined ? undefined : packageId(at === -1 ? hackage : hackage.slice(0, at));
  if (found !== undefined) records.push({ ...found, presence: 'declared' });
  else if (usableField(name) && usableField(version)) records.push({ name, version, presence: 'declared' });
}
