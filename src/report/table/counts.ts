import { type Severity, severities } from '../../model/severity.ts';
import type { Paint } from './style.ts';

/** What is counted: findings of all kinds. */
interface Rated {
  readonly severity: Severity;
}

/** How many there are of each severity that occurs, the worst first. */
export function countsOf(findings: readonly Rated[]): { readonly severity: Severity; readonly n: number }[] {
  const counts = new Map<Severity, number>();
  for (const { severity } of findings) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return severities.flatMap((severity) => {
    const n = counts.get(severity);
    return n === undefined ? [] : [{ severity, n }];
  });
}

/** `4 critical`, `10 high`: each with its colour. */
export function countTexts(findings: readonly Rated[], paint: Paint): string[] {
  return countsOf(findings).map(({ severity, n }) => paint(severity, `${n} ${severity}`));
}

/** Most findings of one severity that {@link badnessOf} tells apart. */
const mostTold = 999;

/** How bad findings are together, as one number: one of a severity outweighs all of those that are less bad. */
export function badnessOf(findings: readonly Rated[]): number {
  return countsOf(findings).reduce((sum, { severity, n }) => {
    const place = severities.length - 1 - severities.indexOf(severity);
    return sum + Math.min(n, mostTold) * 1000 ** Math.max(0, place - 1);
  }, 0);
}

/** Worse first: by how many there are of each severity, the worst one first. */
export function compareCounts(a: readonly Rated[], b: readonly Rated[]): number {
  const [ofA, ofB] = [a, b].map((one) => new Map(countsOf(one).map(({ severity, n }) => [severity, n])));
  for (const severity of severities) {
    const difference = (ofB?.get(severity) ?? 0) - (ofA?.get(severity) ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
