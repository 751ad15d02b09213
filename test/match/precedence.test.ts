import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bySeverityPrecedence, severityPrecedence } from '../../src/match/precedence.ts';
import type { Advisory, SeverityStatement } from '../../src/model/advisory.ts';
import { advisory } from './make.ts';

function saying(
  id: string,
  source: string,
  vector?: string,
  severity: SeverityStatement['severity'] = 'medium',
): Advisory {
  return advisory(id, { severity: { severity, source, ...(vector ? { vector } : {}) } });
}

const v31 = saying('GHSA-31', 'cvss-v3', 'CVSS:3.1/AV:N');
const v30 = saying('GHSA-30', 'cvss-v3', 'CVSS:3.0/AV:N');
/** Best first, of a distribution's package. */
const ranked = [
  saying('DSA-1', 'publisher'),
  saying('DSA-2', 'cvss-v4', 'CVSS:4.0/AV:N'),
  saying('CVE-2024-1', 'publisher'),
  saying('GHSA-40', 'cvss-v4', 'CVSS:4.0/AV:N'),
  v31,
  v30,
  saying('GHSA-20', 'cvss-v2', 'AV:N'),
  saying('DSA-3', 'none', undefined, 'unknown'),
  saying('GHSA-00', 'none', undefined, 'unknown'),
];

describe('whose word of the severity counts', () => {
  test('goes by one table', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ranked, { minLength: ranked.length }), (shuffled) => {
        const ids = [...shuffled].sort((a, b) => bySeverityPrecedence(a, b, true)).map(({ id }) => id);
        expect(ids).toEqual(ranked.map(({ id }) => id));
      }),
    );
  });

  test('a distribution’s word is one among others for packages that are not its own', () => {
    const [first] = [saying('DSA-2', 'cvss-v3', 'CVSS:3.1/x'), saying('GHSA-40', 'cvss-v4', 'CVSS:4.0/x')].sort(
      (a, b) => bySeverityPrecedence(a, b, false),
    );
    expect(first?.id).toBe('GHSA-40');
  });

  test('the worse counts where no row decides, then the id', () => {
    const all = [saying('B', 'publisher'), saying('A', 'publisher'), saying('C', 'publisher', undefined, 'high')];
    expect(all.sort((a, b) => bySeverityPrecedence(a, b, false)).map(({ id }) => id)).toEqual(['C', 'A', 'B']);
  });

  test('stands in the documentation row by row', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/oracle.md'), 'utf8');
    const rows = [...text.matchAll(/^\d+\. (.*?)[.;:]?$/gm)].map(([, row]) => row);
    expect(rows).toEqual(severityPrecedence.map(({ name }) => name));
  });
});
