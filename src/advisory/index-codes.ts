import type { SeverityStatement } from '../model/advisory.ts';
import { severities } from '../model/severity.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** Types of ranges by their code in an index. */
export const rangeTypes = ['SEMVER', 'ECOSYSTEM'] as const;
/** Kinds of events by their code in an index. */
export const eventKinds = ['introduced', 'fixed', 'last_affected', 'limit'] as const;
const severitySources = ['publisher', 'cvss-v4', 'cvss-v3', 'cvss-v2', 'none'] as const;

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
