import { type FileQuery, modeBits, type ValueQuery } from '../../model/collected.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { compareText } from '../../util/compare-text.ts';
import { messageOf, SluiceError } from '../../util/error.ts';
import { compileGlob, type Matcher } from '../../util/glob.ts';
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
  /** How the paths begin that it picks; each of these is looked up where entries are sorted. */
  readonly begins: readonly string[];
  /** Whether it stands where one of the globs says. */
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
  const begins: string[] = [];
  const matchers = query.paths.flatMap((glob) => {
    const matches = compileGlob(glob);
    const behind = linked.of(glob, matches);
    const plain = quickly(glob, matches);
    begins.push(beginOf(glob), ...behind);
    return behind.size > 0 ? [plain, (path: string) => behind.has(path)] : [plain];
  });
  const isThere = (path: string): boolean => {
    for (const matches of matchers) if (matches(path)) return true;
    return false;
  };
  const fits = ({ kind, mode, capabilities }: SeenEntry): boolean => {
    const bits = capabilities === '' ? mode : mode | modeBits.capable;
    return kinds.includes(kind) && (mask === undefined || (bits & mask) !== 0);
  };
  const expressions = compileExpressions(query.matches ?? {});
  const values = Object.entries(query.values ?? {}).sort(([a], [b]) => compareText(a, b));
  const reads = kinds.includes('file') && expressions.length + values.length > 0;
  return {
    ...{ query, expressions, values, begins },
    fits,
    picks: ({ path }) => isThere(path),
    follows: ({ kind, path }) => reads && kind === 'symlink' && isThere(path),
  };
}

/**
 * Asks a glob about paths without leading slash: most differ from it in what it has to begin or to end with, and that is
 * told many times faster than the glob. A `**` may stand for nothing, so that `/a/**` begins with `/a`.
 */
function quickly(glob: string, matches: Matcher): Matcher {
  const last = glob.slice(glob.lastIndexOf('/') + 1);
  const begin = beginOf(glob);
  const end = /[*?{}\\]/.test(last) ? '' : last;
  return (path) => path.startsWith(begin) && path.endsWith(end) && matches(`/${path}`);
}

/** What every path has to begin with that a glob matches, without the leading slash. */
function beginOf(glob: string): string {
  const first = glob.search(/[*?{}\\]/);
  return (first < 0 ? glob : glob.slice(0, glob.lastIndexOf('/', first))).slice(1);
}

/** The entries whose paths begin with one of some texts, in their order; `entries`: sorted by path. */
function beginningWith(entries: readonly SeenEntry[], begins: readonly string[]): readonly SeenEntry[] {
  if (begins.includes('')) return entries;
  const found: SeenEntry[] = [];
  let at = 0;
  for (const begin of [...begins].sort(compareText)) {
    at = Math.max(at, firstFrom(entries, begin));
    for (let entry = entries[at]; entry?.path.startsWith(begin); entry = entries[++at]) found.push(entry);
  }
  return found;
}

/** The number of the first entry whose path is not below a text. */
function firstFrom(entries: readonly SeenEntry[], text: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as SeenEntry).path < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries that queries ask for, in their order, which is that of their paths. A query that asks for too many gets none, and `onProblem` is told. */
export function selectEntries(
  entries: readonly SeenEntry[],
  queries: readonly ReadyQuery[],
  tree: FileTree,
  onProblem: OnProblem,
): Selected[] {
  const picked = new Map<SeenEntry, ReadyQuery[]>();
  for (const query of queries) {
    const behind = targetsOf(entries, query, tree);
    const isBehind = ({ path }: SeenEntry): boolean => behind.size > 0 && behind.has(path);
    const near = beginningWith(entries, behind.size > 0 ? [...query.begins, ...behind] : query.begins);
    const own = near.filter((entry) => query.fits(entry) && (query.picks(entry) || isBehind(entry)));
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
  if (query.expressions.length + query.values.length === 0) return targets;
  for (const entry of beginningWith(entries, query.begins)) {
    const node = query.follows(entry) ? tree.resolve(entry.path) : undefined;
    const path = node?.kind === 'file' ? visiblePath(node) : undefined;
    if (path !== undefined) targets.add(path);
  }
  return targets;
}
