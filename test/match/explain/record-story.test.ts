import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, subjectOf } from '../../../src/match/affected.ts';
import { recordStory } from '../../../src/match/explain/record-story.ts';
import { matchPackages } from '../../../src/match/match.ts';
import type { Advisory } from '../../../src/model/advisory.ts';
import { order as rpm } from '../../../src/version/rpm.ts';
import { advisory, database, ecosystem, found, numbers, range } from '../make.ts';

function tell(one: Advisory, version: string, leftOut = false) {
  const subject = subjectOf(version, numbers, undefined);
  return recordStory({ advisory: one, relation: 'itself', subject, lookup: 0, leftOut });
}

function ofRpm(one: Advisory, version: string, module?: string) {
  const subject = subjectOf(version, rpm, module);
  return recordStory({ advisory: one, relation: 'itself', subject, lookup: 0, leftOut: false });
}

describe('what a record says of a version', () => {
  test('affected by a range, with the fix and every score', () => {
    const vectors = ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'no vector'];
    const one = advisory('GHSA-1', { vectors, cwes: ['CWE-79'], published: '2020-01-01T00:00:00Z' });
    expect(tell(one, '3')).toEqual({
      id: 'GHSA-1',
      relation: 'itself',
      aliases: [],
      upstream: [],
      title: 'about GHSA-1',
      lookup: 0,
      outcome: 'affected',
      because: ['3 is in the range from 0 until fixed 5 (numbers order)'],
      ranges: [
        {
          ...range('introduced 0', 'fixed 5'),
          concerns: true,
          holds: true,
          says: '3 is in the range from 0 until fixed 5 (numbers order)',
        },
      ],
      versions: 0,
      fixed: ['5'],
      severity: { severity: 'unknown', source: 'none' },
      vectors: [
        { version: 'cvss-v3', score: 9.8, severity: 'critical', vector: vectors[1] },
        { version: 'cvss-v2', score: 7.5, severity: 'high', vector: vectors[0] },
      ],
      cwes: ['CWE-79'],
      published: '2020-01-01T00:00:00Z',
      modified: '2020-01-01T00:00:00Z',
      imports: [],
    });
  });

  test.each<[string, Advisory, string, string, readonly string[]]>([
    [
      'listed',
      advisory('A', { ranges: [], versions: ['2', '3'] }),
      '3',
      'affected',
      ['3 is listed among the affected versions'],
    ],
    [
      'listed in another spelling, outside of the range',
      advisory('A', { versions: ['v7'] }),
      '7',
      'affected',
      ['7 is listed among the affected versions as v7, which is the same one'],
    ],
    [
      'not listed, and no ranges of versions',
      advisory('A', { ranges: [], versions: ['2', '4'] }),
      '3',
      'not-affected',
      ['3 is none of the 2 versions that it lists', 'it has no ranges of versions (ranges of commits are none)'],
    ],
    [
      'withdrawn',
      advisory('A', { withdrawn: '2024-05-06T00:00:00Z' }),
      '3',
      'not-affected',
      ['withdrawn 2024-05-06: it holds for no version'],
    ],
    [
      'a version that can not be ordered',
      advisory('A'),
      'x.y',
      'undecided',
      ['x.y is no version that the numbers order can place'],
    ],
    [
      'a bound that can not be ordered',
      advisory('A', { ranges: [range('introduced 0', 'fixed 1', 'introduced odd')] }),
      '3',
      'undecided',
      [
        'its bound odd is no version that the numbers order can place, so nothing is sure',
        'fixed in 1, and 3 is not older (numbers order)',
      ],
    ],
  ])('%s', (_name, one, version, outcome, because) => {
    const told = tell(one, version);
    expect({ outcome: told.outcome, because: told.because }).toEqual({ outcome, because });
  });

  test('an erratum that is about no flaw is told as matching takes it', () => {
    expect(tell(advisory('ALBA-1'), '3', true)).toMatchObject({
      outcome: 'not-affected',
      because: [
        'it is an erratum for bugs or enhancements that names no CVE: no flaw',
        '3 is in the range from 0 until fixed 5 (numbers order)',
      ],
      fixed: [],
    });
  });

  test('ranges of a module stream', () => {
    const ofStream = advisory('ALSA-1', {
      summary: 'Important: nodejs:18 security update',
      ranges: [range('introduced 0', 'fixed 1:18.9.1-1.module_el8.7.0+3343+ea2b7901')],
    });
    const plain = advisory('ALSA-2', { ranges: [range('introduced 0', 'fixed 1:20.0-1.el8')] });
    const build = '1:16.1-1.module_el8.6.0+3261+490666b3';
    expect(ofRpm(ofStream, build, 'nodejs:18:80:x').outcome).toBe('affected');
    expect([
      ofRpm(ofStream, build, 'nodejs:16:80:x'),
      ofRpm(ofStream, '1:16.1-1.el8'),
      ofRpm(plain, build, 'nodejs:16:80:x'),
      ofRpm(plain, build),
    ]).toMatchObject(
      [
        'its fix 1:18.9.1-1.module_el8.7.0+3343+ea2b7901 is of another module stream (“Important: nodejs:18 security update”), and this rpm is of the module stream nodejs:16',
        "its fix 1:18.9.1-1.module_el8.7.0+3343+ea2b7901 is a module's build, and this rpm is of no module: the two are built side by side",
        'its fix 1:20.0-1.el8 is of no module, and this rpm is of the module stream nodejs:16: the two are built side by side',
        `its fix 1:20.0-1.el8 is of no module, and ${build} is a module's build: the two are built side by side`,
      ].map((because) => ({ outcome: 'not-affected', because: [because] })),
    );
  });
});

const bound = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('v3', 'odd') },
);
const events = fc.array(
  fc.tuple(fc.constantFrom('introduced', 'fixed', 'last_affected', 'limit'), bound).map((pair) => pair.join(' ')),
  { minLength: 1, maxLength: 5 },
);
const anyAdvisory = fc
  .record({
    ranges: fc.array(events, { maxLength: 3 }),
    versions: fc.array(bound, { maxLength: 3 }),
    withdrawn: fc.constantFrom(undefined, undefined, undefined, '2024-05-06T00:00:00Z'),
  })
  .map(({ ranges, versions, withdrawn }) =>
    advisory('A-1', {
      ranges: ranges.map((one) => range(...one)),
      versions,
      ...(withdrawn === undefined ? {} : { withdrawn }),
    }),
  );

describe('the story never disagrees with matching', () => {
  test('affected is what judge matches, with its fixes; each reason is one that holds', () => {
    fc.assert(
      fc.property(anyAdvisory, bound, (one, version) => {
        const match = judge(one, subjectOf(version, numbers, undefined));
        const told = tell(one, version);
        expect(told.outcome === 'affected').toBe(match !== undefined);
        expect(told.fixed).toEqual(match?.fixes ?? []);
        const held = told.ranges.some(({ concerns, holds }) => concerns && holds) || told.listed !== undefined;
        expect(one.withdrawn === undefined && held).toBe(match !== undefined);
        expect(told.because.length).toBeGreaterThan(0);
      }),
      { numRuns: 800 },
    );
  });

  test('undecided is what matching calls a problem', () => {
    const plugin = ecosystem();
    fc.assert(
      fc.property(anyAdvisory, bound, (one, version) => {
        const { findings, problems } = matchPackages([found('x', version)], {
          ecosystemOf: () => plugin,
          distribution: undefined,
          db: database({ x: [one] }),
        });
        const expected = findings.length > 0 ? 'affected' : problems.length > 0 ? 'undecided' : 'not-affected';
        expect(tell(one, version).outcome).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
