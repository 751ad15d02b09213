import type { AffectedRange, FixState, FlawedImport, RangeEvent, SeverityStatement } from '../model/advisory.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../util/json.ts';
import { baseOf, indexName, maxNameLength } from './names.ts';
import { cwesIn, fixStateIn, importsIn, isDisputed, joinImports, unionOfCwes } from './record-facts.ts';
import { decideSeverity, type StatedSeverity, statedIn, wordOfSummary } from './severity.ts';

/** One package that a record concerns, all its `affected` objects together that are of the same severity and fix state. */
export interface AffectedPackage {
  /** As OSV writes it, with its release: `Alpine:v3.18`. */
  readonly ecosystem: string;
  /** Normalized as the index wants it. */
  readonly name: string;
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
  readonly severity: SeverityStatement;
  /** CVSS vectors that can be scored and stand with this package; those of the record not again. */
  readonly vectors: readonly string[];
  /** Kinds of weakness that stand with this package; those of the record not again. */
  readonly cwes: readonly string[];
  readonly fixState?: FixState;
  readonly imports: readonly FlawedImport[];
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
  /** When it was taken back: such a record is kept with its packages and never holds. */
  readonly withdrawn: string | undefined;
  readonly disputed: boolean;
  readonly cwes: readonly string[];
  /** Its CVSS vectors that can be scored. */
  readonly vectors: readonly string[];
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
  const summary = summaryOf(record);
  const stated = malicious(id, statedIn(record));
  const cwes = cwesIn(record);
  return {
    id,
    aliases: texts(record.aliases, 'aliases'),
    upstream: texts(record.upstream, 'upstream'),
    related: texts(record.related, 'related'),
    summary,
    published: timeOf(record.published),
    modified,
    withdrawn: withdrawalOf(record.withdrawn),
    disputed: isDisputed(record),
    cwes,
    vectors: stated.vectors,
    packages: packagesOf(record, { stated, cwes, summary }),
  };
}

/** What holds for all packages of a record. */
interface Common {
  readonly stated: StatedSeverity;
  readonly cwes: readonly string[];
  readonly summary: string;
}

function packagesOf(record: Json, common: Common): AffectedPackage[] {
  const alike = new Map<string, AffectedPackage[]>();
  for (const item of list(record.affected, 'affected')) {
    const affected = asRecord(item);
    if (!affected) throw unreadable('an entry of affected is not an object');
    const found = packageOf(affected, common);
    if (!found) continue;
    const key = likenessOf(found);
    const same = alike.get(key);
    if (same) same.push(found);
    else alike.set(key, [found]);
  }
  return [...alike.values()].map(together);
}

/** What entries of one package must have in common to be one. */
function likenessOf({ ecosystem, name, severity, fixState }: AffectedPackage): string {
  const { severity: word, source, score = '', vector = '' } = severity;
  return [ecosystem, name, word, source, score, vector, fixState ?? ''].join('\u0000');
}

/** A package that was published to do harm has no score, and nothing is worse (OpenSSF's malicious packages). */
function malicious(id: string, stated: StatedSeverity): StatedSeverity {
  return id.startsWith('MAL-') && !stated.word && !stated.rating ? { ...stated, word: 'critical' } : stated;
}

/** Undefined for what can never match a version: no package (commits only), or neither versions nor usable ranges. */
function packageOf(affected: Json, { stated, cwes, summary }: Common): AffectedPackage | undefined {
  if (affected.package === undefined || affected.package === null) return undefined;
  const named = asRecord(affected.package);
  const ecosystem = asString(named?.ecosystem);
  const name = asString(named?.name);
  if (!isName(ecosystem) || !isName(name)) throw unreadable('a package has no ecosystem or name');
  const versions = texts(affected.versions, 'versions');
  const ranges = rangesOf(affected.ranges);
  if (versions.length === 0 && ranges.length === 0) return undefined;
  const base = baseOf(ecosystem);
  const own = statedIn(affected);
  const fixState = fixStateIn(affected);
  return {
    ecosystem,
    name: indexName(base, name),
    versions,
    ranges,
    severity: decideSeverity(own, stated, wordOfSummary(base, summary)),
    vectors: without(own.vectors, stated.vectors),
    cwes: without(cwesIn(affected), cwes),
    ...(fixState ? { fixState } : {}),
    imports: importsIn(affected),
  };
}

function without(own: readonly string[], known: readonly string[]): readonly string[] {
  return own.length === 0 ? own : own.filter((text) => !known.includes(text));
}

/** GitHub lists a package once for each range: versions of any of them are affected, so they are one. */
function together(alike: readonly AffectedPackage[]): AffectedPackage {
  const [first] = alike;
  if (alike.length === 1) return first!;
  const lists = alike.map(({ versions }) => versions).filter((versions) => versions.length > 0);
  return {
    ...first!,
    versions: lists.length === 1 ? lists[0]! : [...new Set(lists.flat())],
    ranges: alike.flatMap(({ ranges }) => ranges),
    vectors: [...new Set(alike.flatMap(({ vectors }) => vectors))],
    cwes: unionOfCwes(alike.map(({ cwes }) => cwes)),
    imports: joinImports(alike.map(({ imports }) => imports)),
  };
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

function withdrawalOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const withdrawn = timeOf(value);
  if (withdrawn === undefined) throw unreadable('its time of withdrawal is malformed');
  return withdrawn;
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
