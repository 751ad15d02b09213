import type { AffectedRange, FixState, FlawedImport, RangeEvent, SeverityStatement } from '../model/advisory.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import {
  decodeImports,
  encodeImports,
  eventKinds,
  fixStates,
  rangeTypes,
  readCode,
  readCwes,
  readStatement,
  writeCwes,
  writeStatement,
} from './index-codes.ts';

/** What one record says of one package. */
export interface PackagePart {
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
  /** Absent: that of the record. */
  readonly severity?: SeverityStatement;
  readonly fixState?: FixState;
  /** Beside those of the record. */
  readonly vectors?: readonly string[];
  /** Beside those of the record. */
  readonly cwes?: readonly string[];
  readonly imports?: readonly FlawedImport[];
}

/** One entry of a list: where the shared part lies in the file, and the package's own part. */
export interface ListEntry extends PackagePart {
  readonly recordOffset: number;
  readonly recordLength: number;
  /** Whether the record was taken back: then it reaches no version. */
  readonly withdrawn?: boolean;
}

/** An entry without what is read when it is asked for. */
export type ReadEntry = Omit<ListEntry, 'versions' | 'imports' | 'withdrawn'> & {
  /** Where versions and imports stand. */
  readonly restAt: number;
  /** Whether imports stand behind the versions. */
  readonly hasImports: boolean;
};

/** What an entry has beside record, ranges and versions: bits of one byte. */
const marks = { severity: 1, fixState: 2, vectors: 4, cwes: 8, imports: 16 } as const;
const allMarks = 31;

/** Writes one entry: record, ranges, marks of what follows, that, runs of versions, imports. */
export function writeEntry(writer: ByteWriter, entry: ListEntry, numbers: Map<string, number>): void {
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
  writeExtras(writer, entry, numbers);
  writeRuns(writer, entry.versions, numbers);
  if (!entry.imports) return;
  const imports = encodeImports(entry.imports);
  writer.number(imports.length);
  writer.append(imports);
}

function writeExtras(writer: ByteWriter, entry: ListEntry, numbers: Map<string, number>): void {
  const { severity, fixState, vectors, cwes, imports } = entry;
  writer.byte(
    (severity ? marks.severity : 0) |
      (fixState ? marks.fixState : 0) |
      (vectors ? marks.vectors : 0) |
      (cwes ? marks.cwes : 0) |
      (imports ? marks.imports : 0),
  );
  if (severity) {
    writeStatement(writer, severity);
    writer.number(severity.vector === undefined ? 0 : number(numbers, severity.vector) + 1);
  }
  if (fixState) writer.byte(fixStates.indexOf(fixState));
  if (vectors) {
    writer.number(vectors.length);
    for (const vector of vectors) writer.number(number(numbers, vector));
  }
  if (cwes) writeCwes(writer, cwes);
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

/** The number of a text, given out in the order of first use. */
export function number(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

/** The texts of a list by their numbers. */
export interface ListTexts {
  /** @throws SluiceError `advisory/index-damaged` when there is none with this number. */
  text(number: number): string;
  /** So many texts, from a number on. @throws as `text`, and when they are too many */
  run(start: number, length: number): readonly string[];
}

/** Reads the entry that stands next, up to its versions. @throws SluiceError `advisory/index-damaged`. */
export function readEntry(reader: ByteReader, texts: ListTexts): ReadEntry {
  const recordOffset = reader.number();
  const recordLength = reader.number();
  const ranges: AffectedRange[] = [];
  for (let left = reader.count(); left > 0; left--) {
    const type = readCode(reader, rangeTypes);
    const events: RangeEvent[] = [];
    for (let more = reader.count(); more > 0; more--) {
      events.push({ kind: readCode(reader, eventKinds), version: texts.text(reader.number()) });
    }
    ranges.push({ type, events });
  }
  const marked = reader.byte();
  const hasImports = (marked & marks.imports) !== 0;
  if ((marked & ~marks.imports) === 0) return { recordOffset, recordLength, ranges, restAt: reader.at, hasImports };
  const extras = readExtras(reader, texts, marked);
  return { recordOffset, recordLength, ranges, ...extras, restAt: reader.at, hasImports };
}

function readExtras(reader: ByteReader, texts: ListTexts, marked: number): Omit<PackagePart, 'versions' | 'ranges'> {
  if (marked > allMarks) throw reader.damaged('a mark is unknown');
  const extras: { -readonly [field in keyof PackagePart]?: PackagePart[field] } = {};
  if (marked & marks.severity) {
    const stated = readStatement(reader);
    const vector = reader.number();
    extras.severity = vector === 0 ? stated : { ...stated, vector: texts.text(vector - 1) };
  }
  if (marked & marks.fixState) extras.fixState = readCode(reader, fixStates);
  if (marked & marks.vectors) {
    const vectors: string[] = [];
    for (let left = reader.count(); left > 0; left--) vectors.push(texts.text(reader.number()));
    extras.vectors = vectors;
  }
  if (marked & marks.cwes) extras.cwes = readCwes(reader);
  return extras;
}

/** Reads the versions of an entry, which stand behind the rest of it. @throws SluiceError `advisory/index-damaged`. */
export function readVersions(reader: ByteReader, texts: ListTexts): readonly string[] {
  const count = reader.count();
  if (count === 0) return none;
  if (count === 1) return texts.run(reader.number(), reader.number());
  const runs: (readonly string[])[] = [];
  for (let left = count; left > 0; left--) runs.push(texts.run(reader.number(), reader.number()));
  return runs.flat();
}

/** Steps over the versions of an entry, and reads the imports behind them. @throws SluiceError `advisory/index-damaged`. */
export function readImports(reader: ByteReader, ecosystem: string): readonly FlawedImport[] {
  for (let left = 2 * reader.count(); left > 0; left--) reader.number();
  return decodeImports(reader.bytes(reader.count()), ecosystem);
}

const none: readonly string[] = [];
