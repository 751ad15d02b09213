import type { Finding } from '../../model/finding.ts';
import type { Severity } from '../../model/severity.ts';

/** SARIF 2.1.0 §3.27.10. */
export type Level = 'error' | 'warning' | 'note';

/** The scores that code scanning takes for a severity, and the one used where there is none of its own. */
const bands: Record<Severity, { readonly from: number; readonly to: number; readonly usual: number }> = {
  critical: { from: 9, to: 10, usual: 9.5 },
  high: { from: 7, to: 8.9, usual: 8 },
  medium: { from: 4, to: 6.9, usual: 5.5 },
  low: { from: 0.1, to: 3.9, usual: 2 },
  negligible: { from: 0.1, to: 3.9, usual: 0.5 },
  unknown: { from: 0, to: 0, usual: 0 },
};

/** High and critical are errors, medium is a warning, the rest are notes. */
export function levelOf(severity: Severity): Level {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}

/**
 * The number that code scanning derives a severity from. It is the CVSS score when that says the same as the severity
 * that the gate goes by; else it is the severity's usual one, so that both show the same word.
 */
export function securitySeverity({ severity, score }: Pick<Finding, 'severity' | 'score'>): string {
  const { from, to, usual } = bands[severity];
  return (score !== undefined && score >= from && score <= to ? score : usual).toFixed(1);
}
