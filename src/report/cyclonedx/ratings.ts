import type { Finding } from '../../model/finding.ts';
import type { Severity } from '../../model/severity.ts';

const severityNames: Record<Severity, string> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  negligible: 'info',
  unknown: 'unknown',
};

/** Every word on how bad it is (CycloneDX 1.6 `rating`), once; the worst first, as the findings are; then how likely. */
export function ratingsOf(findings: readonly Finding[]): object[] {
  const ratings = new Map<string, object>();
  for (const rating of findings.flatMap(wordsOf)) ratings.set(JSON.stringify(rating), rating);
  for (const { epss } of findings) {
    if (!epss) continue;
    const rating = {
      source: { name: 'EPSS', url: 'https://www.first.org/epss/' },
      score: epss.score,
      method: 'other',
      justification: `probability of exploitation within 30 days, percentile ${epss.percentile}`,
    };
    ratings.set(JSON.stringify(rating), rating);
  }
  return [...ratings.values()];
}

/** The severity of a finding with its score; apart where the severity is the distribution's word, and the score another's. */
function wordsOf({ severity, severitySource, score, vector }: Finding): object[] {
  const method = vector === undefined ? undefined : methodOf(vector);
  const scored = {
    ...(score === undefined ? {} : { score }),
    severity: severityNames[severity],
    ...(method === undefined ? {} : { method }),
    ...(vector === undefined ? {} : { vector }),
  };
  const justification = justifications.get(severitySource);
  if (severitySource === 'distribution') {
    const { severity: word, ...rest } = scored;
    const other = Object.keys(rest).length === 0 ? [] : [rest];
    return [{ severity: word, justification }, ...other];
  }
  return [{ ...scored, ...(justification === undefined ? {} : { justification }) }];
}

const justifications: ReadonlyMap<string, string> = new Map([
  ['publisher', "the publisher's word"],
  ['distribution', "the distribution's word"],
  ...['cvss-v2', 'cvss-v3', 'cvss-v4'].map((source) => [source, 'computed from the vector'] as const),
]);

/** How the score of a vector is computed (CycloneDX `scoreMethod`). */
function methodOf(vector: string): string {
  if (vector.startsWith('CVSS:4.')) return 'CVSSv4';
  if (vector.startsWith('CVSS:3.1')) return 'CVSSv31';
  if (vector.startsWith('CVSS:3.')) return 'CVSSv3';
  return vector.startsWith('AV:') || vector.startsWith('(AV:') ? 'CVSSv2' : 'other';
}
