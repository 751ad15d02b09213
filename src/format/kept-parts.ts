/** A part of a file, in bytes. */
export interface FileRange {
  readonly offset: number;
  readonly length: number;
}

/** A part of a file that was kept, and where it stands among the kept bytes. */
export interface KeptPart extends FileRange {
  readonly at: number;
}

/** Parts of a file, one behind the other in the order of the file. */
export interface KeptParts {
  /** The parts, each at a place that is the same modulo 16 as in the file; what lies between them are zeros. */
  readonly bytes: Buffer;
  readonly parts: readonly KeptPart[];
  /** Bytes of the whole file. */
  readonly size: number;
}

/** Bytes to whose multiples programs put what is looked for in them: a part's place keeps its remainder. */
const alignment = 16;

/** The parts in order without overlaps and within the file, each with its place among the kept bytes. */
export function layOutParts(ranges: readonly FileRange[], size: number): KeptPart[] {
  const sorted = [...ranges].sort((a, b) => a.offset - b.offset);
  const joined: { offset: number; length: number }[] = [];
  for (const { offset, length } of sorted) {
    const last = joined[joined.length - 1];
    const start = Math.max(offset, 0);
    const end = Math.min(offset + length, size);
    if (!(end > start)) continue;
    if (last && start <= last.offset + last.length) last.length = Math.max(last.length, end - last.offset);
    else joined.push({ offset: start, length: end - start });
  }
  let at = 0;
  return joined.map(({ offset, length }) => {
    at += (offset - at) & (alignment - 1);
    const part = { offset, length, at };
    at += length;
    return part;
  });
}

/** Where a stretch of the file stands among the kept bytes; -1 when not all of it was kept. */
export function placeOf(parts: readonly KeptPart[], offset: number, length: number): number {
  for (const part of parts) {
    const within = offset - part.offset;
    if (within >= 0 && within + length <= part.length) return part.at + within;
  }
  return -1;
}
