import { severities } from '../model/severity.ts';
import { harmless } from '../util/harmless.ts';
import { someOf } from '../util/some-of.ts';

/** Most subjects that a message names. */
const mostNamed = 3;

/** `2 critical and 5 high vulnerabilities in 3 packages`. `bySeverity`: how many there are of each, worst first. */
export function describeFindings(bySeverity: readonly number[], packages: number): string {
  const parts = severities.flatMap((severity, rank) => {
    const count = bySeverity[rank] ?? 0;
    if (count === 0) return [];
    return [severity === 'unknown' ? `${count} unrated` : `${count} ${severity}`];
  });
  const listed = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('');
  const all = bySeverity.reduce((sum, count) => sum + count, 0);
  const noun = all === 1 ? 'vulnerability' : 'vulnerabilities';
  return `${listed} ${noun} in ${packages} ${packages === 1 ? 'package' : 'packages'}`;
}

/** `/bin/a, /bin/b, /bin/c and 4 more`; empty where no subject has a name for people. */
export function describeNames(names: readonly string[]): string {
  return someOf(names.filter((name) => name !== '').map(harmless), mostNamed);
}
