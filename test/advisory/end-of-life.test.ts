import { describe, expect, test } from 'vitest';
import { endOfLifeTable } from '../../src/advisory/end-of-life/table.ts';
import { endOfLifeOf } from '../../src/advisory/end-of-life.ts';
import type { Distribution } from '../../src/model/package.ts';

function of(id: string, version: string, more: Partial<Distribution> = {}) {
  return endOfLifeOf({ id, version, like: [], name: id, ...more });
}

/** By id, then by the numbers of the version. */
function compareRows(a: { id: string; version: string }, b: { id: string; version: string }): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  const [left, right] = [a.version, b.version].map((version) => version.split('.').map(Number));
  return (left?.[0] ?? 0) - (right?.[0] ?? 0) || (left?.[1] ?? 0) - (right?.[1] ?? 0);
}

describe('the table of ends', () => {
  test('is sorted, and each release stands once', () => {
    const pairs = endOfLifeTable.slice(1).map((row, at) => [endOfLifeTable[at], row] as const);
    expect(pairs.filter(([a, b]) => a === undefined || compareRows(a, b) >= 0)).toEqual([]);
    expect(endOfLifeTable.length).toBeGreaterThan(140);
  });

  test('has real dates, a source each, and what is longer ends later', () => {
    const isDate = (text: string) =>
      /^20\d\d-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
    const wrong = endOfLifeTable.filter(
      ({ id, version, endOfLife, extended, source }) =>
        !/^[a-z-]+$/.test(id) ||
        !/^\d+(\.\d+)?$/.test(version) ||
        !isDate(endOfLife) ||
        source.length < 10 ||
        (extended !== undefined && (!isDate(extended.until) || extended.until <= endOfLife || extended.name === '')),
    );
    expect(wrong).toEqual([]);
  });

  test('has no release whose version starts another one', () => {
    const inside = endOfLifeTable.filter(({ id, version }) =>
      endOfLifeTable.some((other) => other.id === id && other.version.startsWith(`${version}.`)),
    );
    expect(inside).toEqual([]);
  });
});

describe('the end of a release', () => {
  test('is told by whole parts of its version', () => {
    expect(of('alpine', '3.18.9')).toEqual({ endOfLife: '2025-05-09', source: 'Alpine Linux Releases' });
    expect(of('alpine', '3.1.4')?.endOfLife).toBe('2016-11-01');
    expect(of('debian', '12')).toEqual({
      endOfLife: '2028-06-30',
      source: 'Debian Wiki: DebianReleases',
    });
    expect(of('ubuntu', '20.04')).toEqual({
      endOfLife: '2025-05-31',
      extended: { until: '2030-04-02', name: 'ESM' },
      source: 'Ubuntu release cycle',
    });
    expect(of('rhel', '8.10')?.endOfLife).toBe('2029-05-31');
    expect(of('almalinux', '9.4')?.endOfLife).toBe('2032-05-31');
    expect(of('amzn', '2')?.endOfLife).toBe('2026-06-30');
    expect(of('amzn', '2018.03')?.endOfLife).toBe('2023-12-31');
    expect(of('amzn', '2023')?.endOfLife).toBe('2029-06-30');
    expect(of('sles', '15')?.endOfLife).toBe('2019-12-31');
    expect(of('sles', '15.5')?.extended).toEqual({ until: '2027-12-31', name: 'LTSS' });
    expect(of('photon', '4.0')?.endOfLife).toBe('2027-10-11');
    expect(of('mariner', '2.0')?.endOfLife).toBe('2025-11-30');
  });

  test('differs for CentOS Linux and CentOS Stream', () => {
    expect(of('centos', '8', { name: 'CentOS Linux 8' })?.endOfLife).toBe('2021-12-31');
    expect(of('centos', '8', { name: 'CentOS Stream 8' })?.endOfLife).toBe('2024-05-31');
    expect(of('centos', '9', { name: 'CentOS Stream 9' })?.endOfLife).toBe('2027-05-31');
  });

  test('is told by the codename where no version is', () => {
    expect(of('debian', '', { codename: 'bullseye' })?.endOfLife).toBe('2026-08-31');
    expect(of('debian', '', { codename: 'sid' })).toBeUndefined();
  });

  test('is unknown of what rolls, of derivatives, and of what nobody announced', () => {
    for (const [id, version] of [
      ['arch', '20241201.0.284684'],
      ['opensuse-tumbleweed', '20241201'],
      ['wolfi', '20230201'],
      ['chainguard', '20230214'],
      ['alpine', '3.21.0_alpha20240807'],
      ['alpine', '3.99'],
      ['debian', ''],
      ['debian', '1'],
      ['bottlerocket', '1.20.0'],
      ['linuxmint', '21'],
      ['', ''],
    ] as const) {
      expect(of(id, version, { like: ['debian', 'alpine'] })).toBeUndefined();
    }
  });
});
