import type { SeverityStatement } from '../model/advisory.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readCwes, readStatement, writeCwes, writeStatement } from './index-codes.ts';
import type { OsvRecord } from './osv-record.ts';

/** What all packages of one record share. */
export interface RecordPart extends Omit<OsvRecord, 'packages'> {
  readonly severity: SeverityStatement;
}

/** The shared part of a record as bytes. */
export function encodeRecord(record: RecordPart, writer: ByteWriter): Buffer {
  const { severity, vectors } = record;
  writer.text(record.id);
  writer.text(record.modified);
  writer.text(record.published ?? '');
  writer.text(record.withdrawn ?? '');
  writer.text(record.summary);
  writer.texts(record.aliases);
  writer.texts(record.upstream);
  writer.texts(record.related);
  writer.byte(record.disputed ? 1 : 0);
  writeCwes(writer, record.cwes);
  writer.texts(vectors);
  writeStatement(writer, severity);
  // The vector that counts is nearly always one of the record's own: then its number does.
  const vector = severity.vector === undefined ? -1 : vectors.indexOf(severity.vector);
  writer.number(vector + 1);
  if (vector < 0) writer.text(severity.vector ?? '');
  return writer.take();
}

/** Reads the shared part of a record. @throws SluiceError `advisory/index-damaged`. */
export function decodeRecord(bytes: Buffer, ecosystem: string): RecordPart {
  const reader = new ByteReader(bytes, ecosystem);
  const record = {
    id: reader.text(),
    modified: reader.text(),
    published: reader.text() || undefined,
    withdrawn: reader.text() || undefined,
    summary: reader.text(),
    aliases: reader.texts(),
    upstream: reader.texts(),
    related: reader.texts(),
    disputed: reader.byte() === 1,
    cwes: readCwes(reader),
    vectors: reader.texts(),
    severity: readStatement(reader),
  };
  const vector = readVector(reader, record.vectors);
  reader.end();
  if (vector !== '') record.severity = { ...record.severity, vector };
  return record;
}

function readVector(reader: ByteReader, vectors: readonly string[]): string {
  const number = reader.number();
  if (number === 0) return reader.text();
  const vector = vectors[number - 1];
  if (vector === undefined) throw reader.damaged('a vector has no such number');
  return vector;
}
