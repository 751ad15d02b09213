import { describe, expect, test } from 'vitest';
import type { DataStatus, FeedStatus, SnapshotStatus, SourceStatus } from '../../../src/advisory/status.ts';
import { statusText } from '../../../src/cli/db/status-text.ts';
import { parseDigest } from '../../../src/model/digest.ts';

const now = Date.parse('2026-11-21T09:30:00Z');
const nothing: DataStatus = { sources: [], feeds: [], snapshots: [] };

function digest(digit: string) {
  return parseDigest(`sha256:${digit.repeat(64)}`);
}

const debian: SourceStatus = {
  ecosystem: 'Debian',
  records: 8909,
  withdrawn: 3,
  unreadable: 0,
  newest: '2026-11-19T03:00:00Z',
  releases: ['Debian:12'],
  digest: digest('a'),
  checkedAt: '2026-11-20T13:30:00.000Z',
  origin: 'osv-export',
  size: 1.7 * 1024 * 1024,
  unreadableNames: [],
};
const npm: SourceStatus = {
  ...debian,
  ecosystem: 'npm',
  records: 95,
  digest: digest('b'),
  checkedAt: '2026-11-21T09:30:00.000Z',
};
const kev: FeedStatus = {
  id: 'kev',
  records: 1404,
  unreadable: 0,
  newest: '2026-11-20',
  digest: digest('c'),
  checkedAt: '2026-11-18T09:30:00.000Z',
  size: 100 * 1024,
  unreadableNames: [],
};
const snapshot: SnapshotStatus = {
  digest: digest('d'),
  inForce: true,
  checkedAt: '2026-11-21T09:30:00.000Z',
  ecosystems: 2,
  records: 9004,
};

test('without data the status says what scans do then, and what to do about it', () => {
  expect(statusText(nothing, now)).toBe(
    'There is no vulnerability data yet; scans use the small built-in starter set.\nrun: sluice db update\n',
  );
});

test('ecosystems alone are one table', () => {
  expect(statusText({ ...nothing, sources: [debian, npm] }, now)).toBe(`\
ECOSYSTEM  RECORDS  NEWEST      AGE     SIZE  DIGEST
Debian        8909  2026-11-19  20 h  1.8 MB  sha256:aaaaaaaaaaaa
npm             95  2026-11-19  now   1.8 MB  sha256:bbbbbbbbbbbb
`);
});

test('feeds, snapshots, updates that failed and records that could not be read', () => {
  const failed = { at: '2026-11-21T09:00:00.000Z', message: 'the server answered 429' };
  const unreadableNames = ['DEBIAN-CVE-1.json: it is no JSON', 'x\u001b[31m.json: its id has ../'];
  const found: DataStatus = {
    sources: [{ ...debian, failed, unreadable: 5, unreadableNames }, npm],
    feeds: [
      { ...kev, unreadable: 1, unreadableNames: ['CVE-1: its day is malformed'] },
      { ...kev, id: 'epss', records: 250_000, unreadable: 1, newest: '', failed },
    ],
    snapshots: [snapshot, { ...snapshot, digest: digest('e'), inForce: false, checkedAt: '2026-11-18T00:00:00.000Z' }],
  };
  expect(statusText(found, now)).toBe(`\
ECOSYSTEM  RECORDS  NEWEST      AGE     SIZE  DIGEST
Debian        8909  2026-11-19  20 h  1.8 MB  sha256:aaaaaaaaaaaa
npm             95  2026-11-19  now   1.8 MB  sha256:bbbbbbbbbbbb

FEED  RECORDS  OF          AGE         SIZE  DIGEST
KEV      1404  2026-11-20  3 days  102.4 kB  sha256:cccccccccccc
EPSS   250000              3 days  102.4 kB  sha256:cccccccccccc

SNAPSHOT             RECORDS  ECOSYSTEMS  AGE
sha256:dddddddddddd     9004           2  now     in force
sha256:eeeeeeeeeeee     9004           2  3 days

Updates that failed; the data of before is in force
  Debian: 2026-11-21 09:00 UTC, the server answered 429
  EPSS: 2026-11-21 09:00 UTC, the server answered 429

Records that could not be read and are never matched
  Debian: 5 records
    DEBIAN-CVE-1.json: it is no JSON
    x\\x1b[31m.json: its id has ../
    and 3 more
  KEV: 1 record
    CVE-1: its day is malformed
  EPSS: 1 record
`);
});

describe('snapshots', () => {
  test('are listed as far as they are few', () => {
    const snapshots = Array.from({ length: 12 }, (_, i) => ({ ...snapshot, inForce: i === 0 }));
    const lines = statusText({ ...nothing, sources: [npm], snapshots }, now).split('\n');
    expect(lines.slice(3, 5)).toEqual([
      'SNAPSHOT             RECORDS  ECOSYSTEMS  AGE',
      'sha256:dddddddddddd     9004           2  now  in force',
    ]);
    expect(lines.slice(5, 14)).toEqual(Array(9).fill('sha256:dddddddddddd     9004           2  now'));
    expect(lines.slice(14)).toEqual(['and 2 more: --json lists all', '']);
  });
});
