import calculator from 'ae-cvss-calculator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CvssView } from '../../../src/policy/subject/cvss.ts';

const of = (letters: string) => fc.constantFrom(...letters);

const vector3 = fc
  .tuple(
    of('NALP'),
    of('LH'),
    of('NLH'),
    of('NR'),
    of('UC'),
    of('NLH'),
    of('NLH'),
    of('NLH'),
    fc.constantFrom('3.0', '3.1'),
  )
  .map(
    ([AV, AC, PR, UI, S, C, I, A, version]) =>
      `CVSS:${version}/AV:${AV}/AC:${AC}/PR:${PR}/UI:${UI}/S:${S}/C:${C}/I:${I}/A:${A}`,
  );

const vector2 = fc
  .tuple(of('NAL'), of('LMH'), of('NSM'), of('NPC'), of('NPC'), of('NPC'))
  .map(([AV, AC, Au, C, I, A]) => `AV:${AV}/AC:${AC}/Au:${Au}/C:${C}/I:${I}/A:${A}`);

describe('the parts of a vector', () => {
  test('of version 4', () => {
    const vector = 'CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:A/VC:H/VI:L/VA:N/SC:H/SI:L/SA:N';
    const { exploitability, impact, ...parts } = new CvssView(vector) as Record<keyof CvssView, unknown>;
    expect(parts).toEqual({
      ...{ version: '4.0', AV: 'N', AC: 'L', AT: 'P', PR: 'N', UI: 'A', S: '', C: '', I: '', A: '', Au: '' },
      ...{ VC: 'H', VI: 'L', VA: 'N', SC: 'H', SI: 'L', SA: 'N' },
    });
    expect([exploitability, impact]).toEqual([0, 0]);
  });

  test('of versions 2 and 3', () => {
    expect(new CvssView('AV:N/AC:L/Au:S/C:P/I:N/A:C')).toMatchObject({
      version: '2.0',
      Au: 'S',
      C: 'P',
      A: 'C',
      PR: '',
    });
    const vector = 'CVSS:3.1/AV:P/AC:H/PR:L/UI:R/S:C/C:L/I:N/A:H';
    expect(new CvssView(vector)).toMatchObject({ version: '3.1', AV: 'P', PR: 'L', S: 'C', A: 'H', Au: '' });
  });

  test('are empty where there is none, and of what is none', () => {
    for (const vector of ['', 'x', '/'.repeat(5000), 'AV:N', 'CVSS:3.1/AV:__proto__']) {
      const view = new CvssView(vector);
      expect([view.exploitability, view.impact].every((score) => score === 0)).toBe(true);
    }
    expect(new CvssView('').version).toBe('');
  });
});

/** The subscores of a calculator that is not ours, to the same decimal. */
function theirs(scores: { impact?: number | undefined; exploitability?: number | undefined }) {
  return { impact: Math.max(0, scores.impact ?? 0), exploitability: scores.exploitability ?? 0 };
}

test('subscores are those that another calculator comes to', () => {
  fc.assert(
    fc.property(vector3, (vector) => {
      const of3 = vector.includes('3.1') ? new calculator.Cvss3P1(vector) : new calculator.Cvss3P0(vector);
      const { impact, exploitability } = new CvssView(vector);
      expect({ impact, exploitability }).toEqual(theirs(of3.calculateScores()));
    }),
  );
  fc.assert(
    fc.property(vector2, (vector) => {
      const { impact, exploitability } = new CvssView(vector);
      expect({ impact, exploitability }).toEqual(theirs(new calculator.Cvss2(vector).calculateScores()));
    }),
  );
});
