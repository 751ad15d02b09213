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
  placedByOthers,
  placedSecret,
  placedSetting,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';
import { sluiceCheck } from './schemas.ts';

const check = sluiceCheck();
const pass = { decision: 'pass', reasons: [] } as const;

const placed = [
  placedByOthers(),
  placedSetting({ answered: { by: 'waiver', because: 'waived' } }),
  placedSecret({
    also: [{ in: 'commit', path: 'a/b', line: 1, commit: '1'.repeat(40) }],
    secret: { shown: '…(12)', score: 30, notes: [], expires: '2025-01-31T00:00:00Z', value: 'asked for' },
    package: 'pkg:npm/lodash@4.17.4',
  }),
];
const licences = [
  { expression: 'MIT', class: 'permitted', package: 'pkg:npm/lodash@4.17.4', layer: 0, from: 'own' },
  {
    expression: 'NOASSERTION',
    stated: 'as is',
    class: 'unknown',
    path: '/LICENCE',
    likeness: 0.2,
    layer: 0,
    from: 'base',
  },
] as const;
const everything = { ...shop, looked: ['packages', 'secrets', 'configuration', 'licences'], placed, licences } as const;

test.each([
  ['findings of every sort', shop, shopVerdict],
  ['findings in places, and licences', everything, shopVerdict],
  ['a Dockerfile', evidence({ target: { kind: 'dockerfile', layers: [] }, looked: ['configuration'], placed }), pass],
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

test('findings in places stand behind those in packages, in one order', () => {
  const { findings, looked, licences } = JSON.parse(report.render(everything, shopVerdict, context)) as Record<
    string,
    Record<string, unknown>[]
  >;
  expect(findings?.map(({ kind, id }) => `${kind} ${id}`).slice(shop.findings.length - 1)).toEqual([
    'vulnerability NSWG-ECO-1',
    'external B105',
    'misconfiguration image/runs-as-root',
    'secret secret/github-token',
  ]);
  expect([looked, licences]).toEqual([everything.looked, everything.licences]);
  expect(Object.entries(findings?.at(-1) ?? {})).toEqual([
    ['kind', 'secret'],
    ['id', 'secret/github-token'],
    ['aliases', ['github-pat']],
    ['severity', 'high'],
    ['title', 'GitHub token'],
    ['message', 'a GitHub token'],
    ['why', 'Whoever has it can act in the name of its owner.'],
    ['fix', 'Revoke it, and give the new one to the build as a secret mount.'],
    ['fixed', []],
    ['links', ['https://docs.example.com/tokens']],
    ['controls', ['NIST SP 800-190 4.1.4']],
    ['place', { in: 'file', path: '/app/.env', line: 2, column: 7, endLine: 2, endColumn: 47, layer: 1, from: 'own' }],
    ['also', [{ in: 'commit', path: 'a/b', line: 1, commit: '1'.repeat(40) }]],
    ['fingerprint', '0123456789abcdef0123456789abcdef'],
    ['secret', { shown: '…(12)', score: 30, notes: [], expires: '2025-01-31T00:00:00Z', value: 'asked for' }],
    ['package', 'pkg:npm/lodash@4.17.4'],
  ]);
});

/** What is wrong, told once: that a part fails is no fault beside what is wrong in it. */
function faultsIn(report: object): string[] {
  return check(JSON.parse(JSON.stringify(report))).filter((fault) => !/must match "(?:then|else)" schema/.test(fault));
}

test('the schema is strict', () => {
  const good = JSON.parse(report.render(shop, shopVerdict, context)) as Record<string, unknown>;
  const wrong = [
    { ...good, findings: [{ ...placedSecret(), fixed: [], place: { in: 'file', line: 0 } }] },
    { ...good, findings: [{ ...placedSecret(), fixed: ['1.0'] }] },
    { ...good, looked: ['secret'] },
    { ...good, licences: [{ ...licences[0], class: 'mild' }] },
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
  expect(wrong.map((report) => faultsIn(report).length)).toEqual(Array(17).fill(1));
});
