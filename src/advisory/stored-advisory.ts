import type { Advisory, AffectedRange, SeverityStatement } from '../model/advisory.ts';
import type { RecordPart } from './index-record.ts';

/** An advisory of an index. Its versions are read when somebody looks: most are judged by their ranges, and some list hundreds. */
export class StoredAdvisory implements Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly upstream: readonly string[];
  readonly related: readonly string[];
  readonly ranges: readonly AffectedRange[];
  readonly summary: string;
  readonly severity: SeverityStatement;
  declare readonly published?: string;
  readonly modified: string;
  #versions: readonly string[] | undefined;
  readonly #readVersions: () => readonly string[];

  /** `severity`: of this package alone; absent, that of the record holds. */
  constructor(
    record: RecordPart,
    ranges: readonly AffectedRange[],
    severity: SeverityStatement | undefined,
    readVersions: () => readonly string[],
  ) {
    this.id = record.id;
    this.aliases = record.aliases;
    this.upstream = record.upstream;
    this.related = record.related;
    this.ranges = ranges;
    this.summary = record.summary;
    this.severity = severity ?? record.severity;
    if (record.published !== undefined) this.published = record.published;
    this.modified = record.modified;
    this.#readVersions = readVersions;
  }

  /** @throws SluiceError `advisory/index-damaged`. */
  get versions(): readonly string[] {
    this.#versions ??= this.#readVersions();
    return this.#versions;
  }
}
