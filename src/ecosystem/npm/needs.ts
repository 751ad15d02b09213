import { asRecord } from '../../util/json.ts';
import { usableField } from './found.ts';

/** Most names that are kept of what one package needs. */
const needsLimit = 1000;

/** The names in `dependencies` and `optionalDependencies` (or whatever maps names to ranges); undefined when there are none. */
export function neededNames(...maps: readonly unknown[]): string[] | undefined {
  const names = new Set<string>();
  for (const map of maps) {
    for (const [key, range] of Object.entries(asRecord(map) ?? {})) {
      const name = aliased(range) ?? key;
      if (usableField(name)) names.add(name);
    }
  }
  return sortedNames(names);
}

/** `ms` of `npm:ms@2.1.2`: the key is but a name of its folder then. */
function aliased(range: unknown): string | undefined {
  if (typeof range !== 'string' || !range.startsWith('npm:')) return undefined;
  const end = range.indexOf('@', 5);
  return range.slice(4, end === -1 ? undefined : end);
}

/** Names in order, each once; undefined when there are none. */
export function sortedNames(names: Iterable<string>): string[] | undefined {
  const sorted = [...new Set(names)].sort();
  return sorted.length === 0 ? undefined : sorted.slice(0, needsLimit);
}
