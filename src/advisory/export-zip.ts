import { setImmediate } from 'node:timers/promises';
import type { RandomAccess } from '../format/random-access.ts';
import { readZipDirectory, readZipEntry, type ZipEntry } from '../format/zip.ts';
import type { Digest } from '../model/digest.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { IndexWriter, type WrittenIndex } from './index-writer.ts';
import { readOsvRecord } from './osv-record.ts';

/** The largest record that is read, in bytes. */
const maxRecordBytes = 64 * 1024 * 1024;
/** What all records of one export may have together, in bytes: stops a zip that unpacks for ever. */
const maxTotalBytes = 64 * 1024 * 1024 * 1024;
/** After so many records others get a turn: a server that updates goes on answering. */
const recordsPerTurn = 200;

/** One export's zip: its bytes and their digest. */
export interface ExportZip {
  readonly source: RandomAccess;
  readonly digest: Digest;
}

/** Where the index is made; neither file may exist yet. */
export interface IndexPaths {
  readonly index: string;
  readonly spool: string;
}

/**
 * Indexes the zip of one ecosystem, one record after the other. A record that can't be read is counted and named.
 * @throws SluiceError `advisory/export-unreadable` when the zip as a whole is unreadable or holds no readable record.
 */
export async function indexExport(ecosystem: string, zip: ExportZip, paths: IndexPaths): Promise<WrittenIndex> {
  const entries = readDirectory(ecosystem, zip.source);
  const writer = new IndexWriter(ecosystem, paths.spool);
  try {
    for (let i = 0; i < entries.length; i++) {
      addEntry(writer, zip.source, entries[i]!);
      if (i % recordsPerTurn === recordsPerTurn - 1) await setImmediate();
    }
    // Empty data in the place of good data would let everything pass.
    if (writer.readable === 0) throw unreadableExport(ecosystem, 'it holds no readable advisory');
    return writer.finish(paths.index, zip.digest);
  } finally {
    writer.close();
  }
}

function readDirectory(ecosystem: string, source: RandomAccess): ZipEntry[] {
  let entries: ZipEntry[];
  try {
    entries = readZipDirectory(source).filter((entry) => entry.name.endsWith('.json'));
  } catch (thrown) {
    throw unreadableExport(ecosystem, messageOf(thrown));
  }
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > maxTotalBytes) throw unreadableExport(ecosystem, `it unpacks to ${total} bytes, too many`);
  return entries;
}

function addEntry(writer: IndexWriter, source: RandomAccess, entry: ZipEntry): void {
  try {
    writer.add(readOsvRecord(readZipEntry(source, entry, maxRecordBytes)));
  } catch (thrown) {
    // Only what sluice foresaw is the record's fault; a full disk or a bug is not.
    if (!(thrown instanceof SluiceError)) throw thrown;
    writer.addUnreadable(entry.name);
  }
}

function unreadableExport(ecosystem: string, why: string): SluiceError {
  return new SluiceError('advisory/export-unreadable', `the export of ${ecosystem} can't be read: ${why}`);
}
