import { type Digest, digestOf, parseDigest } from '../model/digest.ts';
import type { FailedUpdate } from '../model/evidence.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString } from '../util/json.ts';
import { type FeedInfo, feedIds, type SourceInfo, updateHint } from './contract.ts';
import { isEcosystemBase } from './names.ts';

/** What lets a server say that its file is still the same (RFC 9110, entity tags). */
export interface Validator {
  /** Digest of the URL that the tag came from: the tag means nothing elsewhere, and the URL may hold a secret. */
  readonly url: Digest;
  readonly etag: string;
}

/** What this machine remembers of how it got a file: no part of a snapshot, since another machine got it otherwise. */
export interface LocalState {
  /** Digest of what the file was made from: the export's zip, the feed's file. */
  readonly export?: Digest;
  readonly validator?: Validator;
  /** The records that the index was made from, in a file of their own: absent, only a whole export makes a new index. */
  readonly pack?: Digest;
  /** The tag of the export's list of changes. */
  readonly listValidator?: Validator;
  /** The last update, when it failed. */
  readonly failed?: FailedUpdate;
}

/** The same while it is put together. */
export type LooseLocalState = { readonly [K in keyof LocalState]?: LocalState[K] | undefined };

/** One ecosystem's data in force: what reports say of it, and which index file it is. */
export interface CurrentSource extends Omit<SourceInfo, 'failed'>, LocalState {
  /** Size of the index file in bytes. */
  readonly size: number;
  /** The format of the index file. */
  readonly indexVersion: number;
  /** The first of the records that could not be read, each with what is wrong with it. */
  readonly unreadableNames: readonly string[];
}

/** One feed in force. */
export interface CurrentFeed extends Omit<FeedInfo, 'failed'>, LocalState {
  /** Size of the stored file in bytes. */
  readonly size: number;
  /** The format of the stored file. */
  readonly feedVersion: number;
  /** The first of the entries that could not be read, each with what is wrong with it. */
  readonly unreadableNames: readonly string[];
}

/** All data in force. */
export interface Current {
  /** Sorted by ecosystem. */
  readonly sources: readonly CurrentSource[];
  /** Sorted by id. */
  readonly feeds: readonly CurrentFeed[];
}

const schema = 'sluice-data/v2';
const snapshotSchema = 'sluice-snapshot/v1';

/** The largest file of current sources that is read, in bytes. */
export const maxCurrentBytes = 4 * 1024 * 1024;

/** How many of what could not be read is named. */
export const maxUnreadableNames = 20;

/** No data. */
export const nothingCurrent: Current = { sources: [], feeds: [] };

/** What is in force as bytes: sorted, so that the same data is the same file. */
export function encodeCurrent(current: Current): Buffer {
  return encode(schema, current.sources, current.feeds);
}

/** The same without what only this machine remembers: two machines with the same data have the same bytes. */
export function encodeSnapshot({ sources, feeds }: Current): Buffer {
  return encode(snapshotSchema, sources.map(withoutLocal), feeds.map(withoutLocal));
}

/** The name of a snapshot: the digest of {@link encodeSnapshot}. */
export function snapshotDigest(current: Current): Digest {
  return digestOf(encodeSnapshot(current));
}

function encode(name: string, sources: readonly CurrentSource[], feeds: readonly CurrentFeed[]): Buffer {
  const sorted = {
    schema: name,
    sources: [...sources].sort((a, b) => compareText(a.ecosystem, b.ecosystem)).map(orderedSource),
    feeds: [...feeds].sort((a, b) => compareText(a.id, b.id)).map(orderedFeed),
  };
  return Buffer.from(`${JSON.stringify(sorted, null, 1)}\n`);
}

function withoutLocal<T extends LocalState>(source: T): T {
  const { export: _export, validator, pack, listValidator, failed, ...rest } = source;
  return rest as T;
}

/**
 * Reads what is in force.
 * @throws SluiceError `advisory/current-damaged` when it is anything but what {@link encodeCurrent} writes.
 */
export function decodeCurrent(bytes: Buffer): Current {
  return decode(bytes, schema);
}

/** Reads what {@link encodeSnapshot} wrote. @throws SluiceError `advisory/current-damaged` */
export function decodeSnapshot(bytes: Buffer): Current {
  return decode(bytes, snapshotSchema);
}

function decode(bytes: Buffer, expected: string): Current {
  let file: Record<string, unknown> | undefined;
  try {
    // Written by sluice or checked by its digest, bounded, and checked below member by member.
    file = asRecord(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw damaged('it is not JSON');
  }
  if (file?.schema !== expected) throw damaged('its format is not known');
  const sources = asArray(file.sources)?.map(sourceOf);
  const feeds = asArray(file.feeds)?.map(feedOf);
  if (!sources || !feeds) throw damaged('it lists no sources');
  const names = [...sources.map((source) => source.ecosystem), ...feeds.map((feed) => `feed ${feed.id}`)];
  if (new Set(names).size !== names.length) throw damaged('it names one twice');
  return {
    sources: sources.sort((a, b) => compareText(a.ecosystem, b.ecosystem)),
    feeds: feeds.sort((a, b) => compareText(a.id, b.id)),
  };
}

function sourceOf(value: unknown): CurrentSource {
  const source = asRecord(value);
  const ecosystem = asString(source?.ecosystem);
  if (!source || ecosystem === undefined || !isEcosystemBase(ecosystem)) throw damaged('a source has no name');
  if (source.origin !== 'osv-export') throw damaged('an origin is not known');
  return orderedSource({
    ecosystem,
    records: count(source.records),
    withdrawn: count(source.withdrawn),
    unreadable: count(source.unreadable),
    unreadableNames: names(source.unreadableNames),
    newest: text(source.newest),
    releases: (asArray(source.releases) ?? []).map(text),
    digest: digest(source.digest),
    size: count(source.size),
    indexVersion: count(source.indexVersion),
    checkedAt: time(source.checkedAt),
    origin: source.origin,
    ...localOf(source),
  });
}

function feedOf(value: unknown): CurrentFeed {
  const feed = asRecord(value);
  const id = feedIds.find((known) => known === feed?.id);
  if (!feed || id === undefined) throw damaged('a feed is not known');
  return orderedFeed({
    id,
    records: count(feed.records),
    unreadable: count(feed.unreadable),
    unreadableNames: names(feed.unreadableNames),
    newest: text(feed.newest),
    digest: digest(feed.digest),
    size: count(feed.size),
    feedVersion: count(feed.feedVersion),
    checkedAt: time(feed.checkedAt),
    ...localOf(feed),
  });
}

/** In one order of members, so that the same content is the same bytes whoever put it together. */
function orderedSource(source: CurrentSource): CurrentSource {
  const { ecosystem, records, withdrawn, unreadable, unreadableNames, newest, releases, digest: of } = source;
  const { size, indexVersion, checkedAt, origin } = source;
  const own = { ecosystem, records, withdrawn, unreadable, unreadableNames, newest, releases, digest: of, size };
  return { ...own, indexVersion, checkedAt, origin, ...orderedLocal(source) };
}

function orderedFeed(feed: CurrentFeed): CurrentFeed {
  const { id, records, unreadable, unreadableNames, newest, digest: of, size, feedVersion, checkedAt } = feed;
  const own = { id, records, unreadable, unreadableNames, newest, digest: of, size };
  return { ...own, feedVersion, checkedAt, ...orderedLocal(feed) };
}

/** Without what is undefined, in one order of members. */
export function orderedLocal({ export: from, validator, pack, listValidator, failed }: LooseLocalState): LocalState {
  return {
    ...(from ? { export: from } : {}),
    ...(validator ? { validator } : {}),
    ...(pack ? { pack } : {}),
    ...(listValidator ? { listValidator } : {}),
    ...(failed ? { failed } : {}),
  };
}

function localOf(value: Record<string, unknown>): LocalState {
  const validator = validatorOf(value.validator);
  const listValidator = validatorOf(value.listValidator);
  const failed = asRecord(value.failed);
  return {
    ...(value.export === undefined ? {} : { export: digest(value.export) }),
    ...(validator ? { validator } : {}),
    ...(value.pack === undefined ? {} : { pack: digest(value.pack) }),
    ...(listValidator ? { listValidator } : {}),
    ...(failed ? { failed: { at: time(failed.at), message: text(failed.message) } } : {}),
  };
}

function validatorOf(value: unknown): Validator | undefined {
  const validator = asRecord(value);
  return validator ? { url: digest(validator.url), etag: text(validator.etag) } : undefined;
}

/** The digest names a file: only a well-formed one may become a path. */
function digest(value: unknown): Digest {
  try {
    return parseDigest(value);
  } catch {
    throw damaged('a digest is malformed');
  }
}

/** Another machine may have written them: a few, and not a flood. */
function names(value: unknown): string[] {
  const list = asArray(value) ?? [];
  if (list.length > maxUnreadableNames) throw damaged('it names too much that could not be read');
  return list.map(text);
}

function time(value: unknown): string {
  const read = text(value);
  if (Number.isNaN(Date.parse(read))) throw damaged('a time is malformed');
  return read;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw damaged('a text is missing');
  return value;
}

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw damaged('a count is malformed');
  return value;
}

function damaged(why: string): SluiceError {
  return new SluiceError('advisory/current-damaged', `the list of advisory sources is damaged: ${why}`, updateHint);
}
