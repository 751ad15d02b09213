import { expect, test } from 'vitest';
import { report } from '../../src/report/json.ts';
import { context, evidence, npmData, pack, shop, shopVerdict, trapImage, trapVerdict } from './samples.ts';
import { sluiceCheck } from './schemas.ts';

const check = sluiceCheck();
const pass = { decision: 'pass', reasons: [] } as const;

test.each([
  ['findings of every sort', shop, shopVerdict],
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
  ];
  expect(wrong.map((report) => check(JSON.parse(JSON.stringify(report))).length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
});
