import type { Advisory, AffectedRange, FixState, FlawedImport, SeverityStatement } from '../model/advisory.ts';
import type { ReadEntry } from './index-entry.ts';
import type { RecordPart } from './index-record.ts';
import { unionOfCwes } from './record-facts.ts';

/** What is read of an entry when somebody asks for it. @throws SluiceError `advisory/index-damaged` */
export interface LateParts {
  /** `at`: where they stand; `more`: whether imports stand behind them. */
  versions(entry: number, at: number, more: boolean): readonly string[];
  imports(entry: number, at: number): readonly FlawedImport[];
}

/**
 * An advisory of an index. Its versions and imports are read when somebody looks: most are judged by their ranges, and
 * some list hundreds. Fields are only declared: to define them first would take longer than all else.
 */
export class StoredAdvisory implements Advisory {
  declare readonly id: string;
  declare readonly aliases: readonly string[];
  declare readonly upstream: readonly string[];
  declare readonly related: readonly string[];
  declare readonly ranges: readonly AffectedRange[];
  declare readonly summary: string;
  declare readonly severity: SeverityStatement;
  declare readonly cwes: readonly string[];
  declare readonly vectors: readonly string[];
  declare readonly modified: string;
  declare readonly published?: string;
  declare readonly withdrawn?: string;
  declare readonly disputed?: true;
  declare readonly fixState?: FixState;
  readonly #late: Late;

  /** What the package's own part doesn't say, the record's says. */
  constructor(record: RecordPart, part: ReadEntry, list: LateParts, entry: number) {
    // First of all: where fields that only some have come before, V8 takes ten times as long for a private one.
    this.#late = { list, entry, at: part.restAt, hasImports: part.hasImports, versions: undefined, imports: undefined };
    this.id = record.id;
    this.aliases = record.aliases;
    this.upstream = record.upstream;
    this.related = record.related;
    this.ranges = part.ranges;
    this.summary = record.summary;
    this.severity = part.severity ?? record.severity;
    this.cwes = part.cwes === undefined ? record.cwes : unionOfCwes([record.cwes, part.cwes]);
    this.vectors = part.vectors === undefined ? record.vectors : [...record.vectors, ...part.vectors];
    this.modified = record.modified;
    if (record.published !== undefined) this.published = record.published;
    if (record.withdrawn !== undefined) this.withdrawn = record.withdrawn;
    if (record.disputed) this.disputed = true;
    if (part.fixState !== undefined) this.fixState = part.fixState;
  }

  /** @throws SluiceError `advisory/index-damaged`. */
  get versions(): readonly string[] {
    const late = this.#late;
    late.versions ??= late.list.versions(late.entry, late.at, late.hasImports);
    return late.versions;
  }

  /** @throws SluiceError `advisory/index-damaged`. */
  get imports(): readonly FlawedImport[] {
    const late = this.#late;
    if (!late.hasImports) return none;
    late.imports ??= late.list.imports(late.entry, late.at);
    return late.imports;
  }
}

interface Late {
  readonly list: LateParts;
  readonly entry: number;
  readonly at: number;
  readonly hasImports: boolean;
  versions: readonly string[] | undefined;
  imports: readonly FlawedImport[] | undefined;
}

const none: readonly never[] = [];
