import { isElf } from '../../format/elf.ts';
import { warning } from '../../model/problem.ts';
import type { ClaimedFile, Parsed, PartialReader } from '../contract.ts';
import { programOf } from './file-name.ts';
import { type Mark, markLength, markWindow } from './mark.ts';
import { allMarks, findMark, judge, type Program, type Sighting } from './program.ts';

/** Most places of one mark that are looked at: no real program has as many. */
const maxSightings = 1_000;

const nothing: Parsed = { packages: [], problems: [] };

/** Large programs pass by: what is known of them stands beside their marks. */
export const partialReader: PartialReader = {
  from: 1024 * 1024,
  markLength,
  markWindow,
  findMark(bytes, from, path) {
    const program = programOf(path);
    return program ? findMark(program, bytes, from) : -1;
  },
  plan: () => [],
  parse({ path, bytes, marks, markBytes }) {
    const program = programOf(path);
    if (!program || !isElf(bytes)) return nothing;
    const sightings = marks.map((at, i) => ({ at, window: markBytes[i] ?? bytes.subarray(0, 0) }));
    return parsedOf(program, sightings, path);
  },
};

/** The version of the program or library that the file is by its name, if it is that one. Never throws. */
export function parseProgram({ path, bytes }: ClaimedFile): Parsed {
  const program = programOf(path);
  if (!program || !isElf(bytes)) return nothing;
  return parsedOf(
    program,
    allMarks(program).flatMap((mark) => sightingsOf(mark, bytes)),
    path,
  );
}

function sightingsOf(mark: Mark, bytes: Buffer): Sighting[] {
  const sightings: Sighting[] = [];
  for (let at = mark.find(bytes, 0); at >= 0 && sightings.length < maxSightings; at = mark.find(bytes, at + 1)) {
    sightings.push({ at, window: bytes.subarray(at, at + markWindow) });
  }
  return sightings;
}

function parsedOf(program: Program, sightings: readonly Sighting[], path: string): Parsed {
  const verdict = judge(program, sightings);
  if (verdict === undefined) return nothing;
  if (verdict === 'unreadable') {
    return {
      packages: [],
      problems: [warning('generic/unreadable', `this is ${program.name}, of a version that can not be read`, path)],
    };
  }
  return { packages: [{ ...verdict, presence: 'installed' }], problems: [] };
}
