import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeMoved } from '../../../src/match/fix/merge-moved.ts';
import { packageManager } from '../../../src/match/fix/package-manager.ts';
import { byPlace } from '../../../src/match/fix/places.ts';
import { smallestSet } from '../../../src/match/fix/smallest-set.ts';
import { chosenVersion, leavesMajor, majorOf } from '../../../src/match/fix/versions.ts';
import { found } from '../make.ts';

describe('the smallest set', () => {
  const ended = (of: readonly (readonly number[])[]) => (set: readonly (readonly number[])[]) =>
    new Set(of.flat()).size - new Set(set.flat()).size;

  test('ends as much as all changes do, and every change of it is needed', () => {
    const change = fc.array(fc.nat(12), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 14 }), (changes) => {
        const stops = ended(changes);
        const set = smallestSet(changes, stops);
        expect(stops(set)).toBe(0);
        for (const one of set) expect(stops(set.filter((other) => other !== one))).toBeGreaterThan(0);
        expect(smallestSet(changes, stops)).toEqual(set);
      }),
      { numRuns: 60 },
    );
  });

  test('of few changes has as few as any set that ends as much, also where they bring something', () => {
    const change = fc.record({ ends: fc.array(fc.nat(6), { maxLength: 3 }), brings: fc.nat(1) });
    // The second does alone what the first and third do, though beside all others it brings more than it ends.
    const oneForTwo = [
      { ends: [0], brings: 0 },
      { ends: [3, 1, 0], brings: 1 },
      { ends: [3], brings: 0 },
      { ends: [1], brings: 1 },
    ];
    fc.assert(
      fc.property(fc.array(change, { maxLength: 7 }), (changes) => {
        type Changes = readonly (typeof changes)[number][];
        const all = new Set(changes.flatMap(({ ends }) => ends)).size;
        const stops = (set: Changes): number =>
          all - new Set(set.flatMap(({ ends }) => ends)).size + set.reduce((sum, { brings }) => sum + brings, 0);
        const sets = Array.from({ length: 1 << changes.length }, (_, bits) =>
          changes.filter((_change, at) => (bits >> at) & 1),
        );
        const found = smallestSet(changes, stops);
        const least = Math.min(...sets.filter((set) => stops(set) <= stops(found)).map(({ length }) => length));
        expect(stops(found)).toBeLessThanOrEqual(stops(changes));
        expect(found).toHaveLength(least);
      }),
      { numRuns: 500, examples: [[oneForTwo]] },
    );
  });

  test('is found where dropping one by one is not enough', () => {
    // Without the first one dropped, two of the others do; dropped in order, three are left.
    const changes = [
      [1, 2, 3],
      [1, 4],
      [2, 5],
      [3, 6],
      [4, 5, 6],
    ];
    expect(smallestSet(changes, ended(changes))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test('of very many changes is sought among the first of them alone', () => {
    const changes = Array.from({ length: 500 }, (_, at) => [at % 250]);
    let judged = 0;
    const counted = (set: readonly (readonly number[])[]): number => {
      judged++;
      return ended(changes)(set);
    };
    expect(smallestSet(changes, counted)).toEqual(changes.slice(60));
    expect(judged).toBe(121);
  });
});

describe('versions', () => {
  const unit = { from: '1.2.0', distribution: false } as Parameters<typeof chosenVersion>[0];

  test('are chosen by what they leave, then by how far they are', () => {
    const tried = (...stops: readonly [string, number][]) => stops.map(([version, left]) => ({ version, stops: left }));
    const chosen = (now: number, ...stops: readonly [string, number][]) =>
      chosenVersion(unit, tried(...stops), now)?.version;
    expect(chosen(3, ['1.3.0', 1], ['1.4.0', 0], ['1.5.0', 0], ['2.0.0', 0])).toBe('1.4.0');
    expect(chosen(3, ['1.3.0', 1], ['2.0.0', 0])).toBe('2.0.0');
    expect(chosen(3, ['1.3.0', 2], ['2.0.0', 2])).toBe('1.3.0');
    expect(chosen(1, ['1.3.0', 1])).toBeUndefined();
    expect(chosen(1)).toBeUndefined();
  });

  test('break what uses them where their first number changes, or below 1 their second', () => {
    expect(['1.2.3', 'v2', '0.3.1', '0', '5.2.6.2', '1!2', '12-rc'].map(majorOf)).toEqual([
      '1',
      '2',
      '0.3',
      '0.',
      '5',
      '1!2',
      '12',
    ]);
    expect(leavesMajor({ from: '0.3.1', distribution: false }, '0.4.0')).toBe(true);
    expect(leavesMajor({ from: '1:1.0-1', distribution: true }, '2:3.0-1')).toBe(false);
  });
});

describe('places', () => {
  test('are what a change is made in', () => {
    const paths = [
      '/app/node_modules/a/package.json',
      '/app/node_modules/b/node_modules/a/package.json',
      '/app/package-lock.json',
      '/srv/x.jar!/lib/y.jar',
      '/usr/lib/python3/site-packages/z-1.dist-info/METADATA',
      '/node_modules/a/package.json',
    ];
    expect([...byPlace(paths)]).toEqual([
      ['/app', paths.slice(0, 2)],
      ['/app/package-lock.json', [paths[2]]],
      ['/srv/x.jar', [paths[3]]],
      ['/usr/lib/python3/site-packages', [paths[4]]],
      ['/', [paths[5]]],
    ]);
    expect([...byPlace([])]).toEqual([['', ['']]]);
  });

  test('of packages that became the same are put together', () => {
    const [a, b] = [
      found('x', '2', { paths: ['/b'], layer: 2, dev: true }),
      found('x', '2', { paths: ['/a'], layer: 1 }),
    ];
    expect(mergeMoved([a, b])).toEqual([{ ...found('x', '2', { paths: ['/a', '/b'], layer: 1 }) }]);
    expect(mergeMoved([a, found('x', '2', { presence: 'declared' })])).toHaveLength(2);
  });
});

test('the package manager is one that is in the image', () => {
  const apt = found('apt', '2', { ecosystem: 'deb' });
  const apk = found('apk-tools', '2', { ecosystem: 'apk' });
  const yum = [found('yum', '4', { ecosystem: 'rpm' }), found('dnf', '4', { ecosystem: 'rpm' })];
  expect(packageManager([apt, apk, ...yum], 'deb')).toBe('apt');
  expect(packageManager([apk], 'apk')).toBe('apk');
  expect(packageManager(yum, 'rpm')).toBe('dnf');
  expect(packageManager([found('apt', '2', { ecosystem: 'npm' })], 'deb')).toBeUndefined();
  expect(packageManager([apt], 'constructor')).toBeUndefined();
});
