import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { report } from '../../src/report/table.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import { context, evidence, finding, npmData, pack, shop, shopVerdict, trapImage, trapVerdict } from './samples.ts';

const pass = { decision: 'pass', reasons: [] } as const;

test('findings by package, the worst first, and one line last that stands for all', () => {
  expect(
    report.render(shop, shopVerdict, { ...context, width: 100 }),
  ).toBe(`shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Alpine Linux v3.18

lodash 4.17.4 · layer 1 npm ci · /app/node_modules/lodash/package.json
  update to 4.17.21 fixes 2 of 3
  critical  CVE-2019-10744  4.17.12       A flaw
  medium    CVE-2021-23337  4.17.21       A flaw
  unknown   NSWG-ECO-1      no fix known

musl, musl-utils 1.2.3-r3 · layer 0 ADD file:root in /
  high      CVE-2025-26519  1.2.3-r4      Out-of-bounds write

minimatch 3.0.4  [only declared, not judged] · layer 1 npm ci · /app/package-lock.json
  high      CVE-2022-3517   3.0.5         A flaw

Could not be read or decided
  blinding   /var/lib/rpm/rpmdb.sqlite, layer 0: a row is damaged [rpm/row-damaged]
  partly     /app/x/package.json, layer 1: not JSON [npm/unreadable]

Data  npm: 1,234 records, newest of 2026-01-02, last known current 2026-01-03 04:05

Why
  stop       3 bad ones; the policy stops at high
  undecided  /var/lib/rpm/rpmdb.sqlite: a row is damaged
  warn       the data is old
             run: sluice db update

STOP  1 critical, 2 high, 1 medium, 1 unknown in 3 of 4 packages (2 layers) · 1 more in what is not judged · begin with lodash 4.17.4: update to 4.17.21
`);
});

test('a scan with nothing to say is short', () => {
  const clean = evidence({ packages: [pack({ name: 'a', version: '1' })] });
  expect(report.render(clean, pass, context)).toBe(`shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Alpine Linux v3.18

Data  npm: 1,234 records, newest of 2026-01-02, last known current 2026-01-03
      04:05

PASS  no known vulnerabilities in 1 package (2 layers)
`);
});

test('the starter set is called what it is, and nothing found by it is no pass', () => {
  const starter = evidence({
    sources: [
      { ...npmData, origin: 'starter', records: 12 },
      { ...npmData, ecosystem: 'PyPI', origin: 'none', records: 0 },
    ],
  });
  const reasons = [
    { rule: 'data/starter', decision: 'undecided', message: 'only the starter set', action: 'run: sluice db update' },
  ] as const;
  expect(
    report
      .render(starter, { decision: 'undecided', reasons }, { ...context, width: 200 })
      .split('\n')
      .slice(2),
  ).toEqual([
    'Data  npm: only the starter set that is built into sluice, 12 records on a few famous vulnerabilities. It can show that an image is bad, never that it is good.',
    'Data  PyPI: there is none',
    '',
    'Why',
    '  undecided  only the starter set',
    '             run: sluice db update',
    '',
    'UNDECIDED  nothing found, which proves nothing here, in 0 packages (2 layers) · run: sluice db update',
    '',
  ]);
});

test('what leaves it undecided stands in the last line when nothing can be done about it', () => {
  const message = 'a row is damaged';
  const blind = evidence({ problems: [{ code: 'rpm/row-damaged', message, blinding: true }] });
  const reasons = [{ rule: 'rpm/row-damaged', decision: 'undecided', message }] as const;
  expect(report.render(blind, { decision: 'undecided', reasons }, context).split('\n').at(-2)).toBe(
    'UNDECIDED  nothing found, which proves nothing here, in 0 packages (2 layers) · a row is damaged',
  );
});

describe('many findings', () => {
  const one = pack({ name: 'one', version: '1.0.0' });
  const many = (n: number, severity: 'high' | 'low') =>
    Array.from({ length: n }, (_, i) => finding(one, { id: `CVE-2024-${10_000 + i}`, severity, fixed: ['1.0.1'] }));

  test('up to 40 rows stand in full', () => {
    const text = report.render(
      evidence({ packages: [one], findings: [...many(20, 'high'), ...many(20, 'low')] }),
      pass,
      context,
    );
    expect(text.match(/^ {2}(high|low)/gm)).toHaveLength(40);
  });

  test('above, the lesser ones of a package are counted', () => {
    const text = report.render(
      evidence({ packages: [one], findings: [...many(20, 'high'), ...many(21, 'low')] }),
      pass,
      context,
    );
    expect(text.match(/^ {2}(high|low)/gm)).toHaveLength(20);
    expect(text).toContain('\n  and 21 low\n\n21 lesser findings are only counted here: -o json shows all\n');
  });

  test('of hundreds the ids share lines, and none is missing', () => {
    const findings = many(300, 'high');
    const text = report.render(evidence({ packages: [one], findings }), pass, context);
    expect(text).toContain('  update to 1.0.1 fixes all 300\n  high 300  CVE-2024-10000 CVE-2024-10001');
    expect(findings.filter(({ id }) => !text.includes(id))).toEqual([]);
    expect(text.split('\n').length).toBeLessThan(90);
    expect(text.split('\n').filter((line) => line.length > 80 && !line.startsWith('PASS'))).toEqual([]);
  });

  test('of many problems the first 20 are listed', () => {
    const problems = Array.from({ length: 30 }, (_, i) => ({
      code: 'npm/unreadable' as const,
      message: `no ${i}`,
      blinding: false,
    }));
    const text = report.render(evidence({ problems }), { decision: 'warn', reasons: [] }, context);
    expect(text.match(/^ {2}partly/gm)).toHaveLength(20);
    expect(text).toContain('\n  and 10 more: -o json shows all\n');
  });
});

test('build arguments of a layer are not shown', () => {
  expect(report.render(shop, shopVerdict, { ...context, width: 240 })).not.toContain('s3cret');
});

test('nothing of the image reaches the terminal raw', () => {
  for (const width of [1, 40, 80, 200]) {
    const text = report.render(trapImage, trapVerdict, { ...context, name: trapImage.packages[0]?.name ?? '', width });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain('\\x1b[31mred');
  }
});

test('colour changes the look and not the text', () => {
  const plain = report.render(shop, shopVerdict, context);
  const coloured = report.render(shop, shopVerdict, { ...context, colour: true });
  expect(coloured).toContain('\x1b[1;31mcritical\x1b[0m');
  expect(coloured).toContain('\x1b[1;97;41mSTOP\x1b[0m');
  expect(coloured.replace(/\x1b\[[0-9;]*m/g, '')).toBe(plain);
});

test('any text at any width: every table row fits, whatever the script', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(text, text, text, fc.integer({ min: 60, max: 200 }), (name, version, title, width) => {
      const found = pack({ name, version, paths: [`/${title}`] });
      const findings = [finding(found, { id: 'CVE-2024-1', severity: 'high', title, fixed: [version] })];
      const lines = report.render(evidence({ packages: [found], findings }), pass, { ...context, width }).split('\n');
      const rows = lines.filter((line) => line.startsWith('  high'));
      expect(rows).toHaveLength(1);
      expect(rows.filter((row) => displayWidth(row) > Math.max(width, 80))).toEqual([]);
      expect(lines.at(-1)).toBe('');
      expect(lines.at(-2)?.startsWith('PASS  ')).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('what a package of the distribution answers is counted on a line of its own, and in nothing else', () => {
  const jinja = pack({ name: 'jinja2', version: '2.10' });
  const answered = { by: 'owner', because: 'its files are those of python3-jinja2' } as const;
  const found = evidence({
    packages: [jinja],
    findings: [finding(jinja, { id: 'CVE-1', severity: 'high', answered })],
  });
  const text = report.render(found, pass, context);
  expect(text).not.toContain('CVE-1');
  expect(text).toContain('Same  1 finding does not count: the files of its package belong to the\n');
  expect(text).toContain('PASS  no known vulnerabilities in 1 package (2 layers)');
});

test('a layer of the base image is called so', () => {
  const musl = pack({ name: 'musl', version: '1', layer: 0 });
  const lodash = pack({ name: 'lodash', version: '4', layer: 1 });
  const { target } = evidence({});
  const found = evidence({
    target: { ...target, base: { layers: 1, by: 'history' } },
    packages: [musl, lodash],
    findings: [
      finding(musl, { id: 'CVE-1', severity: 'low', from: 'base' }),
      finding(lodash, { id: 'CVE-2', severity: 'low' }),
    ],
  });
  const text = report.render(found, pass, context);
  expect(text).toContain('musl 1 · base layer 0 ADD file:root in /');
  expect(text).toContain('lodash 4 · layer 1 npm ci');
});
