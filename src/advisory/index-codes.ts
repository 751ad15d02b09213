import type { FixState, FlawedImport, SeverityStatement } from '../model/advisory.ts';
import { severities } from '../model/severity.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { cweOf, numberOfCwe } from './record-facts.ts';

/** Types of ranges by their code in an index. */
export const rangeTypes = ['SEMVER', 'ECOSYSTEM'] as const;
/** Kinds of events by their code in an index. */
export const eventKinds = ['introduced', 'fixed', 'last_affected', 'limit'] as const;
const severitySources = ['publisher', 'cvss-v4', 'cvss-v3', 'cvss-v2', 'none'] as const;

/** What distributions say that they will do, by its code in an index. */
export const fixStates: readonly FixState[] = ['wont-fix', 'deferred', 'end-of-life', 'investigating'];

/** A word by its code. @throws SluiceError `advisory/index-damaged` when it stands for none. */
export function readCode<T>(reader: ByteReader, values: readonly T[]): T {
  const value = values[reader.byte()];
  if (value === undefined) throw reader.damaged('a code is unknown');
  return value;
}

/** What is said of a severity, all but the vector. */
export function writeStatement(writer: ByteWriter, statement: SeverityStatement): void {
  writer.byte(severities.indexOf(statement.severity));
  writer.byte((severitySources as readonly string[]).indexOf(statement.source));
  writer.number(statement.score === undefined ? 0 : Math.round(statement.score * 10) + 1);
}

/** Reads what {@link writeStatement} wrote. @throws SluiceError `advisory/index-damaged`. */
export function readStatement(reader: ByteReader): SeverityStatement {
  const severity = readCode(reader, severities);
  const source = readCode(reader, severitySources);
  const score = reader.number();
  return score > 0 ? { severity, source, score: (score - 1) / 10 } : { severity, source };
}

/** Kinds of weakness as their numbers. */
export function writeCwes(writer: ByteWriter, cwes: readonly string[]): void {
  writer.number(cwes.length);
  for (const cwe of cwes) writer.number(numberOfCwe(cwe));
}

/** Reads what {@link writeCwes} wrote. @throws SluiceError `advisory/index-damaged`. */
export function readCwes(reader: ByteReader): readonly string[] {
  const count = reader.count();
  if (count === 0) return none;
  const cwes: string[] = [];
  for (let left = count; left > 0; left--) cwes.push(cweOf(reader.number()));
  return cwes;
}

const none: readonly never[] = [];

/** Flawed imports as bytes that stand for themselves: they are read when somebody asks for them alone. */
export function encodeImports(imports: readonly FlawedImport[]): Buffer {
  const writer = new ByteWriter();
  writer.number(imports.length);
  for (const { path, symbols } of imports) {
    writer.text(path);
    writer.texts(symbols);
  }
  return writer.take();
}

/** Reads what {@link encodeImports} wrote. @throws SluiceError `advisory/index-damaged`. */
export function decodeImports(bytes: Buffer, ecosystem: string): readonly FlawedImport[] {
  const reader = new ByteReader(bytes, ecosystem);
  const imports: FlawedImport[] = [];
  for (let left = reader.count(); left > 0; left--) imports.push({ path: reader.text(), symbols: reader.texts() });
  reader.end();
  return imports;
}
