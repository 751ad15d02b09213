import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../../src/policy/expression/compile.ts';
import type { Scope } from '../../../src/policy/expression/contract.ts';
import { parseExpression } from '../../../src/policy/expression/parse.ts';
import { Sieve } from '../../../src/policy/expression/sieve.ts';
import { commonVariables } from '../../../src/policy/subject/fields/all.ts';

const variables = { finding: 'Finding', pkg: 'Package', ...commonVariables };
const lists = new Map([
  ['ids', Array.from({ length: 40 }, (_, i) => `CVE-${i}`)],
  ['none', []],
]);
const options = { lists, constants: { policy: { failOn: 'high' }, today: '2026-01-01' } };

const severity = fc.constantFrom('critical', 'high', 'medium', 'low', 'unknown');
const number = fc.constantFrom(-1, 0, 0.5, 1, 2, 7, 9.9, 10, Number.NaN);
const finding = fc.record({
  id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-39', 'CVE-40', ''),
  severity,
  score: number,
  epss: number,
  layer: fc.integer({ min: -1, max: 3 }),
  exploited: fc.boolean(),
  hasFix: fc.boolean(),
  cvss: fc.record({ AV: fc.constantFrom('N', 'L', '') }),
  cwes: fc.array(fc.constantFrom('CWE-1', 'CWE-2'), { maxLength: 2 }),
});

const part = fc.oneof(
  fc.tuple(severity, fc.constantFrom('==', '!=')).map(([word, by]) => `finding.severity ${by} '${word}'`),
  severity.map((word) => `finding.severity.atLeast('${word}')`),
  severity.map((word) => `(finding.severity == '${word}' || finding.severity == 'low')`),
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), fc.constantFrom('0.0', '0.5', '7', '9.9'))
    .map(([by, to]) => `finding.score ${by} ${to}`),
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), fc.integer({ min: -1, max: 3 }))
    .map(([by, to]) => `finding.layer ${by} ${to}`),
  fc.constantFrom(
    'finding.epss == 0.5',
    'finding.exploited',
    '!finding.exploited',
    '!finding.hasFix',
    "finding.cvss.AV == 'N'",
    'finding.id in lists.ids',
    "!(finding.id in ['CVE-1', 'CVE-40'])",
    'finding.id in lists.none',
    'finding.severity.atLeast(policy.failOn)',
    "finding.cwes.exists(c, c == 'CWE-1')",
    "finding.cwes.exists(c, c == 'CWE-1' || c == 'CWE-2')",
    "(finding.cwes.exists(c, c == 'CWE-1') || 'CWE-2' in finding.cwes)",
    "'CWE-2' in finding.cwes",
    "finding.cwes.exists(c, c.startsWith('CWE-'))",
    "finding.cwes.exists(c, c.glob('*2'))",
    "!finding.cwes.exists(c, c.endsWith('1'))",
    "finding.cwes.exists(c, 'CWE-1' == c)",
    "finding.cwes.exists(c, finding.id == 'CVE-1')",
    "finding.id.startsWith('CVE-3')",
    "finding.id.glob('CVE-{1,40}')",
    "(finding.id.contains('4') || finding.id.endsWith('2'))",
    "finding.cwes[0] == 'CWE-1'",
    'finding.layer in [1, 2]',
    'true',
    'false',
    "!(finding.severity == 'low' && finding.exploited)",
  ),
);

function joined(depth: number): fc.Arbitrary<string> {
  if (depth === 0) return part;
  const inner = joined(depth - 1);
  return fc.oneof(
    part,
    fc.tuple(inner, fc.constantFrom('&&', '||'), inner).map(([a, by, b]) => `(${a} ${by} ${b})`),
    fc.tuple(inner, inner, inner).map((all) => all.join(' && ')),
  );
}

test('what a sieve leaves out is false, and what it tells is in order', () => {
  let [told, asked] = [0, 0];
  fc.assert(
    fc.property(fc.array(joined(3), { maxLength: 70 }), fc.array(finding, { maxLength: 10 }), (texts, findings) => {
      const expressions = texts.map((text) => parseExpression(text, variables));
      const predicates = expressions.map((expression) => compile(expression, options));
      const sieve = new Sieve(expressions, options);
      for (const one of findings) {
        const scope: Scope = { finding: one, pkg: {} };
        const left: number[] = [];
        sieve.each(scope, (index) => left.push(index));
        expect(left).toEqual([...new Set(left)].sort((a, b) => a - b));
        for (const [index, predicate] of predicates.entries())
          if (!left.includes(index)) expect(predicate(scope), `${texts[index]} on ${JSON.stringify(one)}`).toBe(false);
        told += left.length;
        asked += texts.length;
      }
    }),
    { numRuns: 150 },
  );
  // It is worth its while.
  expect(told).toBeLessThan(asked * 0.7);
});

test('rules that ask for other values are not asked', () => {
  const texts = [
    "finding.severity == 'low' && finding.cwes.exists(c, c == 'CWE-1')",
    'finding.score >= 9.0 || finding.exploited',
    "finding.severity.atLeast('high') && finding.layer != 3",
    "pkg.name == 'openssl'",
    'finding.hasFix || finding.cwes == []',
  ];
  const sieve = new Sieve(
    texts.map((text) => parseExpression(text, variables)),
    options,
  );
  const left = (one: object, name: string): number[] => {
    const found: number[] = [];
    sieve.each({ finding: one, pkg: { name } }, (index) => found.push(index));
    return found;
  };
  const low = { severity: 'low', score: 3, exploited: false, hasFix: false, layer: 1 };
  expect(left(low, 'zlib')).toEqual([0, 4]);
  expect(left({ ...low, severity: 'high' }, 'openssl')).toEqual([2, 3, 4]);
  expect(left({ ...low, severity: 'high', layer: 3, exploited: true }, 'zlib')).toEqual([1, 4]);
});
