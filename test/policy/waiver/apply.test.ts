import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../src/model/digest.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { WaivedSubject } from '../../../src/policy/waiver/applied.ts';
import { applyWaivers } from '../../../src/policy/waiver/apply.ts';
import type { Waiver } from '../../../src/policy/waiver/contract.ts';
import { evidence, finding, npmData, pack } from '../../report/samples.ts';
import { leastCpu } from '../../support/cpu.ts';
import { image, lodash, now, openssl, waiver, waivers } from './samples.ts';

const applying = { now, names: ['debian:12'], soonDays: 14 };
const kev = { ...npmData, ecosystem: 'KEV', origin: 'feed' as const };
const epss = { ...npmData, ecosystem: 'EPSS', origin: 'feed' as const };

/** What of an image is answered by waivers, and what became of each waiver: state, answers, note. */
function outcome(given: Evidence, ...list: readonly Partial<Waiver>[]) {
  const applied = applyWaivers(given, waivers(...list), applying);
  const answered = applied.evidence.findings.flatMap(({ id, answered: by }) => (by?.by === 'waiver' ? [id] : []));
  return { answered, uses: applied.uses().map(({ state, answers, note }) => [state, answers, note]) };
}

const nothing = 'there is nothing in this image that it would answer';

test('A finding that a waiver is over is answered, and stays in the evidence', () => {
  const given = waivers({ ids: ['ghsa-aaaa-bbbb-cccc'], ticket: 'SHOP-1' });
  const { evidence: after, uses } = applyWaivers(image, given, applying);
  const [first, second, third] = image.findings;
  expect(after).toEqual({
    ...image,
    findings: [
      first,
      {
        ...second,
        answered: {
          by: 'waiver',
          because: 'waived until 2026-12-31 by shop team (SHOP-1): not reachable [sluice.waivers.yaml:3]',
        },
      },
      third,
    ],
  });
  expect(uses()).toEqual([
    {
      place: 'sluice.waivers.yaml:3',
      about: 'ghsa-aaaa-bbbb-cccc',
      reason: 'not reachable',
      owner: 'shop team',
      ticket: 'SHOP-1',
      expires: '2026-12-31',
      state: 'matched',
      answers: 1,
      soon: false,
    },
  ]);
});

test('Without waivers that are over anything, the evidence is the same object', () => {
  expect(applyWaivers(image, waivers(), applying).evidence).toBe(image);
  expect(applyWaivers(image, waivers({ ids: ['CVE-1'] }), applying).evidence).toBe(image);
});

describe('Selectors', () => {
  const cases: readonly (readonly [string, Partial<Waiver>, readonly string[]])[] = [
    ['id', { ids: ['CVE-2026-0002'] }, ['CVE-2026-0002']],
    ['any of several ids', { ids: ['CVE-1', 'DSA-9999-1', 'cve-2026-0003'] }, ['CVE-2026-0001', 'CVE-2026-0003']],
    ['package', { packages: ['pkg:npm/lodash'] }, ['CVE-2026-0002', 'CVE-2026-0003']],
    ['package in another case where the type knows none', { packages: ['pkg:deb/Debian/OpenSSL'] }, ['CVE-2026-0001']],
    ['package in another case where it is another package', { packages: ['pkg:npm/Lodash'] }, []],
    ['package by a pattern', { packages: ['pkg:deb/*'] }, ['CVE-2026-0001']],
    ['part of a name', { packages: ['pkg:deb/debian/open'] }, []],
    ['a name that begins alike', { packages: ['pkg:npm/lodas', 'pkg:npm/lodash-es', 'pkg:npm/%40types/lodash'] }, []],
    ['version', { packages: ['pkg:deb/debian/openssl@3.0.11-1'] }, ['CVE-2026-0001']],
    ['version by a pattern', { packages: ['pkg:deb/debian/openssl@3.0.*'] }, ['CVE-2026-0001']],
    ['another version', { packages: ['pkg:deb/debian/openssl@3.0.12-1'] }, []],
    ['qualifier', { packages: ['pkg:deb/debian/openssl?arch=amd64'] }, ['CVE-2026-0001']],
    ['another qualifier', { packages: ['pkg:deb/debian/openssl?arch=arm64'] }, []],
    ['subpath that the package has not', { packages: ['pkg:npm/lodash#lib'] }, []],
    ['all paths', { paths: ['/app/**'] }, ['CVE-2026-0002', 'CVE-2026-0003']],
    ['one of two paths', { paths: ['/app/a/**'] }, []],
    ['two globs for two paths', { paths: ['/app/a/*', '/app/b/*'] }, ['CVE-2026-0002', 'CVE-2026-0003']],
    ['id and package', { ids: ['CVE-2026-0002'], packages: ['pkg:npm/*'] }, ['CVE-2026-0002']],
    ['id in another package', { ids: ['CVE-2026-0002'], packages: ['pkg:deb/*'] }, []],
    ['package and path', { packages: ['pkg:npm/*'], paths: ['/srv/**'] }, []],
    ['the image', { ids: ['CVE-2026-0002'], images: ['docker.io/library/debian:12'] }, ['CVE-2026-0002']],
    ['the image by a pattern', { ids: ['CVE-2026-0002'], images: ['debian:*'] }, ['CVE-2026-0002']],
    ['the image by its digest', { ids: ['CVE-2026-0002'], images: [`sha256:${'a'.repeat(64)}`] }, ['CVE-2026-0002']],
    ['the image by its id', { ids: ['CVE-2026-0002'], images: [`x/y@sha256:${'b'.repeat(64)}`] }, ['CVE-2026-0002']],
    ['another tag', { ids: ['CVE-2026-0002'], images: ['debian:13'] }, []],
    ['the tag at another digest', { ids: ['CVE-2026-0002'], images: [`debian:12@sha256:${'c'.repeat(64)}`] }, []],
    ['another registry', { ids: ['CVE-2026-0002'], images: ['registry.example.com/debian:12'] }, []],
  ];
  test.each(cases)('%s', (_name, given, answered) => {
    expect(outcome(image, given).answered).toEqual(answered);
  });

  test('Versions are whole texts, with their epoch and their +, however they are encoded', () => {
    const purl = 'pkg:deb/debian/vim@2%3A9.0.1378-2%2Bdeb12u1?arch=amd64';
    const vim = pack({ ecosystem: 'deb', name: 'vim', version: '2:9.0.1378-2+deb12u1', purl, paths: ['/x'] });
    const given = evidence({ findings: [finding(vim, { id: 'CVE-1', severity: 'low' })] });
    const answers = (text: string) => outcome(given, { packages: [text] }).answered.length === 1;
    expect(
      [
        'pkg:deb/debian/vim@2:9.0.1378-2+deb12u1',
        'pkg:deb/debian/vim@2%3a9.0.1378-2%2bdeb12u1',
        'pkg:deb/debian/vim@2:9.0.1378-2*',
        'pkg:deb/debian/%76im',
      ].map(answers),
    ).toEqual([true, true, true, true]);
    expect(
      [
        'pkg:deb/debian/vim@9.0.1378-2+deb12u1',
        'pkg:deb/debian/vim@2:9.0.1378-2',
        'pkg:deb/debian/vim@2:9.0.1378-2 deb12u1',
        'pkg:deb/ubuntu/vim',
        'pkg:deb/vim',
      ].map(answers),
    ).toEqual([false, false, false, false, false]);
  });

  test('What has no path is meant by no path, and what is no package URL by no package', () => {
    const odd = evidence({
      findings: [finding(pack({ name: 'x', version: '1', purl: 'odd', paths: [] }), { id: 'CVE-1', severity: 'low' })],
    });
    expect(outcome(odd, { paths: ['**'] }).answered).toEqual([]);
    expect(outcome(odd, { packages: ['pkg:npm/*'] }).answered).toEqual([]);
    expect(outcome(odd, { ids: ['CVE-1'] }).answered).toEqual(['CVE-1']);
  });
});

describe('Time', () => {
  test('An expired waiver answers nothing, and says what to do', () => {
    expect(
      outcome(image, { packages: ['pkg:npm/*'], expires: '2026-06-14' }, { ids: ['CVE-1'], expires: '2026-01-01' }),
    ).toEqual({
      answered: [],
      uses: [
        [
          'expired',
          0,
          'its last day was 2026-06-14, so that 2 findings count again: end the cause, or renew it with a reason why',
        ],
        ['expired', 0, 'its last day was 2026-01-01, and there is nothing that it would answer: remove it'],
      ],
    });
  });
  test('It holds on its first day and on its last', () => {
    const days: Partial<Waiver> = { ids: ['CVE-2026-0002'], from: '2026-06-15', expires: '2026-06-15' };
    expect(outcome(image, days)).toEqual({ answered: ['CVE-2026-0002'], uses: [['matched', 1, undefined]] });
  });
  test('Before its first day it answers nothing', () => {
    expect(
      outcome(image, { ids: ['CVE-2026-0002'], from: '2026-06-16' }, { ids: ['CVE-1'], from: '2026-07-01' }),
    ).toEqual({
      answered: [],
      uses: [
        ['not-yet', 0, 'it holds from 2026-06-16 on; until then 1 finding counts'],
        ['not-yet', 0, 'it holds from 2026-07-01 on'],
      ],
    });
  });
  test('What ends within the days that are soon is told, matched or not', () => {
    const soon = (expires: string): boolean | undefined =>
      applyWaivers(image, waivers({ ids: ['CVE-1'], expires }), applying).uses()[0]?.soon;
    expect([soon('2026-06-15'), soon('2026-06-29'), soon('2026-06-30'), soon('2026-06-14')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('Events', () => {
  const flaw = { ids: ['CVE-2026-0001'] };
  const base = { name: 'debian:12', digest: parseDigest(`sha256:${'d'.repeat(64)}`), layers: 1, by: 'flag' as const };
  const based = { ...image, target: { ...image.target, base } };
  const cases: readonly (readonly [string, Evidence, Waiver['until'], string | undefined])[] = [
    ['a fix', image, { fixReleased: true }, '3.0.12-1 fixes it, so that 1 finding counts again'],
    ['KEV', image, { exploited: true }, 'it is known to be exploited since 2026-06-01, so that 1 finding counts again'],
    ['EPSS above', image, { epssAbove: 0.5 }, 'its EPSS score is 0.7, above 0.5, so that 1 finding counts again'],
    ['EPSS not above', image, { epssAbove: 0.7 }, undefined],
    ['the same base', based, { base: base.digest }, undefined],
    [
      'another base',
      based,
      { base: `sha256:${'e'.repeat(64)}` },
      'the base image is now sha256:dddddddddddd, so that 1 finding counts again',
    ],
    [
      'an unknown base',
      image,
      { base: base.digest },
      'the digest of the base image is not known, so that 1 finding counts again',
    ],
  ];
  test.each(cases)('%s', (_name, given, until, note) => {
    expect(outcome(given, { ...flaw, until })).toEqual({
      answered: note === undefined ? ['CVE-2026-0001'] : [],
      uses: [[note === undefined ? 'matched' : 'ended', note === undefined ? 1 : 0, note]],
    });
  });

  test('An event ends a waiver for the findings that it concerns alone', () => {
    expect(outcome(image, { ids: ['CVE-2026-0001', 'CVE-2026-0002'], until: { fixReleased: true } })).toEqual({
      answered: ['CVE-2026-0002'],
      uses: [['matched', 1, '3.0.12-1 fixes it, so that 1 more counts again']],
    });
  });

  test('What the data at hand cannot tell has happened', () => {
    const plain = { ...image, findings: image.findings.slice(1) };
    const later: Partial<Waiver>[] = [
      { ids: ['CVE-2026-0002'], until: { exploited: true } },
      { ids: ['CVE-2026-0003'], until: { epssAbove: 0.5 } },
      { ids: ['CVE-1'], until: { exploited: true } },
    ];
    expect(outcome(plain, ...later)).toEqual({
      answered: [],
      uses: [
        ['ended', 0, 'the KEV data is missing that would tell whether it is exploited, so that 1 finding counts again'],
        ['ended', 0, 'the EPSS data is missing that would tell its score, so that 1 finding counts again'],
        ['unused', 0, nothing],
      ],
    });
    expect(outcome({ ...plain, sources: [npmData, kev, epss] }, ...later).answered).toEqual([
      'CVE-2026-0002',
      'CVE-2026-0003',
    ]);
  });
});

describe('Several at once', () => {
  test('The first in the file answers; the one behind it is shadowed', () => {
    const first: Partial<Waiver> = { packages: ['pkg:npm/lodash'] };
    const second: Partial<Waiver> = { ids: ['CVE-2026-0002'] };
    expect(outcome(image, first, second).uses).toEqual([
      ['matched', 2, undefined],
      ['shadowed', 0, 'all is answered already by sluice.waivers.yaml:3: remove it'],
    ]);
    expect(outcome(image, second, first).uses).toEqual([
      ['matched', 1, undefined],
      ['matched', 1, undefined],
    ]);
  });
  test('One that is over shadows nothing', () => {
    const over: Partial<Waiver> = { ids: ['CVE-2026-0002'], expires: '2026-01-01' };
    expect(outcome(image, over, { packages: ['pkg:npm/lodash'] }).uses.map(([state]) => state)).toEqual([
      'expired',
      'matched',
    ]);
  });
  test('What VEX, the distribution or an owner has answered stays theirs', () => {
    const by = (who: 'vex' | 'distribution' | 'owner'): Evidence => ({
      ...image,
      findings: image.findings.map((one) => ({ ...one, answered: { by: who, because: 'said' } })),
    });
    for (const [who, text] of [
      ['vex', 'VEX'],
      ['distribution', 'the distribution'],
      ['owner', 'the distribution, whose files they are'],
    ] as const) {
      const given = by(who);
      expect(applyWaivers(given, waivers({ ids: ['CVE-2026-0002'] }), applying).evidence).toBe(given);
      expect(outcome(given, { ids: ['CVE-2026-0002'] }).uses).toEqual([
        ['shadowed', 0, `all is answered already by ${text}: remove it`],
      ]);
    }
  });
  test('Answers of waivers from before are dropped', () => {
    const before = applyWaivers(image, waivers({ packages: ['pkg:npm/*'] }), applying).evidence;
    expect(applyWaivers(before, waivers(), applying).evidence).toEqual(image);
    expect(outcome(before, { ids: ['CVE-2026-0003'] }).answered).toEqual(['CVE-2026-0003']);
  });
  test('One for other images is told as that, whatever its days', () => {
    expect(outcome(image, { ids: ['CVE-2026-0002'], images: ['alpine:*'], expires: '2026-01-01' }).uses).toEqual([
      ['unused', 0, 'is for other images'],
    ]);
  });
});

describe('Waivers that name rules', () => {
  const subject = { id: '/etc/ssh/sshd_config', paths: ['/etc/ssh/sshd_config'] };
  const asked = (given: readonly Partial<Waiver>[], rule: string, what: WaivedSubject) => {
    const applied = applyWaivers(image, waivers(...given), applying);
    const waived = applied.waives(rule, what);
    return {
      waived,
      answered: applied.evidence === image,
      uses: applied.uses().map(({ state, answers }) => [state, answers]),
    };
  };
  test('They take away what the rule fires on, and leave findings alone', () => {
    expect(
      asked([{ rules: ['team/*'], ids: ['CVE-2026-0002'] }], 'team/lodash', {
        id: 'CVE-2026-0002',
        package: lodash.purl,
      }),
    ).toEqual({
      waived: true,
      answered: true,
      uses: [['matched', 1]],
    });
  });
  const cases: readonly (readonly [string, Partial<Waiver>, boolean])[] = [
    ['the rule', { rules: ['team/ssh'] }, true],
    ['a pattern', { rules: ['*'] }, true],
    ['another rule', { rules: ['team/s'] }, false],
    ['no rule', { paths: ['/etc/**'] }, false],
    ['path', { rules: ['team/*'], paths: ['/etc/**'] }, true],
    ['another path', { rules: ['team/*'], paths: ['/usr/**'] }, false],
    ['id', { rules: ['team/*'], ids: ['/etc/ssh/sshd_config'] }, true],
    ['another id', { rules: ['team/*'], ids: ['CVE-1'] }, false],
    ['a package, and there is none', { rules: ['team/*'], packages: ['pkg:deb/*'] }, false],
    ['expired', { rules: ['team/*'], expires: '2026-01-01' }, false],
    ['an event of a flaw, and it is none', { rules: ['team/*'], until: { fixReleased: true } }, false],
  ];
  test.each(cases)('%s', (_name, given, waived) => {
    expect(asked([given], 'team/ssh', subject).waived).toBe(waived);
  });
  test('A finding is known by its other names, its paths and its events', () => {
    const [flaw] = image.findings;
    const what = { id: 'CVE-2026-0001', package: openssl.purl, finding: flaw as Finding };
    expect(asked([{ rules: ['team/*'], ids: ['DSA-9999-1'] }], 'team/x', what).waived).toBe(true);
    expect(asked([{ rules: ['team/*'], paths: ['/var/lib/dpkg/*'] }], 'team/x', what).waived).toBe(true);
    expect(asked([{ rules: ['team/*'], ids: ['DSA-9999-1'], until: { fixReleased: true } }], 'team/x', what)).toEqual({
      waived: false,
      answered: true,
      uses: [['ended', 0]],
    });
  });
  test('The first answers, and the second is shadowed', () => {
    expect(asked([{ rules: ['team/*'] }, { rules: ['team/ssh'] }], 'team/ssh', subject).uses).toEqual([
      ['matched', 1],
      ['shadowed', 0],
    ]);
  });
});

test('What is found by indexes is what a search of all finds', () => {
  const names = ['lodash', 'openssl', 'zlib'];
  const packages = names.flatMap((name) =>
    ['1', '2'].map((version) => pack({ name, version, paths: [`/app/${name}`] })),
  );
  const some = <T>(values: readonly T[], most = 2) => fc.subarray([...values], { maxLength: most });
  const findings = fc.array(
    fc.record({
      at: fc.constantFrom(...packages),
      id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'),
      alias: some(['GHSA-1', 'CVE-2'], 1),
    }),
    { maxLength: 12 },
  );
  const one = fc.record({
    ids: some(['cve-1', 'CVE-2', 'GHSA-1']),
    packages: some(['pkg:npm/*', 'pkg:npm/lodash', 'pkg:npm/o*@2', 'pkg:npm/zlib@1']),
    paths: some(['/app/*', '/app/lodash', '/**/z*', '**']),
  });
  fc.assert(
    fc.property(findings, fc.array(one, { maxLength: 6 }), (given, list) => {
      const usable = list.filter(({ ids, packages: some_, paths }) => ids.length + some_.length + paths.length > 0);
      const found = given.map(({ at, id, alias }) => finding(at, { id, severity: 'low', aliases: alias }));
      const all = applyWaivers(evidence({ findings: found }), waivers(...usable), applying);
      const alone = found.map((what) =>
        usable.findIndex((single) => outcome(evidence({ findings: [what] }), single).answered.length > 0),
      );
      expect(all.evidence.findings.map(({ answered }) => answered?.because)).toEqual(
        alone.map((at) => (at < 0 ? undefined : expect.stringContaining(`[sluice.waivers.yaml:${3 + 10 * at}]`))),
      );
    }),
    { numRuns: 200 },
  );
});

test('A hundred thousand findings against two thousand waivers', () => {
  const packages = Array.from({ length: 5000 }, (_, i) =>
    pack({ name: `p${i}`, version: '1', paths: [`/app/${i % 50}/p${i}`] }),
  );
  const findings = Array.from({ length: 100_000 }, (_, i) =>
    finding(packages[i % 5000] as (typeof packages)[0], {
      id: `CVE-2026-${i % 20_000}`,
      severity: 'low',
      aliases: [`GHSA-${i}`],
    }),
  );
  const list = Array.from({ length: 2000 }, (_, i): Partial<Waiver> => {
    if (i % 4 === 0) return { ids: [`CVE-2026-${i}`] };
    if (i % 4 === 1) return { packages: [`pkg:npm/p${i}`] };
    return i % 4 === 2 ? { packages: [`pkg:npm/p${i}*@2`] } : { paths: [`/app/${i}/**`] };
  });
  const given = evidence({ findings });
  const { result, milliseconds } = leastCpu(2000, () =>
    applyWaivers(given, { waivers: list.map((one, i) => waiver(one, i)), files: [] }, applying),
  );
  expect(result.evidence.findings.filter(({ answered }) => answered).length).toBe(31_700);
  expect(milliseconds).toBeLessThan(2000);
});

test('Twenty thousand subjects against two thousand waivers that name the rule', () => {
  const list = Array.from({ length: 2000 }, (_, i): Partial<Waiver> => ({ rules: ['team/*'], paths: [`/x${i}`] }));
  const { result, milliseconds } = leastCpu(2000, () => {
    const applied = applyWaivers(image, { waivers: list.map((one, i) => waiver(one, i)), files: [] }, applying);
    let waived = 0;
    for (let i = 0; i < 20_000; i++) {
      const path = `/x${i % 4000}`;
      if (applied.waives('team/files', { id: path, paths: [path] })) waived++;
    }
    return waived;
  });
  expect(result).toBe(10_000);
  expect(milliseconds).toBeLessThan(2000);
});
