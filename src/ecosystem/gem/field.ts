import { compareText } from '../../util/compare-text.ts';

/** Longest name, version or platform (characters) that is kept; what the registry hosts stays far below. */
export const fieldLimit = 1000;

/** Most packages that one lock file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** Most dependencies of one package that are kept. */
const needsLimit = 1000;

const excluded = '()<>,;!"\'/\\';

/** A name, version or platform that can be reported: 1 to {@link fieldLimit} signs, no blanks, none that part fields. */
export function usableField(text: string | undefined): text is string {
  if (text === undefined || text === '' || text.length > fieldLimit) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f || excluded.includes(text.charAt(at))) return false;
  }
  return true;
}

/** Names in order, each once; undefined when there are none. */
export function sortedNames(names: Iterable<string>): readonly string[] | undefined {
  const sorted = [...new Set(names)].sort(compareText).slice(0, needsLimit);
  return sorted.length > 0 ? sorted : undefined;
}
