import type { Finding } from '../../model/finding.ts';
import { comparableName } from './terms.ts';

/** The CVEs among names, in comparable form. */
export function cvesOf(names: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const name of names) {
    const comparable = comparableName(name);
    if (comparable.startsWith('CVE-')) found.add(comparable);
  }
  return [...found];
}

/** All names under which a flaw is known. */
export function namesOf({ id, aliases, advisories }: Finding): string[] {
  return [id, ...aliases, ...advisories];
}

/**
 * The CVE that a statement is about where it is about another flaw: an alias that both have proves nothing, for one
 * advisory may stand for several CVEs. Both lists are of {@link cvesOf}. Undefined where it may be the same flaw.
 */
export function otherFlaw(spoken: readonly string[], own: readonly string[]): string | undefined {
  if (spoken.length === 0 || own.length === 0 || spoken.some((name) => own.includes(name))) return undefined;
  return spoken[0];
}
