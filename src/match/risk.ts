import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';

/** What a risk is made up of. */
export type RiskFactors = Pick<Finding, 'severity' | 'score' | 'exploited' | 'epss'>;

/** The middle of what each word stands for on the scale of CVSS; `unknown` is the middle of all. */
const midpoints: Readonly<Record<Severity, number>> = {
  critical: 9,
  high: 7.5,
  medium: 5,
  low: 3,
  negligible: 0.5,
  unknown: 5,
};

const exploitedFactor = 1.05;
const ransomwareFactor = 1.1;

/**
 * The risk of a finding, from 0 to 100 with one digit behind the point: how likely it is to be exploited, weighed by how
 * bad that would be (docs/risk.md). Undefined where nobody says how likely: it is neither in CISA's catalogue nor has it
 * a score of EPSS.
 */
export function riskOf(factors: RiskFactors): number | undefined {
  const threat = threatOf(factors);
  if (threat === undefined) return undefined;
  return Math.round(Math.min(threat * severityOf(factors) * factorOf(factors), 1) * 1000) / 10;
}

/**
 * The formula with the finding's own numbers, line by line, for `sluice explain`; import it from `match/risk.ts`. Tells
 * in one line why there is no risk, where there is none.
 */
export function riskFormula(finding: RiskFactors): readonly string[] {
  const { severity, score, exploited, epss } = finding;
  const threat = threatOf(finding);
  const risk = riskOf(finding);
  if (threat === undefined || risk === undefined) {
    return [
      'risk: none, for it is neither in the catalogue of known exploited vulnerabilities nor has it a score of EPSS',
    ];
  }
  const label = `${midpoints[severity]} for ${severity}`;
  const mean = severityOf(finding);
  return [
    exploited
      ? `threat = 1: known to be exploited (in CISA's catalogue since ${exploited.added})`
      : `threat = ${epss?.score}: the score of EPSS`,
    score === undefined
      ? `severity = ${label} / 10 = ${shown(mean)}`
      : `severity = (${label} + ${score} of CVSS) / 2 / 10 = ${shown(mean)}`,
    `factor = ${factorOf(finding)}: ${factorWords(finding)}`,
    `risk = min(threat × severity × factor, 1) × 100 = min(${threat} × ${shown(mean)} × ${factorOf(finding)}, 1) × 100 = ${risk.toFixed(1)}`,
  ];
}

function threatOf({ exploited, epss }: RiskFactors): number | undefined {
  return exploited ? 1 : epss?.score;
}

/** From 0 to 1. */
function severityOf({ severity, score }: RiskFactors): number {
  const midpoint = midpoints[severity];
  return (score === undefined ? midpoint : (midpoint + score) / 2) / 10;
}

function factorOf({ exploited }: RiskFactors): number {
  if (!exploited) return 1;
  return exploited.ransomware ? ransomwareFactor : exploitedFactor;
}

function factorWords({ exploited }: RiskFactors): string {
  if (!exploited) return 'not known to be exploited';
  return exploited.ransomware ? 'ransomware is known to use it' : 'known to be exploited';
}

/** Without the digits that only binary fractions have. */
function shown(value: number): string {
  return String(Number(value.toFixed(4)));
}
