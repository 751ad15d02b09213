import { asArray, asRecord, parseJson, repeatsMembers } from '../../util/json.ts';
import type { EntryType } from '../tar/contract.ts';
import { decodeName } from '../tar/text.ts';
import { ChunkedBodies } from './chunks.ts';
import type { IndexedEntry } from './contract.ts';
import { inconsistent, wholeNumber } from './numbers.ts';

/** How deep an index nests: entries in a list in an object, with extended attributes of their own. */
const maxDepth = 6;

/** Longest name or target of a link in bytes: as in a tar. */
const maxNameBytes = 4096;

const types = new Map<unknown, EntryType>([
  ['reg', 'file'],
  ['dir', 'dir'],
  ['symlink', 'symlink'],
  ['hardlink', 'hardlink'],
  ['char', 'char'],
  ['block', 'block'],
  ['fifo', 'fifo'],
]);

const members = new Set([
  'type',
  'name',
  'linkName',
  'size',
  'mode',
  'uid',
  'gid',
  'offset',
  'endOffset',
  'innerOffset',
  'digest',
  'chunkSize',
  'chunkOffset',
  'chunkDigest',
]);
const folded = new Set([...members].map(fold));

/**
 * Reads an index (the TOC of eStargz, which zstd:chunked shares) whose chunks all end before the place `dataEnd` of the
 * blob. What a reader in Go could take for something else is refused, as are gaps, overlaps and numbers out of bounds.
 * @throws SluiceError `layer-index/inconsistent`, `json/...`
 */
export function readEntries(bytes: Buffer, dataEnd: number): IndexedEntry[] {
  const json = asRecord(parseJson(bytes, maxDepth));
  const listed = asArray(json?.entries);
  if (!json || !listed || json.version !== 1) throw inconsistent('it has no list of entries of version 1');
  if (repeatsMembers(bytes, json)) throw inconsistent('it names a member twice');
  const bodies = new ChunkedBodies(dataEnd);
  const entries: IndexedEntry[] = [];
  for (const value of listed) {
    const item = itemOf(value);
    if (item.type === 'chunk') {
      bodies.more(item.name, item);
      continue;
    }
    entries.push(readEntry(item, bodies));
  }
  bodies.finish();
  return entries;
}

function readEntry(item: Record<string, unknown>, bodies: ChunkedBodies): IndexedEntry {
  const type = types.get(item.type);
  if (type === undefined) throw inconsistent('it holds an entry of an unknown type');
  // Links, folders and devices have no body, whatever is said of their size.
  const size = type === 'file' ? wholeNumber(item.size) : 0;
  return {
    path: textOf(item.name),
    type,
    size,
    mode: wholeNumber(item.mode) & 0o7777,
    uid: owner(item.uid),
    gid: owner(item.gid),
    link: textOf(item.linkName),
    chunks: bodies.begin(item.name, size, item),
  };
}

/** The runtimes (Go's encoding/json) take `Name` for `name`, the last one wins: such an index is two indexes. */
function itemOf(value: unknown): Record<string, unknown> {
  const item = asRecord(value);
  if (!item) throw inconsistent('it holds an entry that is not an object');
  for (const key in item) {
    if (!members.has(key) && folded.has(fold(key))) throw inconsistent('it spells a member in another way');
  }
  return item;
}

/** One spelling for all that differ in case alone; upper case first, for `\u017f` is an s and `\u212a` a k to Go. */
function fold(key: string): string {
  return key.toUpperCase().toLowerCase();
}

/** A name as the tar would give it. One that was not UTF-8 was lost on the way into JSON, so the tar must be read. */
function textOf(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'string' || value.length > maxNameBytes) throw inconsistent('it holds a name that is none');
  const bytes = Buffer.from(value);
  const text = decodeName(bytes);
  if (bytes.length > maxNameBytes || text.includes('\0') || text.includes('\ufffd')) {
    throw inconsistent('it holds a name that is none');
  }
  return text;
}

/** Owners may be negative: `nobody` is -2 in some places. */
function owner(value: unknown): number {
  return typeof value === 'number' && value < 0 ? -wholeNumber(-value) : wholeNumber(value);
}
