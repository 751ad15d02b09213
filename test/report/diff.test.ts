import { expect, test } from 'vitest';
import type { Comparison } from '../../src/match/comparison.ts';
import { diffJson } from '../../src/report/diff/json.ts';
import { diffTable } from '../../src/report/diff/table.ts';
import { evidence, known } from './samples.ts';
import { sluiceCheck } from './schemas.ts';

const [exploited, wontFix, deferred] = known.findings.filter(({ answered }) => !answered);
const comparison: Comparison = {
  before: evidence({}).target,
  after: known.target,
  packages: [],
  findings: {
    came: [exploited, wontFix].filter((found) => found !== undefined),
    went: [deferred].filter((found) => found !== undefined),
    stayed: 3,
  },
  settings: [],
  incomplete: false,
};

test('a finding that came says whether it is exploited, and what will be done about it', () => {
  const { findings, ...rest } = JSON.parse(diffJson(comparison)) as { findings: unknown };
  expect(sluiceCheck('sluice-diff-v1')({ findings, ...rest })).toEqual([]);
  const openssl = 'pkg:deb/debian/openssl@3.0.1-1?arch=amd64&distro=debian-12';
  expect(findings).toEqual({
    came: [
      {
        id: 'CVE-2021-44228',
        severity: 'critical',
        package: 'pkg:maven/a/log4j-core@2.14.0',
        fixed: ['2.15.0'],
        from: 'own',
        exploited: true,
      },
      { id: 'CVE-2023-0001', severity: 'high', package: openssl, fixed: [], fixState: 'wont-fix', from: 'own' },
    ],
    went: [{ id: 'CVE-2023-0002', severity: 'medium', package: openssl, fixed: [], fixState: 'deferred', from: 'own' }],
    stayed: 3,
  });
});

test('and says so to people', () => {
  expect(diffTable(comparison, { before: 'a', after: 'b', colour: false, width: 100 })).toBe(`a → b

Findings (3 in both)
  +  CVE-2021-44228  critical  log4j-core 2.14.0  fixed in 2.15.0, own, exploited
  +  CVE-2023-0001   high      openssl 3.0.1-1    won't fix, own
  -  CVE-2023-0002   medium    openssl 3.0.1-1
`);
});
