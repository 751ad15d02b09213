import type { FileFact } from '../../model/collected.ts';
import { compareText } from '../../util/compare-text.ts';
import type { FoundByQuery, FoundContent } from './content.ts';
import type { SeenEntry } from './entries.ts';
import type { ReadyQuery, Selected } from './select.ts';

/** What is known of selected files beside their entries. */
export interface FactSources {
  readonly found: ReadonlyMap<Selected, FoundContent>;
  readonly baseLayers: number;
  readonly ownerOf: (entry: SeenEntry) => string | undefined;
  /** Whether the query was answered whole. */
  readonly isAnswered: (query: ReadyQuery) => boolean;
}

const nothing: FoundByQuery = { matches: [], values: {} };

/**
 * The facts on selected files, in their order. A file has one fact for all queries that found the same in it, and several
 * where queries looked for different things: each answers for those that it names.
 */
export function fileFacts(selected: readonly Selected[], sources: FactSources): FileFact[] {
  return selected.flatMap((one) => {
    const groups = new Map<string, { readonly found: FoundByQuery | undefined; readonly queries: string[] }>();
    const content = sources.found.get(one);
    const asking = one.queries.filter((query) => sources.isAnswered(query));
    for (const query of asking.sort((a, b) => compareText(a.query.id, b.query.id))) {
      const looks = query.expressions.length > 0 || query.values.length > 0;
      const found = looks ? (content?.byQuery.get(query) ?? nothing) : undefined;
      const key = found ? JSON.stringify(found) : '';
      const group = groups.get(key) ?? { found, queries: [] };
      group.queries.push(query.query.id);
      groups.set(key, group);
    }
    const sorted = [...groups.values()].sort((a, b) => compareText(a.queries[0] ?? '', b.queries[0] ?? ''));
    return sorted.map((group) => factOf(one, group, sources));
  });
}

function factOf(
  one: Selected,
  { found, queries }: { readonly found: FoundByQuery | undefined; readonly queries: readonly string[] },
  sources: FactSources,
): FileFact {
  const { path, kind, size, mode, uid, gid, link, layer, capabilities, inOpenFolder } = one.entry;
  const owner = sources.ownerOf(one.entry);
  const sha256 = sources.found.get(one)?.sha256;
  return {
    path: `/${path}`,
    ...{ kind, size, mode, uid, gid },
    ...(kind === 'symlink' ? { link } : {}),
    ...(capabilities === '' ? {} : { capabilities: capabilities.split(' ') }),
    ...(inOpenFolder ? { inOpenFolder } : {}),
    layer,
    from: layer < sources.baseLayers ? 'base' : 'own',
    ...(owner === undefined ? {} : { owner }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(found && found.matches.length > 0 ? { matches: found.matches } : {}),
    ...(found && Object.keys(found.values).length > 0 ? { values: found.values } : {}),
    queries,
  };
}
