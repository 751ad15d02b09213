import type { Advisory } from '../model/advisory.ts';
import { compareSeverity } from '../model/severity.ts';
import { compareText } from '../util/compare-text.ts';
import { isCve } from './merge.ts';

/** Whose word of the severity counts where several records describe one flaw. */
interface SeverityRank {
  /** As docs/oracle.md lists it. */
  readonly name: string;
  /** Whether what this record says is of this rank. `distribution`: the package is from a distribution's database. */
  holds(advisory: Advisory, distribution: boolean): boolean;
}

/**
 * The precedence of severities, first row first: the first row that holds for one of two records and not for the other
 * decides between them. Records that say nothing stand behind all; where no row decides, the worse severity counts.
 */
export const severityPrecedence: readonly SeverityRank[] = [
  { name: 'any word at all', holds: ({ severity }) => severity.severity !== 'unknown' },
  { name: 'the distribution, for its own packages', holds: ({ id }, distribution) => distribution && !isGeneral(id) },
  { name: 'the word of the publisher', holds: ({ severity }) => severity.source === 'publisher' },
  { name: 'CVSS 4.0', holds: ({ severity }) => severity.source === 'cvss-v4' },
  { name: 'CVSS 3.1', holds: ({ severity }) => severity.source === 'cvss-v3' && !isThreeZero(severity.vector) },
  { name: 'CVSS 3.0', holds: ({ severity }) => severity.source === 'cvss-v3' },
  { name: 'CVSS 2.0', holds: ({ severity }) => severity.source === 'cvss-v2' },
];

/** Orders records by whose word of the severity counts: negative when that of `a` does. */
export function bySeverityPrecedence(a: Advisory, b: Advisory, distribution: boolean): number {
  for (const { holds } of severityPrecedence) {
    const difference = Number(holds(b, distribution)) - Number(holds(a, distribution));
    if (difference !== 0) return difference;
  }
  return compareSeverity(a.severity.severity, b.severity.severity) || compareText(a.id, b.id);
}

function isThreeZero(vector: string | undefined): boolean {
  return vector?.startsWith('CVSS:3.0/') === true;
}

/** Whether an id is one of the databases that are nobody's distribution. */
function isGeneral(id: string): boolean {
  return isCve(id) || id.startsWith('GHSA-');
}
