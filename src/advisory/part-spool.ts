import type { AffectedRange, SeverityStatement } from '../model/advisory.ts';
import type { FileWriter } from './file-writer.ts';
import type { PackagePart } from './index-list.ts';
import type { AffectedPackage } from './osv-record.ts';
import { sameSeverity } from './severity.ts';

/** Where one part lies in the temporary file. */
export interface SpooledPart {
  readonly offset: number;
  readonly length: number;
}

/** How many parts are remembered while they are read back: packages with names near each other share errata. */
const rememberedParts = 4096;

/**
 * What records say of single packages, kept in a temporary file. An erratum says the same of dozens of packages: that
 * is written once, and read back once for those whose names lie together.
 */
export class PartSpool {
  readonly #file: FileWriter;
  #last: { readonly part: PackagePart; readonly place: SpooledPart } | undefined;
  readonly #read = new Map<number, PackagePart>();

  constructor(file: FileWriter) {
    this.#file = file;
  }

  /** Writes the part of one package; `severity` is that of its record. */
  write({ versions, ranges, severity: own }: AffectedPackage, severity: SeverityStatement): SpooledPart {
    const part = sameSeverity(own, severity) ? { versions, ranges } : { versions, ranges, severity: own };
    if (this.#last && isSame(this.#last.part, part)) return this.#last.place;
    const bytes = Buffer.from(JSON.stringify(part));
    const place = { offset: this.#file.write(bytes), length: bytes.length };
    this.#last = { part, place };
    return place;
  }

  /** Reads back a part that was flushed. */
  read({ offset, length }: SpooledPart): PackagePart {
    const known = this.#read.get(offset);
    if (known) return known;
    const part = JSON.parse(this.#file.read(offset, length).toString('utf8')) as PackagePart;
    if (this.#read.size >= rememberedParts) this.#read.clear();
    this.#read.set(offset, part);
    return part;
  }
}

function isSame(a: PackagePart, b: PackagePart): boolean {
  if (a.severity || b.severity || a.ranges.length !== b.ranges.length || a.versions.length !== b.versions.length) {
    return false;
  }
  return (
    a.ranges.every((range, at) => isSameRange(range, b.ranges[at]!)) &&
    a.versions.every((v, at) => v === b.versions[at])
  );
}

function isSameRange(a: AffectedRange, b: AffectedRange): boolean {
  if (a.type !== b.type || a.events.length !== b.events.length) return false;
  return a.events.every((event, at) => event.kind === b.events[at]!.kind && event.version === b.events[at]!.version);
}
