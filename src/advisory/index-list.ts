import type { AffectedRange, RangeEvent, SeverityStatement } from '../model/advisory.ts';
import { severities } from '../model/severity.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import type { OsvRecord } from './osv-record.ts';

/** What all packages of one record share. */
export interface RecordPart extends Omit<OsvRecord, 'withdrawn' | 'packages'> {
  readonly severity: SeverityStatement;
}

/** What one record says of one package. */
export interface PackagePart {
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
  /** Absent: that of the record. */
  readonly severity?: SeverityStatement;
}

/** One entry of a list: where the shared part lies in the file, and the package's own part. */
export interface ListEntry extends PackagePart {
  readonly recordOffset: number;
  readonly recordLength: number;
}

const rangeTypes = ['SEMVER', 'ECOSYSTEM'] as const;
const eventKinds = ['introduced', 'fixed', 'last_affected', 'limit'] as const;
const severitySources = ['publisher', 'cvss-v4', 'cvss-v3', 'cvss-v2', 'none'] as const;
/** How many versions the entries of one list may name together: bounds what a crafted list of runs expands to. */
const maxVersions = 5_000_000;

/** The shared part of a record as bytes. */
export function encodeRecord(record: RecordPart, writer: ByteWriter): Buffer {
  writer.text(record.id);
  writer.text(record.modified);
  writer.text(record.published ?? '');
  writer.text(record.summary);
  writer.texts(record.aliases);
  writer.texts(record.upstream);
  writer.texts(record.related);
  writeSeverity(writer, record.severity);
  return writer.take();
}

/** Reads the shared part of a record. */
export function decodeRecord(bytes: Buffer, ecosystem: string): RecordPart {
  const reader = new ByteReader(bytes, ecosystem);
  const id = reader.text();
  const modified = reader.text();
  const published = reader.text();
  const summary = reader.text();
  const aliases = reader.texts();
  const upstream = reader.texts();
  const related = reader.texts();
  const severity = readSeverity(reader);
  reader.end();
  return { id, modified, published: published || undefined, summary, aliases, upstream, related, severity };
}

/**
 * The list of one key as bytes. Versions are written once for all its entries, and each entry names them by runs of
 * numbers: the records of one package repeat the same hundreds of versions in the same order.
 */
export function encodeList(key: string, entries: readonly ListEntry[], writer: ByteWriter): Buffer {
  const numbers = new Map<string, number>();
  for (const entry of entries) {
    for (const version of entry.versions) number(numbers, version);
    for (const range of entry.ranges) for (const event of range.events) number(numbers, event.version);
  }
  writer.text(key);
  writer.texts([...numbers.keys()]);
  writer.number(entries.length);
  for (const entry of entries) writeEntry(writer, entry, numbers);
  return writer.take();
}

/** The key that a list belongs to; `entries` reads the rest. */
export function decodeList(bytes: Buffer, ecosystem: string): { key: string; entries(): ListEntry[] } {
  const reader = new ByteReader(bytes, ecosystem);
  return { key: reader.text(), entries: () => readEntries(reader) };
}

function readEntries(reader: ByteReader): ListEntry[] {
  const texts = reader.texts();
  const count = reader.count();
  const entries: ListEntry[] = [];
  let versions = 0;
  for (let i = 0; i < count; i++) {
    const entry = readEntry(reader, texts, maxVersions - versions);
    versions += entry.versions.length;
    entries.push(entry);
  }
  reader.end();
  return entries;
}

function writeEntry(writer: ByteWriter, entry: ListEntry, numbers: Map<string, number>): void {
  writer.number(entry.recordOffset);
  writer.number(entry.recordLength);
  writer.number(entry.ranges.length);
  for (const range of entry.ranges) {
    writer.byte(rangeTypes.indexOf(range.type));
    writer.number(range.events.length);
    for (const event of range.events) {
      writer.byte(eventKinds.indexOf(event.kind));
      writer.number(number(numbers, event.version));
    }
  }
  writeRuns(writer, entry.versions, numbers);
  writer.byte(entry.severity ? 1 : 0);
  if (entry.severity) writeSeverity(writer, entry.severity);
}

function readEntry(reader: ByteReader, texts: readonly string[], versionsLeft: number): ListEntry {
  const recordOffset = reader.number();
  const recordLength = reader.number();
  const ranges: AffectedRange[] = [];
  for (let left = reader.count(); left > 0; left--) {
    const type = known(reader, rangeTypes);
    const events: RangeEvent[] = [];
    for (let more = reader.count(); more > 0; more--) {
      const kind = known(reader, eventKinds);
      const version = texts[reader.number()];
      if (version === undefined) throw reader.damaged('an event names no version');
      events.push({ kind, version });
    }
    ranges.push({ type, events });
  }
  const versions = readRuns(reader, texts, versionsLeft);
  return reader.byte() === 0
    ? { recordOffset, recordLength, ranges, versions }
    : { recordOffset, recordLength, ranges, versions, severity: readSeverity(reader) };
}

function writeRuns(writer: ByteWriter, versions: readonly string[], numbers: Map<string, number>): void {
  const runs: number[] = [];
  for (const version of versions) {
    const at = number(numbers, version);
    const last = runs.length - 2;
    if (last >= 0 && runs[last]! + runs[last + 1]! === at) runs[last + 1]!++;
    else runs.push(at, 1);
  }
  writer.number(runs.length / 2);
  for (const part of runs) writer.number(part);
}

function readRuns(reader: ByteReader, texts: readonly string[], limit: number): string[] {
  const versions: string[] = [];
  for (let left = reader.count(); left > 0; left--) {
    const start = reader.number();
    const length = reader.number();
    if (start + length > texts.length) throw reader.damaged('a run of versions is too long');
    if (versions.length + length > limit) throw reader.damaged('too many versions');
    for (let i = start; i < start + length; i++) versions.push(texts[i]!);
  }
  return versions;
}

function writeSeverity(writer: ByteWriter, statement: SeverityStatement): void {
  writer.byte(severities.indexOf(statement.severity));
  writer.byte((severitySources as readonly string[]).indexOf(statement.source));
  writer.number(statement.score === undefined ? 0 : Math.round(statement.score * 10) + 1);
  writer.text(statement.vector ?? '');
}

function readSeverity(reader: ByteReader): SeverityStatement {
  const severity = known(reader, severities);
  const source = known(reader, severitySources);
  const score = reader.number();
  const vector = reader.text();
  return {
    severity,
    source,
    ...(score > 0 ? { score: (score - 1) / 10 } : {}),
    ...(vector === '' ? {} : { vector }),
  };
}

/** The number of a text, given out in the order of first use. */
function number(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

function known<T>(reader: ByteReader, values: readonly T[]): T {
  const value = values[reader.byte()];
  if (value === undefined) throw reader.damaged('a code is unknown');
  return value;
}
