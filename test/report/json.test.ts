import { expect, test } from 'vitest';
import { report } from '../../src/report/json.ts';
import {
  context,
  evidence,
  known,
  knownVerdict,
  note,
  npmData,
  pack,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';
import { sluiceCheck } from './schemas.ts';

const check = sluiceCheck();
const pass = { decision: 'pass', reasons: [] } as const;

test.each([
  ['findings of every sort', shop, shopVerdict],
  ['all that can be known', known, knownVerdict],
  ['hostile text', trapImage, trapVerdict],
  ['nothing', evidence({}), pass],
  ['a source tree', evidence({ target: { kind: 'source', layers: [] }, judged: ['declared', 'installed'] }), pass],
  [
    'no data',
    evidence({ sources: [{ ecosystem: 'npm', origin: 'none', records: 0, newest: '', checkedAt: '' }] }),
    pass,
  ],
  [
    'all that a package can say',
    evidence({
      packages: [
        {
          ...pack({ name: 'a', version: '1' }),
          arch: 'x',
          module: 'm:1',
          vendor: 'v',
          license: 'l',
          dev: true,
          origin: { name: 'b', version: '2' },
        },
      ],
    }),
    pass,
  ],
] as const)('the report of %s is valid by its schema', (_, given, verdict) => {
  const text = report.render(given, verdict, context);
  expect(check(JSON.parse(text))).toEqual([]);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test('all that is known of a finding, a source and a VEX document is there, in one order', () => {
  const { findings, sources, vex } = JSON.parse(report.render(known, knownVerdict, context)) as Record<
    string,
    object[]
  >;
  expect(Object.entries(findings?.[0] ?? {})).toEqual([
    ['kind', 'vulnerability'],
    ['id', 'CVE-2021-44228'],
    ['aliases', []],
    ['advisories', ['CVE-2021-44228']],
    ['severity', 'critical'],
    ['severitySource', 'publisher'],
    ['score', 10],
    ['vector', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H'],
    ['package', 'pkg:maven/a/log4j-core@2.14.0'],
    ['name', 'log4j-core'],
    ['version', '2.14.0'],
    ['presence', 'installed'],
    ['fixed', ['2.15.0']],
    ['layer', 1],
    ['from', 'own'],
    ['paths', ['/app/node_modules/log4j-core/package.json']],
    ['title', 'A flaw'],
    ['cwes', ['CWE-20', 'CWE-917']],
    ['published', '2021-12-10T00:40:56Z'],
    ['exploited', { added: '2021-12-10', due: '2021-12-24', ransomware: true }],
    ['epss', { score: 0.9756, percentile: 0.9999 }],
    ['risk', 99.5],
    [
      'statements',
      [
        {
          status: 'affected',
          says: 'update it',
          timestamp: '2026-01-02T00:00:00Z',
          author: 'Acme Security',
          document: 'acme-1',
          format: 'openvex',
          believed: true,
        },
        {
          status: 'fixed',
          timestamp: '2026-01-02T00:00:00Z',
          author: 'Acme Security',
          document: 'acme-1',
          format: 'openvex',
          believed: false,
        },
      ],
    ],
  ]);
  expect(findings?.[2]).toMatchObject({ fixState: 'deferred', disputed: true });
  expect(findings?.[3]).toMatchObject({ answered: { by: 'vex' }, statements: [{ status: 'not_affected' }, {}] });
  expect(sources).toEqual(known.sources);
  expect(vex).toEqual(known.vex);
});

test('the schema is strict', () => {
  const good = JSON.parse(report.render(shop, shopVerdict, context)) as Record<string, unknown>;
  const wrong = [
    { ...good, more: 1 },
    { ...good, schema: 'sluice/v2' },
    { ...good, verdict: { decision: 'maybe', reasons: [] } },
    { ...good, findings: [{ ...(good.findings as object[])[0], severity: 'bad' }] },
    { ...good, packages: [{ ...(good.packages as object[])[0], layer: -1 }] },
    { ...good, target: { ...(good.target as object), digest: 'sha512:1' } },
    { ...good, sources: [{ ...npmData, checkedAt: 'yesterday' }] },
    { ...good, sources: undefined },
    { ...good, sources: [{ ...npmData, failed: { at: 'today', message: '' } }] },
    { ...good, vex: [{ ...known.vex?.[0], format: 'spdx' }] },
    { ...good, findings: [{ ...(good.findings as object[])[0], cwes: ['79'] }] },
    { ...good, findings: [{ ...(good.findings as object[])[0], epss: { score: 1.5, percentile: 1 } }] },
    {
      ...good,
      findings: [{ ...(good.findings as object[])[0], statements: [{ ...note({ status: 'fixed' }), at: 1 }] }],
    },
  ];
  expect(wrong.map((report) => check(JSON.parse(JSON.stringify(report))).length)).toEqual(Array(13).fill(1));
});
