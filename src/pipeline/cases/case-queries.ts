import { type FileFact, type FileQuery, modeBits } from '../../model/collected.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Policy } from '../../policy/policy.ts';
import { wantedOf } from '../../policy/wanted.ts';
import { compileGlob } from '../../util/glob.ts';
import { allQueries } from './fill-evidence.ts';

/** What a policy asks of files. */
type Asked = readonly { readonly query: FileQuery; readonly fits: (file: FileFact) => boolean }[];

/** What a case says of a file that no rule asks of it. */
export interface StrayName {
  readonly path: string;
  readonly name: string;
  /** What rules ask of this file. */
  readonly asked: readonly string[];
}

/**
 * The evidence of a case as a scan by the policy would have it, where it says `*`: each file answers the queries that fit
 * it, and each query gets what it asks for and no more, since no rule would see more of a real image.
 */
export function withQueries(evidence: Evidence, policy: Policy): Evidence {
  const { collected } = evidence;
  if (!collected) return evidence;
  const asked = askedBy(policy);
  const files = collected.files.flatMap((file) => (isForAll(file) ? factsOf(file, asked) : [file]));
  const queries = collected.queries.includes(allQueries) ? asked.map(({ query }) => query.id) : collected.queries;
  return { ...evidence, collected: { ...collected, queries: [...queries].sort(), files } };
}

/** Names of matches and values that files of a case have and no rule asks for: slips, for which a rule would be silent. */
export function strayNames({ collected }: Evidence, policy: Policy): StrayName[] {
  const asked = askedBy(policy);
  return (collected?.files ?? []).filter(isForAll).flatMap((file) => {
    const fitting = asked.filter(({ fits }) => fits(file)).map(({ query }) => query);
    const names = [
      ...new Set(fitting.flatMap(({ matches = {}, values = {} }) => Object.keys({ ...matches, ...values }))),
    ];
    const said = [...(file.matches ?? []), ...Object.keys(file.values ?? {})];
    return said.filter((name) => !names.includes(name)).map((name) => ({ path: file.path, name, asked: names }));
  });
}

function askedBy(policy: Policy): Asked {
  return (wantedOf(policy)?.files ?? []).map((query) => ({ query, fits: fitsOf(query) }));
}

function isForAll({ queries }: FileFact): boolean {
  return queries.includes(allQueries);
}

function factsOf({ sha256, matches = [], values = {}, ...file }: FileFact, asked: Asked): FileFact[] {
  const fitting = asked.filter(({ fits }) => fits({ ...file, matches, values }));
  const hasDigest = sha256 !== undefined && fitting.some(({ query }) => query.digest);
  return fitting.map(({ query }) => ({
    ...file,
    ...(hasDigest ? { sha256 } : {}),
    matches: matches.filter((name) => Object.hasOwn(query.matches ?? {}, name)),
    values: Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(query.values ?? {}, name))),
    queries: [query.id],
  }));
}

function fitsOf({ paths, kinds = ['file'], modes }: FileQuery): (file: FileFact) => boolean {
  const globs = paths.map(compileGlob);
  const mask = modes?.reduce((sum, mode) => sum | modeBits[mode], 0);
  return ({ path, kind, mode, capabilities }) => {
    const bits = capabilities ? mode | modeBits.capable : mode;
    return (
      kinds.includes(kind) && (mask === undefined || (bits & mask) !== 0) && globs.some((matches) => matches(path))
    );
  };
}
