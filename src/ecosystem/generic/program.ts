import { type Mark, markLength, type Statement } from './mark.ts';

/** A program or library that is known by its file's name and by what stands in it. */
export interface Program {
  /** What its version is looked for under: `nginx`. */
  readonly name: string;
  readonly marks: readonly Mark[];
  /** Must stand in it too, where its other marks may stand in any program. */
  readonly proof?: Mark;
  /** Set when its marks stand nowhere but before its version: one without a version is worth a warning. */
  readonly certain?: boolean;
  /** Absent: what the first mark with a version says. */
  readonly conclude?: (name: string, statements: readonly Statement[]) => Statement | undefined;
}

/** A mark's place in a program, and the bytes from there on. */
export interface Sighting {
  readonly at: number;
  readonly window: Buffer;
}

/** What is known of a program: its version, that it must have one, or nothing. */
export type Verdict = Statement | 'unreadable' | undefined;

/** Where the next of a program's marks stands in the bytes, from a place on; -1 when there is none. */
export function findMark(program: Program, bytes: Buffer, from: number): number {
  let first = -1;
  // One that begins before another is no longer than any, so the rest needs no look.
  for (const mark of allMarks(program)) {
    const at = mark.find(first < 0 ? bytes : bytes.subarray(0, first + markLength), from);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

/** All that is looked for. */
export function allMarks({ marks, proof }: Program): readonly Mark[] {
  return proof ? [...marks, proof] : marks;
}

/** What the sightings of a program's marks come to, whatever their order, and whether some are told twice. */
export function judge(program: Program, sightings: readonly Sighting[]): Verdict {
  const { name, marks, proof, certain, conclude } = program;
  const sorted = [...sightings].sort((a, b) => a.at - b.at);
  const seen = sorted.filter(({ window }) => marks.some((mark) => mark.begins(window)));
  if (proof && !sorted.some(({ window }) => proof.begins(window))) return undefined;
  const statements: Statement[] = [];
  for (const { window } of seen) {
    for (const mark of marks) {
      const statement = mark.begins(window) ? mark.read(window) : undefined;
      if (statement && !conclude) return statement;
      if (statement) statements.push(statement);
    }
  }
  return conclude?.(name, statements) ?? (certain && seen.length > 0 ? 'unreadable' : undefined);
}
