import type { Ecosystem, Parsed } from '../ecosystem/contract.ts';
import type { TarEntry } from '../format/tar/contract.ts';
import { blinding, type Problem, warning } from '../model/problem.ts';
import type { SurveyedFile } from '../model/survey.ts';
import { messageOf } from '../util/error.ts';
import type { KeptBody } from './partial-body.ts';

/** Bytes of a body that may stay in memory as long as the names that were cut out of it. */
const smallBody = 64 * 1024;

/** An entry at a path, which need not be its own, and its number in the layer. */
export interface Place {
  readonly path: string;
  readonly entry: TarEntry;
  readonly index: number;
}

/** What a plugin says of a whole body, whatever happens to it. */
export function readWhole(ecosystem: Ecosystem, place: Place, bytes: Buffer): SurveyedFile[] {
  return guarded(ecosystem, place, () => {
    const { path, entry } = place;
    const said = ecosystem.parse({ path, bytes, size: bytes.length, mode: entry.mode });
    return surveyed(ecosystem, place, bytes.length > smallBody ? detached(said) : said);
  });
}

/** What a plugin says of the parts of a body; undefined when it needs all of it. */
export function readParts(ecosystem: Ecosystem, place: Place, kept: KeptBody): SurveyedFile[] | undefined {
  return guarded(ecosystem, place, () => {
    const { path, entry } = place;
    const said = ecosystem.partial?.parse({ ...kept, path, mode: entry.mode });
    return said && surveyed(ecosystem, place, detached(said));
  });
}

/** Packages of another kind stand as if their own plugin had read the file. */
function surveyed(
  { id }: Ecosystem,
  { index }: Place,
  { packages, problems, others, contentSets }: Parsed,
): SurveyedFile[] {
  const own = { entry: index, ecosystem: id, packages, problems, ...(contentSets ? { contentSets } : {}) };
  if (!others) return [own];
  return [own, ...others.map((other) => ({ ...other, entry: index, problems: [] }))];
}

function guarded<T>({ id }: Ecosystem, { path, index }: Place, read: () => T): T | SurveyedFile[] {
  try {
    return read();
  } catch (thrown) {
    // A parser that throws has a bug; what it could not read must not pass for empty.
    const problem = blinding(`${id}/reader-failed`, `the ${id} reader failed: ${messageOf(thrown)}`, path);
    return [{ entry: index, ecosystem: id, packages: [], problems: [problem] }];
  }
}

/** A text that was cut out of a larger one keeps all of that in memory: of each lock file one name would keep the whole. */
function detached(parsed: Parsed): Parsed {
  return JSON.parse(JSON.stringify(parsed)) as Parsed;
}

/** Why a body above its reader's limit says nothing. */
export function tooLarge(ecosystem: Ecosystem, path: string): Problem {
  const message = `the file is larger than ${ecosystem.limit} bytes, the most that is read of its kind`;
  const make = ecosystem.database ? blinding : warning;
  return make(`${ecosystem.id}/too-large`, message, path);
}
