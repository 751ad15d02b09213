import type { AffectedRange, SeverityStatement } from '../model/advisory.ts';
import type { FileWriter } from './file-writer.ts';
import type { PackagePart } from './index-entry.ts';
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
  write(one: AffectedPackage, severity: SeverityStatement): SpooledPart {
    const part = partOf(one, severity);
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

/** What the package says beside what its record does: nothing else is kept. */
function partOf(one: AffectedPackage, severity: SeverityStatement): PackagePart {
  const { versions, ranges, fixState, vectors, cwes, imports } = one;
  return {
    versions,
    ranges,
    ...(sameSeverity(one.severity, severity) ? {} : { severity: one.severity }),
    ...(fixState ? { fixState } : {}),
    ...(vectors.length > 0 ? { vectors } : {}),
    ...(cwes.length > 0 ? { cwes } : {}),
    ...(imports.length > 0 ? { imports } : {}),
  };
}

/** Whether nothing but versions and ranges is said, which errata repeat. */
function isPlain({ severity, fixState, vectors, cwes, imports }: PackagePart): boolean {
  return !severity && !fixState && !vectors && !cwes && !imports;
}

function isSame(a: PackagePart, b: PackagePart): boolean {
  if (!isPlain(a) || !isPlain(b) || a.ranges.length !== b.ranges.length || a.versions.length !== b.versions.length) {
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
