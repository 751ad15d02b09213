import type { SeverityStatement } from '../model/advisory.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readStatement, writeStatement } from './index-codes.ts';
import type { OsvRecord } from './osv-record.ts';

/** What all packages of one record share. */
export interface RecordPart extends Omit<OsvRecord, 'withdrawn' | 'packages'> {
  readonly severity: SeverityStatement;
}

/** The shared part of a record as bytes. */
export function encodeRecord(record: RecordPart, writer: ByteWriter): Buffer {
  writer.text(record.id);
  writer.text(record.modified);
  writer.text(record.published ?? '');
  writer.text(record.summary);
  writer.texts(record.aliases);
  writer.texts(record.upstream);
  writer.texts(record.related);
  writeStatement(writer, record.severity);
  writer.text(record.severity.vector ?? '');
  return writer.take();
}

/** Reads the shared part of a record. @throws SluiceError `advisory/index-damaged`. */
export function decodeRecord(bytes: Buffer, ecosystem: string): RecordPart {
  const reader = new ByteReader(bytes, ecosystem);
  const id = reader.text();
  const modified = reader.text();
  const published = reader.text();
  const summary = reader.text();
  const aliases = reader.texts();
  const upstream = reader.texts();
  const related = reader.texts();
  const stated = readStatement(reader);
  const vector = reader.text();
  reader.end();
  const severity = vector === '' ? stated : { ...stated, vector };
  return { id, modified, published: published || undefined, summary, aliases, upstream, related, severity };
}
