import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { csvCell } from '../../src/report/csv/cell.ts';
import { columns } from '../../src/report/csv/columns.ts';
import { report } from '../../src/report/csv.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import {
  context,
  evidence,
  finding,
  known,
  knownVerdict,
  pack,
  placedByOthers,
  placedSecret,
  placedSetting,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';

const pass: Verdict = { decision: 'pass', reasons: [] };

/** Reads CSV by the grammar of RFC 4180 alone: throws at what is not of it. */
function readCsv(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const rows: string[][] = [[]];
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (!found) throw new Error(`no CSV at ${text.slice(at, at + 80)}`);
    rows.at(-1)?.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'));
    if (found[3] === '\r\n' && cell.lastIndex < text.length) rows.push([]);
  }
  if (!text.endsWith('\r\n')) throw new Error('no line end');
  return rows;
}

/** The rows by the names of their columns, without what is empty. */
function rowsOf(given: Evidence, verdict: Verdict = pass): Record<string, string>[] {
  const [header = [], ...rows] = readCsv(report.render(given, verdict, context));
  expect(header).toEqual(columns);
  expect(rows.filter((row) => row.length !== header.length || row.some(isHarmful))).toEqual([]);
  return rows.map((row) =>
    Object.fromEntries(row.map((value, i) => [header[i] as string, value]).filter(([, value]) => value !== '')),
  );
}

/** Whether a cell is a formula to commas or semicolons, is too long, or has a character that does something. */
function isHarmful(cell: string): boolean {
  return (
    cell.split(';').some((part) => /^[\s"]*[=+\-@＝＋－＠]/.test(part)) ||
    /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(cell) ||
    !cell.isWellFormed() ||
    cell.length > 32_767
  );
}

test('a check that takes anything would be none', () => {
  expect(readCsv('a,"b ""c"", d"\r\n,\r\n')).toEqual([
    ['a', 'b "c", d'],
    ['', ''],
  ]);
  for (const bad of ['a', 'a\n', 'a"b\r\n', '"a\r\n', '"a"b\r\n']) expect(() => readCsv(bad)).toThrow();
  expect(['a; =1', '"-1', '\n', '\ud800', 'x'.repeat(33_000), 'a=1'].map(isHarmful)).toEqual([
    ...Array(5).fill(true),
    false,
  ]);
});

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@scope/name', "'@scope/name"],
  ['＝1', "'＝1"],
  ['  =1', `"  '=1"`],
  ['\t=1', '\\x09=1'],
  ['a\r\n=b', 'a\\x0d\\x0a=b'],
  ['x;=1', `"x;'=1"`],
  ['x;"=1', `"x;""'=1"`],
  ['a=b', 'a=b'],
  ['\ud800', '\ufffd'],
])('a cell of %j is written %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test('a cell is never longer than a spreadsheet takes', () => {
  expect(csvCell('x'.repeat(40_000))).toBe(`${'x'.repeat(32_000)}…`);
});

test('a clean report has a verdict, and nothing else', () => {
  expect(report.render(evidence({}), pass, context)).toBe(
    `${columns.join(',')}\r\nverdict,verdict,,pass${','.repeat(columns.length - 4)}sha256:${'a'.repeat(64)}\r\n`,
  );
});

test('a row for each finding, then what could not be seen, the reasons and the verdict', () => {
  const target = `sha256:${'a'.repeat(64)}`;
  const [log4j] = known.findings.map(({ id, package: purl }) => ({ id, package: purl, due: '2026-02-01' }));
  const verdict: Verdict = {
    decision: 'stop',
    reasons: [{ ...(knownVerdict.reasons[0] as Verdict['reasons'][0]), subjects: log4j ? [log4j] : [] }],
  };
  const rows = rowsOf({ ...known, problems: shop.problems.slice(0, 1), looked: ['packages', 'licences'] }, verdict);
  expect(rows.map(({ kind, id, decision, counts }) => [kind, id, decision, counts])).toEqual([
    ['vulnerability', 'CVE-2021-44228', 'stop', 'yes'],
    ['vulnerability', 'CVE-2023-0001', undefined, 'yes'],
    ['vulnerability', 'CVE-2023-0002', undefined, 'yes'],
    ['vulnerability', 'CVE-2023-0003', undefined, 'no'],
    ['vulnerability', 'CVE-2023-0003', undefined, 'no'],
    ['vulnerability', 'CVE-2023-0004', undefined, 'no'],
    ['vulnerability', 'CVE-2023-0005', undefined, 'yes'],
    ['problem', 'rpm/row-damaged', 'undecided', undefined],
    ['problem', 'scan/not-looked-for', undefined, undefined],
    ['reason', 'vulnerability/severity', 'stop', undefined],
    ['verdict', 'verdict', 'stop', undefined],
  ]);
  expect(rows[0]).toEqual({
    kind: 'vulnerability',
    id: 'CVE-2021-44228',
    severity: 'critical',
    decision: 'stop',
    counts: 'yes',
    title: 'A flaw',
    package: 'log4j-core',
    version: '2.14.0',
    fixed: '2.15.0',
    fix: 'Update log4j-core 2.14.0 to 2.15.0.',
    place: '/app/node_modules/log4j-core/package.json',
    layer: '1',
    from: 'own',
    presence: 'installed',
    score: '10',
    exploited: '2021-12-10',
    epss: '0.9756',
    risk: '99.5',
    cwes: 'CWE-20; CWE-917',
    rules: 'vulnerability/severity',
    due: '2026-02-01',
    vex: 'affected (Acme Security); fixed (Acme Security)',
    link: 'https://nvd.nist.gov/vuln/detail/CVE-2021-44228',
    purl: 'pkg:maven/a/log4j-core@2.14.0',
    target,
  });
  expect(rows[3]).toMatchObject({
    answered_by: 'vex',
    answered_because: 'Acme Security says that it is not affected',
  });
  expect(rows[7]).toEqual({
    kind: 'problem',
    id: 'rpm/row-damaged',
    decision: 'undecided',
    title: 'a row is damaged',
    place: '/var/lib/rpm/rpmdb.sqlite',
    layer: '0',
    target,
  });
  expect(rows[10]).toEqual({
    kind: 'verdict',
    id: 'verdict',
    decision: 'stop',
    title: '1 critical and 1 high; the policy stops at high',
    target,
  });
});

test('what was found in places has rows too, and no secret is in them', () => {
  const secret = { shown: 'ghp_…(40)', score: 95, notes: ['its checksum holds'], value: 'ghp_the-secret-itself' };
  const also = [{ in: 'history', step: 4, layer: 1 }] as const;
  const placed = [
    placedSecret({ secret, also }),
    placedSetting({ answered: { by: 'waiver', because: 'for now' } }),
    placedByOthers(),
  ];
  const subjects = [{ id: 'secret/github-token', fingerprint: placedSecret().fingerprint }];
  const rows = rowsOf(evidence({ placed }), {
    decision: 'stop',
    reasons: [{ rule: 'secret/found', decision: 'stop', message: 'a secret', subjects }],
  });
  const target = `sha256:${'a'.repeat(64)}`;
  expect(rows.slice(0, 3)).toEqual([
    {
      kind: 'secret',
      id: 'secret/github-token',
      severity: 'high',
      decision: 'stop',
      counts: 'yes',
      title: 'a GitHub token (ghp_…(40), its checksum holds)',
      fix: 'Revoke it, and give the new one to the build as a secret mount.',
      place: '/app/.env:2 · layer 1; history step 4 · layer 1',
      layer: '1',
      from: 'own',
      aliases: 'github-pat',
      rules: 'secret/found',
      link: 'https://docs.example.com/tokens',
      fingerprint: '0123456789abcdef0123456789abcdef',
      target,
    },
    {
      kind: 'misconfiguration',
      id: 'image/runs-as-root',
      severity: 'medium',
      counts: 'no',
      title: 'the image names no user',
      fix: 'End the Dockerfile with a USER line.',
      place: 'configuration User · Dockerfile:9',
      aliases: 'CIS-DI-0001; DS-0002',
      answered_by: 'waiver',
      answered_because: 'for now',
      fingerprint: 'fedcba9876543210fedcba9876543210',
      target,
    },
    {
      kind: 'external',
      id: 'B105',
      severity: 'low',
      counts: 'yes',
      title: 'possible hard-coded password',
      place: 'app/main.py:4',
      fingerprint: '00ff',
      tool: 'Bandit 1.7.5',
      target,
    },
  ]);
});

test('hostile text stays text', () => {
  const formula = pack({ name: '=cmd|"/c calc"!A1', version: '-1;@SUM(1)' });
  const findings = [...trapImage.findings, finding(formula, { id: '+CVE', severity: 'low', title: '@x' })];
  const rows = rowsOf({ ...trapImage, findings }, trapVerdict);
  expect(rows).toHaveLength(6);
  expect(rows[2]).toMatchObject({
    id: "'+CVE",
    title: "'@x",
    package: `'=cmd|"/c calc"!A1`,
    version: "'-1;'@SUM(1)",
  });
  expect(rowsOf(shop, shopVerdict)).toHaveLength(6 + 2 + 3 + 1);
});

test('the documentation has a row for each column', () => {
  const doc = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'lists.md'), 'utf8');
  const csv = doc.split(/^## /m).find((section) => section.startsWith('`-o csv`')) ?? '';
  const rows = [...csv.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, name]) => name);
  expect(rows).toEqual([...columns]);
});

test('whatever was found, the report is good CSV without formulas', () => {
  fc.assert(
    fc.property(arbitraryEvidence, fc.constantFrom(shopVerdict, knownVerdict, trapVerdict), (given, verdict) => {
      const { findings, placed = [], problems } = given;
      const found = rowsOf(given, verdict).filter(({ kind, id }) => kind !== 'reason' && id !== 'scan/not-looked-for');
      expect(found).toHaveLength(findings.length + placed.length + problems.length + 1);
    }),
    { numRuns: 80 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => !isHarmful(readCsv(`${csvCell(text)}\r\n`)[0]?.[0] ?? '=')),
  );
});
