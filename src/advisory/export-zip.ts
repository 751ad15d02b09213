import { setImmediate } from 'node:timers/promises';
import type { RandomAccess } from '../format/random-access.ts';
import { readZipDirectory, readZipEntry, type ZipEntry } from '../format/zip.ts';
import type { Digest } from '../model/digest.ts';
import { compareText } from '../util/compare-text.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import type { IndexWriter } from './index-writer.ts';
import { type OsvRecord, readOsvRecord } from './osv-record.ts';

/** The largest record that is read, in bytes. */
const maxRecordBytes = 64 * 1024 * 1024;
/** What all records of one export may have together, in bytes: stops a zip that unpacks for ever. */
const maxTotalBytes = 64 * 1024 * 1024 * 1024;
const recordSuffix = '.json';
/** After so many records others get a turn: a server that updates goes on answering. */
const recordsPerTurn = 200;

/** One export's zip: its bytes and their digest. */
export interface ExportZip {
  readonly source: RandomAccess;
  readonly digest: Digest;
}

/** What one entry of a zip holds: a record, or why it can't be read. */
export type ExportItem = { readonly record: OsvRecord } | { readonly record?: undefined; readonly why: string };

/** Puts into an index what is known under one key; says whether it could be read. */
export function addTo(writer: IndexWriter, key: string, item: ExportItem): boolean {
  if (!item.record) {
    writer.addUnreadable(`${key}${recordSuffix}`, item.why);
    return true;
  }
  try {
    writer.add(item.record);
    return true;
  } catch (thrown) {
    // Only what sluice foresaw is the record's fault; a full disk or a bug is not.
    if (!(thrown instanceof SluiceError)) throw thrown;
    writer.addUnreadable(`${key}${recordSuffix}`, thrown.message);
    return false;
  }
}

/** To be called after each record: others get a turn now and then, so that a server that updates goes on answering. */
export function takingTurns(): () => Promise<void> | undefined {
  let done = 0;
  return () => (++done % recordsPerTurn === 0 ? setImmediate() : undefined);
}

/** One record of a zip: its key is the name of its file without `.json`. */
export interface ExportEntry {
  readonly key: string;
  readonly entry: ZipEntry;
}

/**
 * The records of a zip by key, so that it doesn't matter how the zip is sorted: of two with the same id the first counts.
 * @throws SluiceError `advisory/export-unreadable`
 */
export function readExportDirectory(ecosystem: string, source: RandomAccess): ExportEntry[] {
  let entries: ZipEntry[];
  try {
    entries = readZipDirectory(source).filter((entry) => entry.name.endsWith(recordSuffix));
  } catch (thrown) {
    throw unreadableExport(ecosystem, messageOf(thrown));
  }
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > maxTotalBytes) throw unreadableExport(ecosystem, `it unpacks to ${total} bytes, too many`);
  return entries
    .map((entry) => ({ key: entry.name.slice(0, -recordSuffix.length), entry }))
    .sort((a, b) => compareText(a.key, b.key));
}

/** Reads one entry. */
export function readItem(source: RandomAccess, entry: ZipEntry): ExportItem {
  return itemOf(() => readZipEntry(source, entry, maxRecordBytes));
}

/** Reads the bytes of one record; what sluice foresaw is told in the place of it. */
export function itemOf(bytes: () => Buffer): ExportItem {
  try {
    return { record: readOsvRecord(bytes()) };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { why: thrown.message };
  }
}

/** An export that can't be used as a whole. */
export function unreadableExport(ecosystem: string, why: string): SluiceError {
  return new SluiceError('advisory/export-unreadable', `the export of ${ecosystem} can't be read: ${why}`);
}
