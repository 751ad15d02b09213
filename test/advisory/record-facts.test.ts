import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOsvRecord } from '../../src/advisory/osv-record.ts';
import { cwesIn, fixStateIn, importsIn, isDisputed, unionOfCwes } from '../../src/advisory/record-facts.ts';
import { SluiceError } from '../../src/util/error.ts';

const base = { id: 'X-1', modified: '2024-01-01T00:00:00Z' };

describe('kinds of weakness', () => {
  test.each<[string, unknown, readonly string[]]>([
    ["GitHub's texts, by number", { cwe_ids: ['CWE-787', 'CWE-79', 'CWE-0079'] }, ['CWE-79', 'CWE-787']],
    ["malicious packages' objects", { cwes: [{ cweId: 'CWE-506', name: 'Embedded Malicious Code' }] }, ['CWE-506']],
    ['both', { cwe_ids: ['cwe-20'], cwes: ['CWE-3'] }, ['CWE-3', 'CWE-20']],
    ['what is none', { cwe_ids: ['NVD-CWE-noinfo', 79, null, 'CWE-0', 'CWE-', { cweId: 7 }, 'CWE-1234567'] }, []],
    ['no list', { cwe_ids: 'CWE-79', cwes: {} }, []],
    ['nothing', undefined, []],
  ])('of %s', (_what, specific, expected) => {
    expect(cwesIn({ database_specific: specific })).toEqual(expected);
  });

  test('are bounded', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `CWE-${i + 1}`);
    expect(cwesIn({ database_specific: { cwe_ids: many } })).toHaveLength(32);
  });

  test('of several records are one list by number', () => {
    expect(unionOfCwes([[], ['CWE-79'], ['CWE-20', 'CWE-79']])).toEqual(['CWE-20', 'CWE-79']);
    expect(unionOfCwes([[], []])).toEqual([]);
  });
});

describe('a disputed record', () => {
  test.each<[string, Record<string, unknown>, boolean]>([
    ['the mark before the details', { details: '** DISPUTED ** An issue' }, true],
    ['the mark before the summary, behind blanks', { summary: '  \n** DISPUTED ** It' }, true],
    ['the mark further on', { details: 'It was once ** DISPUTED **' }, false],
    ['the word alone', { details: 'The vendor has disputed this' }, false],
    ['isDisputed', { database_specific: { isDisputed: true } }, true],
    ['disputed', { database_specific: { disputed: true } }, true],
    ['isDisputed that is a text', { database_specific: { isDisputed: 'true' } }, false],
    ['nothing', {}, false],
  ])('by %s', (_what, record, expected) => {
    expect(isDisputed(record)).toBe(expected);
    expect(checkOsvRecord({ ...base, ...record }).disputed).toBe(expected);
  });
});

test.each<[unknown, string | undefined]>([
  ['end-of-life', 'end-of-life'],
  ['unimportant', undefined],
  ['not yet assigned', undefined],
  [7, undefined],
])('the urgency %j says what Debian will do', (urgency, expected) => {
  expect(fixStateIn({ ecosystem_specific: { urgency } })).toBe(expected);
});

describe('flawed imports', () => {
  const of = (imports: unknown) => importsIn({ ecosystem_specific: { imports } });

  test('are sorted by path, each once, with all symbols of it', () => {
    const items = [
      { path: 'b', symbols: ['Z', 'A'], goos: ['windows'] },
      { path: 'a', symbols: ['X'] },
      { path: 'b', symbols: ['A', 'B'], goos: ['linux'] },
    ];
    expect(of(items)).toEqual([
      { path: 'a', symbols: ['X'] },
      { path: 'b', symbols: ['A', 'B', 'Z'] },
    ]);
  });

  test.each<[string, unknown]>([
    ['no symbols', undefined],
    ['an empty list', []],
    ['a symbol that is none', ['A', 7]],
    ['too many', Array.from({ length: 1001 }, (_, i) => `S${i}`)],
    ['one that is too long', ['x'.repeat(301)]],
  ])('with %s are all of the path, also beside symbols of the same path', (_what, symbols) => {
    expect(of([{ path: 'a', symbols }])).toEqual([{ path: 'a', symbols: [] }]);
    const beside = [
      { path: 'a', symbols: ['A'] },
      { path: 'a', symbols },
      { path: 'a', symbols: ['B'] },
    ];
    expect(of(beside)).toEqual([{ path: 'a', symbols: [] }]);
  });

  test.each<[string, unknown]>([
    ['no list', { path: 'a' }],
    ['an entry without a path', [{ path: 'a' }, { symbols: ['A'] }]],
    ['a path that is too long', [{ path: 'x'.repeat(301) }]],
    ['too many paths', Array.from({ length: 201 }, (_, i) => ({ path: `p${i}` }))],
  ])('of %s tell nothing', (_what, imports) => {
    expect(of(imports)).toEqual([]);
  });

  test('of two entries for one package are joined; where one tells nothing, nothing is told', () => {
    const entry = (imports: unknown) => ({
      package: { ecosystem: 'Go', name: 'm' },
      versions: ['1'],
      ecosystem_specific: { imports },
    });
    const read = (...entries: unknown[]) => checkOsvRecord({ ...base, affected: entries }).packages;
    const both = read(entry([{ path: 'a', symbols: ['A'] }]), entry([{ path: 'a', symbols: ['B'] }, { path: 'b' }]));
    expect(both.map(({ imports }) => imports)).toEqual([
      [
        { path: 'a', symbols: ['A', 'B'] },
        { path: 'b', symbols: [] },
      ],
    ]);
    expect(read(entry([{ path: 'a' }]), entry(undefined)).map(({ imports }) => imports)).toEqual([[]]);
  });
});

describe('what distributions say', () => {
  const affectedBy = (more: object) =>
    checkOsvRecord({
      ...base,
      affected: [{ package: { ecosystem: 'Debian:12', name: 'a' }, versions: ['1'], ...more }],
    }).packages[0]!;

  test.each<[string, object, string, string | undefined]>([
    ['Debian: unimportant', { ecosystem_specific: { urgency: 'unimportant' } }, 'negligible', undefined],
    ['Debian: end of life', { ecosystem_specific: { urgency: 'end-of-life' } }, 'unknown', 'end-of-life'],
    ['Debian: not yet assigned', { ecosystem_specific: { urgency: 'not yet assigned' } }, 'unknown', undefined],
    ['Ubuntu: its own word', { severity: [{ type: 'Ubuntu', score: 'medium' }] }, 'medium', undefined],
    [
      'Ubuntu: the worst of a notice',
      {
        database_specific: {
          cves_map: {
            cves: [
              { id: 'CVE-1', severity: [{ type: 'Ubuntu', score: 'low' }] },
              {
                id: 'CVE-2',
                severity: [
                  { type: 'CVSS_V3', score: 'CVSS:3.1/x' },
                  { type: 'Ubuntu', score: 'high' },
                ],
              },
              7,
            ],
          },
        },
      },
      'high',
      undefined,
    ],
  ])('%s', (_what, more, severity, fixState) => {
    const read = affectedBy(more);
    expect([read.severity.severity, read.fixState]).toEqual([severity, fixState]);
  });

  test('all vectors that can be scored are kept: those of the record, and the package’s own', () => {
    const v3 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
    const v2 = 'AV:N/AC:L/Au:N/C:P/I:P/A:P';
    const read = checkOsvRecord({
      ...base,
      severity: [{ score: v3 }, { score: 'CVSS:3.1/none' }, { score: v3 }],
      affected: [
        { package: { ecosystem: 'npm', name: 'a' }, versions: ['1'], severity: [{ score: v2 }, { score: v3 }] },
      ],
    });
    expect([read.vectors, read.packages[0]?.vectors]).toEqual([[v3], [v2]]);
  });

  test('of one package with different fix states stay apart', () => {
    const affected = ['end-of-life', 'not yet assigned'].map((urgency) => ({
      package: { ecosystem: 'Debian:12', name: 'a' },
      versions: [urgency],
      ecosystem_specific: { urgency },
    }));
    const { packages } = checkOsvRecord({ ...base, affected });
    expect(packages.map(({ versions, fixState }) => [versions, fixState])).toEqual([
      [['end-of-life'], 'end-of-life'],
      [['not yet assigned'], undefined],
    ]);
  });
});

test('any JSON in the places that explain a record is a record or an error that was foreseen', () => {
  const json = fc.jsonValue({ maxDepth: 5 });
  const specific = fc.oneof(
    json,
    fc.record({ cwe_ids: json, cwes: json, isDisputed: json, cves_map: fc.oneof(json, fc.record({ cves: json })) }),
  );
  const extra = fc.oneof(json, fc.record({ urgency: json, imports: json, severity: json }));
  fc.assert(
    fc.property(specific, extra, json, (database, ecosystem, severity) => {
      const affected = [
        {
          package: { ecosystem: 'Debian:12', name: 'a' },
          versions: ['1'],
          database_specific: database,
          ecosystem_specific: ecosystem,
          severity,
        },
      ];
      try {
        const read = checkOsvRecord({ ...base, database_specific: database, severity, affected });
        expect(read.packages).toHaveLength(1);
        for (const cwe of [...read.cwes, ...read.packages[0]!.cwes]) expect(cwe).toMatch(/^CWE-[1-9]\d*$/);
        for (const { path } of read.packages[0]!.imports) expect(typeof path).toBe('string');
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(SluiceError);
      }
    }),
    { numRuns: 300 },
  );
});
