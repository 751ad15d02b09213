import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOsvRecord, readOsvRecord } from '../../src/advisory/osv-record.ts';
import { SluiceError } from '../../src/util/error.ts';
import { fixtureFiles } from './support.ts';

const base = { id: 'X-1', modified: '2024-01-01T00:00:00Z' };
const zero = [{ introduced: '0' }];

function fixture(ecosystem: string, name: string) {
  const found = fixtureFiles(ecosystem).find(([file]) => file === name);
  return readOsvRecord(Buffer.from(found![1]));
}

describe('readOsvRecord', () => {
  test('joins the affected entries of one package and prefers the publisher over CVSS', () => {
    const read = fixture('npm', 'GHSA-aaaa-bbbb-cccc.json');
    expect(read).toEqual({
      id: 'GHSA-aaaa-bbbb-cccc',
      aliases: ['CVE-2024-90003'],
      upstream: [],
      related: ['CVE-2024-90004'],
      summary: 'Prototype pollution in @example/merge',
      published: '2024-01-01T00:00:00Z',
      modified: '2024-01-02T03:04:05Z',
      withdrawn: undefined,
      disputed: false,
      cwes: ['CWE-1321'],
      vectors: [
        'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N',
        'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
      ],
      packages: [
        {
          ecosystem: 'npm',
          name: '@example/merge',
          vectors: [],
          cwes: [],
          imports: [],
          versions: [],
          ranges: [
            {
              type: 'SEMVER',
              events: [
                { kind: 'introduced', version: '0' },
                { kind: 'fixed', version: '1.2.3' },
              ],
            },
            {
              type: 'SEMVER',
              events: [
                { kind: 'introduced', version: '2.0.0' },
                { kind: 'last_affected', version: '2.4.0' },
              ],
            },
          ],
          severity: {
            severity: 'medium',
            source: 'publisher',
            score: 9.3,
            vector: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
          },
        },
      ],
    });
  });

  test('normalizes PyPI names, leaves out GIT ranges, scores CVSS 2 and takes the first line of the details', () => {
    const read = fixture('PyPI', 'PYSEC-2024-9.json');
    expect(read.summary).toBe('A crafted archive leads out of its folder.');
    expect(read.packages).toEqual([
      {
        ecosystem: 'PyPI',
        name: 'zope-example-kit',
        vectors: [],
        cwes: [],
        imports: [],
        versions: ['1.0', '1.1'],
        ranges: [
          {
            type: 'ECOSYSTEM',
            events: [
              { kind: 'introduced', version: '0' },
              { kind: 'fixed', version: '2.0' },
            ],
          },
        ],
        severity: { severity: 'high', source: 'cvss-v2', score: 7.5, vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' },
      },
    ]);
  });

  test("takes Debian's urgency for each release and CVSS where there is none yet", () => {
    const ofPackages = fixture('Debian', 'DSA-9001-1.json').packages.map((one) => [one.ecosystem, one.severity]);
    expect(ofPackages).toEqual([
      ['Debian:11', { severity: 'negligible', source: 'publisher' }],
      ['Debian:12', { severity: 'medium', source: 'publisher' }],
      ['Alpine:v3.18', { severity: 'unknown', source: 'none' }],
    ]);
    const other = fixture('Debian', 'DEBIAN-CVE-2024-90002.json');
    expect(other.summary).toBe('First line of the details.');
    expect(other.packages[0]?.severity).toEqual({
      severity: 'critical',
      source: 'cvss-v3',
      score: 9.8,
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    });
  });

  test("takes the rating in front of an AlmaLinux erratum's summary", () => {
    const severities = fixture('AlmaLinux', 'ALSA-2024-9.json').packages.map((one) => one.severity);
    expect(severities).toEqual([
      { severity: 'high', source: 'publisher' },
      { severity: 'high', source: 'publisher' },
    ]);
  });

  test('what is said of the package wins over what is said of the record', () => {
    const read = checkOsvRecord({
      ...base,
      database_specific: { severity: 'LOW' },
      affected: [
        {
          package: { ecosystem: 'Ubuntu:22.04:LTS', name: 'a' },
          versions: ['1'],
          severity: [
            { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
            { type: 'Ubuntu', score: 'negligible' },
          ],
        },
        {
          package: { ecosystem: 'npm', name: 'b' },
          versions: ['1'],
          severity: [{ type: 'CVSS_V3', score: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
        },
        { package: { ecosystem: 'npm', name: 'c' }, versions: ['1'] },
      ],
    });
    expect(read.packages.map((one) => [one.severity.severity, one.severity.source])).toEqual([
      ['negligible', 'publisher'],
      ['critical', 'cvss-v3'],
      ['low', 'publisher'],
    ]);
  });

  test('packages of one name and different severity stay apart', () => {
    const affected = ['low', 'high'].map((urgency) => ({
      package: { ecosystem: 'Debian:12', name: 'a' },
      versions: [urgency],
      ecosystem_specific: { urgency },
    }));
    const read = checkOsvRecord({ ...base, affected });
    expect(read.packages.map((one) => [one.versions, one.severity.severity])).toEqual([
      [['low'], 'low'],
      [['high'], 'high'],
    ]);
  });

  test('a withdrawn record keeps its packages and its time', () => {
    expect(fixture('npm', 'GHSA-dddd-eeee-ffff.json')).toMatchObject({
      withdrawn: '2024-06-02T00:00:00Z',
      packages: [{ ecosystem: 'npm', name: '@example/merge' }],
    });
  });

  test('commits alone are no package', () => {
    const git = [{ type: 'GIT', repo: 'r', events: zero }];
    const read = checkOsvRecord({
      ...base,
      affected: [{ ranges: git }, { package: { ecosystem: 'npm', name: 'a' }, ranges: git }, { package: null }],
    });
    expect(read).toMatchObject({ withdrawn: undefined, packages: [] });
  });

  test('control characters never leave the summary and it is cut', () => {
    const read = checkOsvRecord({ ...base, summary: `a\u001b[2Jb${'x'.repeat(1000)}` });
    expect(read.summary).toHaveLength(300);
    expect(read.summary.startsWith('a [2Jbxxx')).toBe(true);
    expect(read.summary.endsWith('x…')).toBe(true);
  });

  test.each<[string, unknown]>([
    ['a list', []],
    ['no id', { modified: base.modified }],
    ['an id that is a path', { ...base, id: '../../etc/passwd' }],
    ['an id with a backslash', { ...base, id: 'a\\b' }],
    ['an id of dots', { ...base, id: 'a..b' }],
    ['no modified', { id: 'X-1' }],
    ['a modified that is no time', { ...base, modified: 'yesterday' }],
    ['a month 13', { ...base, modified: '2024-13-01T00:00:00Z' }],
    ['aliases that are an object', { ...base, aliases: {} }],
    ['aliases with a number', { ...base, aliases: [1] }],
    ['affected that is a text', { ...base, affected: 'x' }],
    ['a package without a name', { ...base, affected: [{ package: { ecosystem: 'npm' }, versions: ['1'] }] }],
    ['a range of an unknown type', { ...base, affected: [{ package: { ecosystem: 'npm', name: 'a' }, ranges: [{}] }] }],
    ['a withdrawal that is true', { ...base, withdrawn: true }],
  ])('%s is unreadable', (_what, value) => {
    expect(() => checkOsvRecord(value)).toThrow(expect.objectContaining({ code: 'advisory/record-unreadable' }));
  });

  test.each<[string, unknown]>([
    ['an event with a number', [{ introduced: 0 }]],
    ['an event that says nothing', [{}]],
    ['an event that is a text', ['0']],
    ['events that are an object', {}],
  ])('%s is unreadable', (_what, events) => {
    const affected = [{ package: { ecosystem: 'npm', name: 'a' }, ranges: [{ type: 'SEMVER', events }] }];
    expect(() => checkOsvRecord({ ...base, affected })).toThrow(
      expect.objectContaining({ code: 'advisory/record-unreadable' }),
    );
  });

  test('any JSON is a record or an error that was foreseen', () => {
    const good = JSON.parse(fixtureFiles('npm')[0]![1]) as Record<string, unknown>;
    const key = fc.constantFrom(...Object.keys(good), '__proto__', 'constructor', 'withdrawn');
    fc.assert(
      fc.property(key, fc.jsonValue({ maxDepth: 4 }), (name, value) => {
        const bytes = Buffer.from(JSON.stringify({ ...good, [name]: value }));
        try {
          const read = readOsvRecord(bytes);
          expect(read.id).toMatch(/^[A-Za-z0-9]/);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('any bytes are a record or an error that was foreseen', () => {
    const good = Buffer.from(fixtureFiles('npm')[0]![1]);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, put) => {
        const bytes = Buffer.from(good);
        bytes.set(put.subarray(0, bytes.length - at), at);
        try {
          readOsvRecord(bytes);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a record that says the same of one package again and again', () => {
  const named = { ecosystem: 'Go', name: 'example.org/a' };

  function packagesOf(affected: readonly object[]) {
    return checkOsvRecord({ ...base, affected: affected.map((one) => ({ package: named, ...one })) }).packages;
  }

  test('takes no more than linear time, also where each time it is as bad in another way', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({
      versions: [`1.${i}.0`],
      ranges: [{ type: 'SEMVER', events: [{ introduced: `${i}.0.0` }, { fixed: `${i}.5.0` }] }],
    }));
    const vectors = Array.from({ length: 8_000 }, (_, i) => {
      const digits = [4096, 512, 64, 8, 1].map((by) => 'NALP'[Math.floor(i / by) % 4]);
      return `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:${digits[0]}/E:${'XUPFH'[i % 5]}/RL:${'XOTWU'[(i >> 3) % 5]}/RC:${'XURC'[(i >> 6) % 4]}/CR:${'XLMH'[(i >> 8) % 4]}/IR:${'XLMH'[(i >> 10) % 4]}/AR:${'XLMH'[(i >> 12) % 4]}`;
    });
    const before = process.cpuUsage();
    const [found, ...more] = packagesOf(many);
    expect([found!.versions.length, found!.ranges.length, more]).toEqual([20_000, 20_000, []]);
    const rated = packagesOf(vectors.map((score, i) => ({ versions: [`1.${i}.0`], severity: [{ score }] })));
    expect(rated.flatMap(({ versions }) => versions)).toHaveLength(8_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(5);
  });

  test('keeps what each of them says of imports, unless one says nothing', () => {
    const importing = (version: string, ...imports: readonly (readonly [string, ...string[]])[]) => ({
      versions: [version],
      ecosystem_specific: { imports: imports.map(([path, ...symbols]) => ({ path, symbols })) },
    });
    const three = [
      importing('1.0.0', ['a', 'X'], ['b', 'Z']),
      importing('2.0.0', ['a', 'W', 'X']),
      importing('3.0.0', ['b'], ['c', 'V']),
    ];
    expect(packagesOf(three).map(({ versions, imports }) => [versions, imports])).toEqual([
      [
        ['1.0.0', '2.0.0', '3.0.0'],
        [
          { path: 'a', symbols: ['W', 'X'] },
          { path: 'b', symbols: [] },
          { path: 'c', symbols: ['V'] },
        ],
      ],
    ]);
    expect(packagesOf([...three, { versions: ['4.0.0'] }]).map(({ imports }) => imports)).toEqual([[]]);
    // The paths of 150 and again of the same 150 are no more than 150.
    const paths = Array.from({ length: 150 }, (_, i) => [`p${i}`, 'S'] as const);
    expect(packagesOf([importing('1.0.0', ...paths), importing('2.0.0', ...paths)])[0]!.imports).toHaveLength(150);
  });
});
