import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import { report } from '../../src/report/table.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import {
  context,
  evidence,
  finding,
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

Data  current 2026-01-03 04:05 UTC: npm 1,234 records sha256:999999999999

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

Data  current 2026-01-03 04:05 UTC: npm 1,234 records sha256:999999999999

PASS  no known vulnerabilities in 1 package (2 layers)
`);
});

test('sources of one update stand together, behind the time of the first', () => {
  const sources = [
    { ...npmData, ecosystem: 'Debian', checkedAt: '2026-01-03T04:07:59Z' },
    { ...npmData, checkedAt: '2026-01-03T04:05:10Z' },
    { ...npmData, ecosystem: 'PyPI', checkedAt: '2026-01-02T04:05:10Z' },
  ];
  const clean = evidence({ packages: [pack({ name: 'a', version: '1' })], sources });
  expect(report.render(clean, pass, context).match(/^(?:Data {2}| {6}).*$/gm)).toEqual([
    'Data  current 2026-01-03 04:05 UTC: Debian 1,234 records sha256:999999999999',
    '      npm 1,234 records sha256:999999999999',
    '      current 2026-01-02 04:05 UTC: PyPI 1,234 records sha256:999999999999',
  ]);
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
    'Data  there is none for PyPI',
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

test('all that is known: what is exploited, what will not be fixed, what VEX answers, and which data said so', () => {
  expect(
    report.render(known, knownVerdict, { ...context, width: 100 }),
  ).toBe(`shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Alpine Linux v3.18

log4j-core 2.14.0 · layer 1 npm ci · /app/node_modules/log4j-core/package.json
  critical  CVE-2021-44228  2.15.0        exploited by ransomware · EPSS 97 % · A flaw

openssl 3.0.1-1 · layer 0 ADD file:root in /
  no fix is known for any of the 3
  high      CVE-2023-0001   won't fix     A flaw
  medium    CVE-2023-0002   fix deferred  disputed · A flaw
  low       CVE-2023-0005   end of life   A flaw

Said  1 finding does not count: the distribution says that its package never had the flaw; -o json
      shows each

Answered by VEX: 2 findings do not count
  CVE-2023-0003  openssl 3.0.1-1 and libssl3 3.0.1-1
    not affected (vulnerable_code_not_in_execute_path), says Acme Security in acme-1 of 2026-01-02:
    nothing calls it
    but affected, says Other in o.json of 2025-06-01 (older)

Contradicting VEX statements: 1 finding that counts
  CVE-2021-44228  log4j-core 2.14.0
    affected, says Acme Security in acme-1 of 2026-01-02: update it
    but fixed, says Acme Security in acme-1 of 2026-01-02 (not believed)

VEX   the image itself says not affected of 1 finding; not believed: --vex attached would

Data  current 2026-01-03 04:05 UTC: Debian 1,234 records sha256:999999999999 (update failed)
      Maven 1,234 records sha256:888888888888 · KEV 2026-01-01
      current 2026-01-01 00:00 UTC: EPSS sha256:666666666666
VEX   acme-1 sha256:cccccccccccc: 12 statements, 2 about findings
      attached sha256:dddddddddddd: 1 statement, none about a finding, not believed

Why
  stop       1 critical and 1 high; the policy stops at high
  warn       the last update of the data for Debian failed
             run: sluice db update

STOP  1 critical, 1 high, 1 medium, 1 low in 2 of 3 packages (2 layers) · 1 known to be exploited · begin with log4j-core 2.14.0: update to 2.15.0
`);
});

describe('what is exploited', () => {
  const one = pack({ name: 'one', version: '1.0.0' });
  const exploited = { added: '2024-01-01', due: '2024-02-01', ransomware: false };
  const many = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      finding(one, { id: `CVE-2024-${10_000 + i}`, severity: 'low', ...(i === 7 ? { exploited } : {}) }),
    );

  test('keeps its row where lesser findings are only counted', () => {
    const text = report.render(evidence({ packages: [one], findings: many(60) }), pass, context);
    expect(text.match(/^ {2}low.*$/gm)).toEqual(['  low  CVE-2024-10007  no fix known  exploited · A flaw']);
    expect(text).toContain('\n  and 59 low\n');
    expect(text).toContain(' · 1 known to be exploited');
  });

  test('stands apart where findings share lines', () => {
    const findings = many(300).map((found) => ({ ...found, severity: 'high' as const }));
    const text = report.render(evidence({ packages: [one], findings }), pass, context);
    expect(text).toContain('\n  high   1  exploited, no fix known: CVE-2024-10007\n');
    expect(text).toContain('\n  high 299  no fix known: CVE-2024-10000 CVE-2024-10001');
  });

  test('is marked first where there is little room', () => {
    const long = finding(one, { id: 'CVE-2024-12345678', severity: 'negligible', exploited, disputed: true });
    const row = (width: number) =>
      report
        .render(evidence({ packages: [one], findings: [long] }), pass, { ...context, width })
        .split('\n')
        .find((line) => line.startsWith('  negligible'));
    expect([40, 56, 68, 80].map(row)).toEqual([
      '  negligible  CVE-2024-12345678  no fix known',
      '  negligible  CVE-2024-12345678  no fix known  exploited',
      '  negligible  CVE-2024-12345678  no fix known  exploited · disputed',
      '  negligible  CVE-2024-12345678  no fix known  exploited · disputed',
    ]);
  });
});

test('a probability is told from a tenth on', () => {
  const one = pack({ name: 'one', version: '1' });
  const scores = [0.0999, 0.1, 0.5, 1];
  const findings = scores.map((score, i) =>
    finding(one, { id: `CVE-2024-${i}`, severity: 'high', epss: { score, percentile: 0.9 } }),
  );
  const text = report.render(evidence({ packages: [one], findings }), pass, context);
  expect(text.match(/no fix known.*$/gm)).toEqual([
    'no fix known  A flaw',
    'no fix known  EPSS 10 % · A flaw',
    'no fix known  EPSS 50 % · A flaw',
    'no fix known  EPSS 99 % · A flaw',
  ]);
});

test('many answers of one statement share a line, and of very many the rest is counted', () => {
  const statements = [note({ status: 'not_affected' })];
  const answered = { by: 'vex', because: 'x' } as const;
  const packages = Array.from({ length: 6 }, (_, i) => pack({ name: `p${i}`, version: '1' }));
  const findings = packages.map((one) => finding(one, { id: 'CVE-1', severity: 'high', statements, answered }));
  expect(report.render(evidence({ packages, findings }), pass, context)).toContain(
    'Answered by VEX: 6 findings do not count\n  CVE-1  p0 1, p1 1, p2 1, p3 1 and 2 more\n    not affected, says Acme Security in acme-1 of 2026-01-02\n\n',
  );
  const [one] = packages;
  const many = Array.from({ length: 130 }, (_, i) =>
    finding(one as NonNullable<typeof one>, { id: `CVE-${i}`, severity: 'high', statements, answered }),
  );
  const text = report.render(evidence({ packages, findings: many }), pass, context);
  expect(text.match(/^ {2}CVE-/gm)).toHaveLength(100);
  expect(text).toContain('\n  and 30 more: -o json shows all\n');
});

test('a statement without end and very many of the contrary are cut, and said to be', () => {
  const one = pack({ name: 'one', version: '1' });
  const statements = [
    note({ status: 'not_affected', says: 'x '.repeat(50_000) }),
    ...Array.from({ length: 1000 }, () => note({ status: 'affected', document: 'other', believed: false })),
  ];
  const answered = { by: 'vex', because: 'x' } as const;
  const findings = [finding(one, { id: 'CVE-1', severity: 'high', statements, answered })];
  const text = report.render(evidence({ packages: [one], findings }), pass, context);
  const lines = text.slice(text.indexOf('Answered by VEX'), text.indexOf('\nData')).split('\n');
  expect(lines.slice(2, 3)).toEqual([
    '    not affected, says Acme Security in acme-1 of 2026-01-02: x x x x x x x x x',
  ]);
  expect(lines.slice(-8)).toEqual([
    expect.stringMatching(/^ {4}x x .*x…$/),
    ...Array(5).fill('    but affected, says Acme Security in other of 2026-01-02 (not believed)'),
    '    and 995 more that say the contrary: -o json shows all',
    '',
  ]);
  expect(lines.length).toBeLessThan(20);
});

test('of many VEX documents those that were of use are named first', () => {
  const documents = Array.from({ length: 20 }, (_, i) => ({
    ...(known.vex?.[0] as NonNullable<Evidence['vex']>[number]),
    document: `vex-${i}`,
    applied: i < 18 ? 0 : 1,
  }));
  const text = report.render(evidence({ vex: documents }), pass, { ...context, width: 240 });
  expect(text).toContain('\nVEX   vex-18 sha256:cccccccccccc: 12 statements, 1 about a finding · vex-19 ');
  expect(text).toContain(' · and 8 more documents: -o json names all\n');
});
