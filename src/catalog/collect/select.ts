import { type FileQuery, modeBits, type ValueQuery } from '../../model/collected.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { compareText } from '../../util/compare-text.ts';
import { messageOf, SluiceError } from '../../util/error.ts';
import { compileGlob } from '../../util/glob.ts';
import { type FileTree, visiblePath } from '../tree.ts';
import { LinkedPlaces } from './alias.ts';
import type { SeenEntry } from './entries.ts';
import { compileExpressions, type Expressions } from './expressions.ts';

/** Most entries that the queries of one policy may pick of an image together. */
const mostSelected = 100_000;

/** A query that can be answered. */
export interface ReadyQuery {
  readonly query: FileQuery;
  readonly expressions: Expressions;
  /** By name, sorted. */
  readonly values: readonly (readonly [string, ValueQuery])[];
  picks(entry: SeenEntry): boolean;
  /** Whether kind and permissions are those that it asks for. */
  fits(entry: SeenEntry): boolean;
  /** Whether it asks for the content of what stands at a link's path: that is what programs read there. */
  follows(entry: SeenEntry): boolean;
}

/** An entry that queries ask for. */
export interface Selected {
  readonly entry: SeenEntry;
  readonly queries: readonly ReadyQuery[];
}

/** Told when a query can't be answered. */
export type OnProblem = (id: string, problem: Problem) => void;

/** Makes queries ready, each once; of one that can't be, such as with a malformed glob, `onProblem` is told. */
export function readyQueries(
  queries: readonly FileQuery[],
  tree: FileTree,
  entries: readonly SeenEntry[],
  onProblem: OnProblem,
): ReadyQuery[] {
  const ready = new Map<string, ReadyQuery>();
  const linked = new LinkedPlaces(tree, entries);
  for (const query of queries) {
    if (ready.has(query.id)) continue;
    try {
      ready.set(query.id, readyQuery(query, linked));
    } catch (thrown) {
      const code = thrown instanceof SluiceError ? thrown.code : 'files/expression';
      const cause = messageOf(thrown).split('\n', 1)[0] ?? '';
      onProblem(query.id, warning(code, `files that a rule asks for can't be looked for: ${cause}`));
    }
  }
  return [...ready.values()];
}

function readyQuery(query: FileQuery, linked: LinkedPlaces): ReadyQuery {
  const kinds = query.kinds ?? ['file'];
  const mask = query.modes?.reduce((sum, mode) => sum | modeBits[mode], 0);
  const matchers = query.paths.flatMap((glob) => {
    const matches = compileGlob(glob);
    const behind = linked.of(glob, matches);
    return behind.size > 0 ? [matches, (path: string) => behind.has(path.slice(1))] : [matches];
  });
  const isThere = (path: string): boolean => {
    const absolute = `/${path}`;
    return matchers.some((matches) => matches(absolute));
  };
  const fits = ({ kind, mode }: SeenEntry): boolean =>
    kinds.includes(kind) && (mask === undefined || (mode & mask) !== 0);
  const expressions = compileExpressions(query.matches ?? {});
  const values = Object.entries(query.values ?? {}).sort(([a], [b]) => compareText(a, b));
  const reads = kinds.includes('file') && expressions.length + values.length > 0;
  return {
    ...{ query, expressions, values },
    fits,
    picks: (entry) => fits(entry) && isThere(entry.path),
    follows: ({ kind, path }) => reads && kind === 'symlink' && isThere(path),
  };
}

/** The entries that queries ask for, in their order. A query that asks for too many gets none, and `onProblem` is told. */
export function selectEntries(
  entries: readonly SeenEntry[],
  queries: readonly ReadyQuery[],
  tree: FileTree,
  onProblem: OnProblem,
): Selected[] {
  const picked = new Map<SeenEntry, ReadyQuery[]>();
  for (const query of queries) {
    const behind = targetsOf(entries, query, tree);
    const own = entries.filter((entry) => query.picks(entry) || (behind.has(entry.path) && query.fits(entry)));
    const fresh = own.filter((entry) => !picked.has(entry)).length;
    if (picked.size + fresh > mostSelected) {
      const message = `rules ask for more than ${mostSelected} files: narrow their paths`;
      onProblem(query.query.id, warning('files/too-many', message));
      continue;
    }
    for (const entry of own) {
      const others = picked.get(entry);
      if (others) others.push(query);
      else picked.set(entry, [query]);
    }
  }
  return entries.flatMap((entry) => {
    const asking = picked.get(entry);
    return asking ? [{ entry, queries: asking }] : [];
  });
}

/** Paths of the files that links lead to whose content a query asks for. */
function targetsOf(entries: readonly SeenEntry[], query: ReadyQuery, tree: FileTree): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const entry of entries) {
    const node = query.follows(entry) ? tree.resolve(entry.path) : undefined;
    const path = node?.kind === 'file' ? visiblePath(node) : undefined;
    if (path !== undefined) targets.add(path);
  }
  return targets;
}
