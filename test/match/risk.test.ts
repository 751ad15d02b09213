import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RiskFactors, riskFormula, riskOf } from '../../src/match/risk.ts';
import { severities } from '../../src/model/severity.ts';

const known = { added: '2021-12-10', due: '2021-12-24', ransomware: false };
const epss = (score: number) => ({ score, percentile: 0.5 });

describe('the risk of a finding', () => {
  test.each<[string, RiskFactors, number | undefined]>([
    ['nothing known', { severity: 'critical', score: 10 }, undefined],
    ['the word alone', { severity: 'high', epss: epss(0.2) }, 15],
    ['the mean of word and CVSS', { severity: 'high', score: 8.1, epss: epss(0.42) }, 32.8],
    ['no rating', { severity: 'unknown', epss: epss(1) }, 50],
    ['negligible', { severity: 'negligible', score: 9.8, epss: epss(0.01) }, 0.5],
    ['a score of nothing', { severity: 'critical', epss: epss(0) }, 0],
    [
      'known to be exploited, whatever the score',
      { severity: 'medium', score: 5, exploited: known, epss: epss(0.001) },
      52.5,
    ],
    ['used by ransomware', { severity: 'medium', exploited: { ...known, ransomware: true } }, 55],
    ['never above 100', { severity: 'critical', score: 10, exploited: { ...known, ransomware: true } }, 100],
  ])('%s', (_, factors, risk) => {
    expect(riskOf(factors)).toBe(risk);
  });

  test('is from 0 to 100 with one digit, and grows with each of its parts', () => {
    const factors = fc.record({
      severity: fc.constantFrom(...severities),
      score: fc.nat(100).map((tenths) => tenths / 10),
      epss: fc.nat(100_000).map((steps) => epss(steps / 100_000)),
    });
    fc.assert(
      fc.property(factors, (finding) => {
        const risk = riskOf(finding)!;
        expect(risk).toBeGreaterThanOrEqual(0);
        expect(risk).toBeLessThanOrEqual(100);
        expect(Number(risk.toFixed(1))).toBe(risk);
        const exploited = riskOf({ ...finding, exploited: known })!;
        expect(exploited).toBeGreaterThanOrEqual(risk);
        expect(riskOf({ ...finding, exploited: { ...known, ransomware: true } })).toBeGreaterThanOrEqual(exploited);
        expect(riskOf({ ...finding, score: 10 })).toBeGreaterThanOrEqual(risk);
        expect(riskFormula(finding).at(-1)).toMatch(new RegExp(` = ${risk.toFixed(1).replace('.', '\\.')}$`));
      }),
    );
  });

  test('is told with its numbers', () => {
    expect(riskFormula({ severity: 'high', score: 8.1, epss: epss(0.42) })).toEqual([
      'threat = 0.42: the score of EPSS',
      'severity = (7.5 for high + 8.1 of CVSS) / 2 / 10 = 0.78',
      'factor = 1: not known to be exploited',
      'risk = min(threat × severity × factor, 1) × 100 = min(0.42 × 0.78 × 1, 1) × 100 = 32.8',
    ]);
    expect(riskFormula({ severity: 'critical', exploited: { ...known, ransomware: true } })).toEqual([
      "threat = 1: known to be exploited (in CISA's catalogue since 2021-12-10)",
      'severity = 9 for critical / 10 = 0.9',
      'factor = 1.1: ransomware is known to use it',
      'risk = min(threat × severity × factor, 1) × 100 = min(1 × 0.9 × 1.1, 1) × 100 = 99.0',
    ]);
    expect(riskFormula({ severity: 'critical', exploited: known })[2]).toBe('factor = 1.05: known to be exploited');
    expect(riskFormula({ severity: 'critical' })).toEqual([
      'risk: none, for it is neither in the catalogue of known exploited vulnerabilities nor has it a score of EPSS',
    ]);
  });
});
