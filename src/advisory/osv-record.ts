import type { AffectedRange, RangeEvent, SeverityStatement } from '../model/advisory.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../util/json.ts';
import { baseOf, indexName, maxNameLength } from './names.ts';
import { decideSeverity, type StatedSeverity, sameSeverity, statedIn, wordOfSummary } from './severity.ts';

/** One package that a record concerns, all its `affected` objects of the same severity together. */
export interface AffectedPackage {
  /** As OSV writes it, with its release: `Alpine:v3.18`. */
  readonly ecosystem: string;
  /** Normalized as the index wants it. */
  readonly name: string;
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
  readonly severity: SeverityStatement;
}

/** One OSV record, checked. */
export interface OsvRecord {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly upstream: readonly string[];
  readonly related: readonly string[];
  readonly summary: string;
  readonly published: string | undefined;
  readonly modified: string;
  /** A withdrawn record has no packages here: it is counted and never matched. */
  readonly withdrawn: boolean;
  readonly packages: readonly AffectedPackage[];
}

type Json = Record<string, unknown>;

/** Letters, digits and what the known databases put between them; no slash, so that an id is never a path. */
const idForm = /^[A-Za-z0-9][A-Za-z0-9._:+~-]{0,199}$/;
const timeForm = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?(?:[Zz]|[+-]\d{2}:\d{2})$/;
const eventKinds = ['introduced', 'fixed', 'last_affected', 'limit'] as const;
/** How much of the summary is kept, in characters. */
const maxSummaryLength = 300;
/** OSV records nest six levels; publishers' own objects a few more. */
const maxDepth = 64;

/**
 * Reads the bytes of one record (OSV schema 1.x).
 * @throws SluiceError `json/…` or `advisory/record-unreadable`.
 */
export function readOsvRecord(bytes: Buffer): OsvRecord {
  return checkOsvRecord(parseJson(bytes, maxDepth));
}

/**
 * Checks one record that was JSON. What decides a match must have the right type; what only explains may be missing.
 * @throws SluiceError `advisory/record-unreadable`.
 */
export function checkOsvRecord(value: unknown): OsvRecord {
  const record = asRecord(value);
  if (!record) throw unreadable('it is not an object');
  const id = asString(record.id);
  if (id === undefined || !idForm.test(id) || id.includes('..')) throw unreadable('its id is missing or malformed');
  const modified = timeOf(record.modified);
  if (modified === undefined) throw unreadable('its time of modification is missing or malformed');
  const withdrawn = isWithdrawn(record.withdrawn);
  const summary = summaryOf(record);
  return {
    id,
    aliases: texts(record.aliases, 'aliases'),
    upstream: texts(record.upstream, 'upstream'),
    related: texts(record.related, 'related'),
    summary,
    published: timeOf(record.published),
    modified,
    withdrawn,
    packages: withdrawn ? [] : packagesOf(record, id, summary),
  };
}

function packagesOf(record: Json, id: string, summary: string): AffectedPackage[] {
  const stated = malicious(id, statedIn(record));
  const packages = new Map<string, AffectedPackage[]>();
  for (const item of list(record.affected, 'affected')) {
    const affected = asRecord(item);
    if (!affected) throw unreadable('an entry of affected is not an object');
    const found = packageOf(affected, stated, summary);
    if (!found) continue;
    const key = `${found.ecosystem}\u0000${found.name}`;
    const same = packages.get(key);
    if (same) join(same, found);
    else packages.set(key, [found]);
  }
  return [...packages.values()].flat();
}

/** A package that was published to do harm has no score, and nothing is worse (OpenSSF's malicious packages). */
function malicious(id: string, stated: StatedSeverity): StatedSeverity {
  return id.startsWith('MAL-') && !stated.word && !stated.rating ? { ...stated, word: 'critical' } : stated;
}

/** Undefined for what can never match a version: no package (commits only), or neither versions nor usable ranges. */
function packageOf(affected: Json, stated: StatedSeverity, summary: string): AffectedPackage | undefined {
  if (affected.package === undefined || affected.package === null) return undefined;
  const named = asRecord(affected.package);
  const ecosystem = asString(named?.ecosystem);
  const name = asString(named?.name);
  if (!isName(ecosystem) || !isName(name)) throw unreadable('a package has no ecosystem or name');
  const versions = texts(affected.versions, 'versions');
  const ranges = rangesOf(affected.ranges);
  if (versions.length === 0 && ranges.length === 0) return undefined;
  const base = baseOf(ecosystem);
  const severity = decideSeverity(statedIn(affected), stated, wordOfSummary(base, summary));
  return { ecosystem, name: indexName(base, name), versions, ranges, severity };
}

/** GitHub lists a package once for each range: versions of any of them are affected, so they are one. */
function join(known: AffectedPackage[], more: AffectedPackage): void {
  const at = known.findIndex((one) => sameSeverity(one.severity, more.severity));
  const one = known[at];
  if (!one) {
    known.push(more);
    return;
  }
  const versions = one.versions.length === 0 ? more.versions : [...new Set([...one.versions, ...more.versions])];
  known[at] = { ...one, versions, ranges: [...one.ranges, ...more.ranges] };
}

function rangesOf(value: unknown): AffectedRange[] {
  const ranges: AffectedRange[] = [];
  for (const item of list(value, 'ranges')) {
    const range = asRecord(item);
    const type = asString(range?.type);
    if (type === 'GIT') continue;
    if (!range || (type !== 'SEMVER' && type !== 'ECOSYSTEM')) throw unreadable('a range has no known type');
    const events = list(range.events, 'events').flatMap(eventsOf);
    if (events.length > 0) ranges.push({ type, events });
  }
  return ranges;
}

function eventsOf(value: unknown): RangeEvent[] {
  const event = asRecord(value);
  if (!event) throw unreadable('an event of a range is not an object');
  const found: RangeEvent[] = [];
  for (const kind of eventKinds) {
    const version = event[kind];
    if (version === undefined || version === null) continue;
    if (typeof version !== 'string') throw unreadable('the version of an event is not a text');
    found.push({ kind, version });
  }
  if (found.length === 0) throw unreadable('an event of a range says nothing known');
  return found;
}

function isWithdrawn(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (timeOf(value) === undefined) throw unreadable('its time of withdrawal is malformed');
  return true;
}

/** Without a summary (PyPI has none), the first line of the details, so that a person sees what it is about. */
function summaryOf(record: Json): string {
  const summary = oneLine(asString(record.summary) ?? '');
  return summary === '' ? oneLine(asString(record.details) ?? '') : summary;
}

/** The first line that isn't blank, without control characters (they could rewrite a terminal) and not too long. */
function oneLine(text: string): string {
  const head = text.slice(0, 4 * maxSummaryLength).trimStart();
  const end = head.indexOf('\n');
  const line = (end < 0 ? head : head.slice(0, end)).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').trim();
  return line.length <= maxSummaryLength ? line : `${line.slice(0, maxSummaryLength - 1).toWellFormed()}…`;
}

function timeOf(value: unknown): string | undefined {
  const text = asString(value);
  return text !== undefined && timeForm.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

function texts(value: unknown, what: string): string[] {
  const items = list(value, what);
  for (const item of items) {
    if (typeof item !== 'string') throw unreadable(`an entry of ${what} is not a text`);
  }
  return items as string[];
}

function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  const items = asArray(value);
  if (!items) throw unreadable(`${what} is not a list`);
  return items;
}

function isName(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value.length <= maxNameLength && !value.includes('\u0000');
}

function unreadable(why: string): SluiceError {
  return new SluiceError('advisory/record-unreadable', `the record can't be read: ${why}`);
}
