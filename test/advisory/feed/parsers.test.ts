import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeedId } from '../../../src/advisory/contract.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { zstdStored } from '../../support/image-writer.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { file, tar } from '../../support/tar-writer.ts';
import { fixture, fixtureBytes, readBytes, readPlaces, said, scratch } from './support.ts';

/** The messages with which reading fails, or nothing. */
async function refusal(id: FeedId, bytes: Buffer | string): Promise<string | undefined> {
  try {
    await readBytes(id, Buffer.from(bytes));
    return undefined;
  } catch (thrown) {
    return thrown instanceof SluiceError ? thrown.message : `a bug: ${thrown}`;
  }
}

describe('the catalogue of known exploited vulnerabilities', () => {
  test('is read entry by entry; what can not be read is counted and named', async () => {
    const rows = await readPlaces('kev', fixture('kev.json'));
    expect(said('kev', rows)).toEqual({
      'CVE-2021-44228': { added: '2021-12-10', due: '2021-12-24', ransomware: true },
      'CVE-2024-1000': { added: '2024-03-01', due: '2024-03-22', ransomware: false },
    });
    expect(rows).toMatchObject({
      newest: '2024-03-02T15:00:00.1234Z',
      unreadable: 2,
      unreadableNames: [
        'CVE-2024-1001: its CVE or one of its days is malformed',
        'entry 4: its CVE or one of its days is malformed',
      ],
    });
  });

  test.each([
    ['<!doctype html><html>', 'it is an HTML or XML page (of a proxy or login?)'],
    ['\n  <html>', 'it is an HTML or XML page (of a proxy or login?)'],
    ['', 'it is empty'],
    ['[]', 'it is JSON, but not the catalogue of known exploited vulnerabilities'],
    ['{"vulnerabilities": {}}', 'it is JSON, but not the catalogue of known exploited vulnerabilities'],
    ['{"count": 3, "vulnerabilities": []}', 'it says that it has 3 entries and has 0'],
  ])('is refused when it is %j', async (bytes, message) => {
    expect(await refusal('kev', bytes)).toBe(message);
  });

  test('is refused when it was cut', async () => {
    const whole = fixtureBytes('kev.json');
    expect(await refusal('kev', whole.subarray(0, whole.length - 10))).toMatch(/^not JSON: /);
  });

  test.skipIf(!hasShared)('is read whole from the real file', async () => {
    const rows = await readPlaces('kev', shared('kev', 'known_exploited_vulnerabilities.json'));
    expect({ size: rows.size, unreadable: rows.unreadable, newest: rows.newest }).toEqual({
      size: 1404,
      unreadable: 0,
      newest: '2025-08-25T17:04:19.9796Z',
    });
    const all = said('kev', rows);
    expect(all['CVE-2021-44228']).toEqual({ added: '2021-12-10', due: '2021-12-24', ransomware: true });
    expect(all['CVE-2025-48384']).toEqual({ added: '2025-08-25', due: '2025-09-15', ransomware: false });
  });
});

describe('the scores of EPSS', () => {
  const scores = {
    'CVE-1999-0001': { score: 0.00046, percentile: 0.13 },
    'CVE-2021-44228': { score: 0.94358, percentile: 0.99958 },
    'CVE-2021-45046': { score: 1, percentile: 1 },
    'CVE-2024-1001': { score: 0.00001, percentile: 0.00001 },
  };

  test.each([
    ['plain', (bytes: Buffer) => bytes],
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['with line ends of Windows', (bytes: Buffer) => Buffer.from(bytes.toString().replaceAll('\n', '\r\n'))],
  ])('are read line by line: %s', async (_, as) => {
    const rows = await readBytes('epss', as(fixtureBytes('epss.csv')));
    expect(said('epss', rows)).toEqual(scores);
    expect(rows).toMatchObject({
      newest: '2025-08-25T12:55:00Z',
      unreadable: 2,
      unreadableNames: [
        'line 6: it is no CVE with two numbers from 0 to 1',
        'line 7: it is no CVE with two numbers from 0 to 1',
      ],
    });
  });

  test.each([
    ['<html></html>', 'it is an HTML or XML page (of a proxy or login?)'],
    ['cve,epss,percentile\nCVE-2024-1,0.97', 'it ends in the middle of a line'],
    ['cve,cvss\nCVE-2024-1000,9.8\n', 'line 1 is not that of scores of EPSS (cve,epss,percentile)'],
    ['#model_version:v1\n', 'it has no row of scores'],
    [`cve,epss,percentile\n${'x'.repeat(2000)}`, 'line 2 is longer than 1024 bytes'],
    [`cve,epss,percentile\n${'x'.repeat(2000)}\n`, 'line 2 is longer than 1024 bytes'],
  ])('are refused when they are %j', async (bytes, message) => {
    expect(await refusal('epss', bytes)).toBe(message);
  });

  test('are refused when the gzip was cut', async () => {
    const whole = gzipSync(fixtureBytes('epss.csv'));
    expect(await refusal('epss', whole.subarray(0, whole.length - 9))).toMatch(/gzip/);
  });

  test('of two scores for one CVE the first counts, and the second is told', async () => {
    const rows = await readBytes(
      'epss',
      Buffer.from('cve,epss,percentile\nCVE-2024-1000,0.1,0.2\nCVE-2024-1000,0.3,0.4\n'),
    );
    expect(said('epss', rows)).toEqual({ 'CVE-2024-1000': { score: 0.1, percentile: 0.2 } });
    expect(rows.unreadableNames).toEqual(['CVE-2024-1000: it is there twice and says different things']);
  });

  test.skipIf(!hasShared)('are read from the real excerpt as they are written', async () => {
    const path = shared('epss', 'epss_scores-2024-10-25.csv');
    const written = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('CVE-'))
      .map((line) => line.split(','))
      .map(([cve, score, percentile]) => [cve, { score: Number(score), percentile: Number(percentile) }]);
    const rows = await readPlaces('epss', path);
    expect(said('epss', rows)).toEqual(Object.fromEntries(written));
    expect({ size: rows.size, unreadable: rows.unreadable }).toEqual({ size: 29, unreadable: 0 });
  });
});

describe('the Debian Security Tracker', () => {
  test('tells what the advisories do not', async () => {
    const rows = await readPlaces('debian', fixture('debian.json'));
    expect(said('debian', rows)).toEqual({
      'Debian:10 openssl CVE-2024-2002': { state: 'end-of-life' },
      'Debian:11 openssl CVE-2024-2002': { state: 'deferred', note: 'Can wait for the next one' },
      'Debian:12 openssl CVE-2024-2001': { state: 'not-affected', severity: 'negligible' },
      'Debian:12 openssl CVE-2024-2002': {
        state: 'wont-fix',
        severity: 'medium',
        note: 'Minor issue [31m, to be ignored',
      },
      'Debian:12 zlib CVE-2023-45853': { severity: 'negligible', note: 'Minor issue' },
      'Debian:13 openssl CVE-2024-2002': { state: 'investigating' },
      'Debian:sid openssl CVE-2024-2001': { severity: 'low' },
    });
    expect(rows).toMatchObject({
      newest: '',
      unreadable: 3,
      unreadableNames: [
        'the release woody: it is not known',
        'zlib CVE-2023-45853 bullseye: its status is not known',
        'zlib CVE-2023-45854: it lists no releases',
      ],
    });
  });

  test('is the same in pieces of any size', async () => {
    const { DebianReader } = await import('../../../src/advisory/feed/debian.ts');
    const { FeedRows } = await import('../../../src/advisory/feed/rows.ts');
    const bytes = fixtureBytes('debian.json');
    const whole = said('debian', await readPlaces('debian', fixture('debian.json')));
    for (const size of [1, 2, 3, 7, 64, 1000]) {
      const rows = new FeedRows();
      const reader = new DebianReader(rows);
      for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
      reader.finish();
      expect(said('debian', rows)).toEqual(whole);
    }
  });

  test.each([
    ['<html>', 'it is an HTML or XML page (of a proxy or login?)'],
    ['{"a": {"CVE-2024-1000": {"releases": {}}}', 'it ends too early'],
    ['{"a": {"CVE-2024-1000": {"releases": {', 'it ends too early'],
    ['{"a": {}} {', 'something stands behind its end'],
    ['{"a": []}', 'it is not JSON of the shape that is published'],
    ['{"a": {"b": 3}}', 'it is not JSON of the shape that is published'],
    ['{"a" {}}', 'it is not JSON of the shape that is published'],
    ['{"a": {},}', 'it is not JSON of the shape that is published'],
    ['{"\\x": {}}', 'the name of a member is not JSON'],
    [`{"${'a'.repeat(2000)}": {}}`, 'the name of a member is longer than 1024 bytes'],
    [`{"a": {"b": {"c": "${'d'.repeat(1_100_000)}"}}}`, 'the entry a b is longer than 1048576 bytes'],
  ])('is refused when it is %.40j', async (bytes, message) => {
    expect(await refusal('debian', bytes)).toBe(message);
  });
});

describe("Red Hat's VEX documents", () => {
  const expected = {
    'Red Hat:6 bash CVE-2024-3001': { state: 'investigating', severity: 'medium' },
    'Red Hat:7 bind CVE-2024-3001': { state: 'end-of-life', severity: 'medium', note: 'Out of support scope' },
    'Red Hat:8 openssl CVE-2024-3001': { state: 'deferred', severity: 'high', note: 'Fix deferred' },
    'Red Hat:9 curl CVE-2024-3001': {},
    'Red Hat:9 gcc-c++ CVE-2024-3001': { state: 'not-affected' },
    'Red Hat:9 openssl CVE-2024-3001': { state: 'wont-fix', severity: 'low', note: 'Will not fix' },
  };

  const archive = () =>
    tar(
      file('2024/cve-2024-3001.json', fixtureBytes('redhat', '2024', 'cve-2024-3001.json')),
      file('2024/cve-2024-3002.json', fixtureBytes('redhat', '2024', 'cve-2024-3002.json')),
      file('changes.csv', 'not looked at'),
    );

  test.each([
    ['a folder', () => readPlaces('redhat', fixture('redhat'))],
    ['a tar archive', () => readBytes('redhat', archive(), 'vex.tar')],
    ['an archive in gzip', () => readBytes('redhat', gzipSync(archive()), 'vex.tar.gz')],
    ['an archive in zstd', () => readBytes('redhat', zstdStored(archive()), 'vex.tar.zst')],
  ])('are read from %s', async (_, read) => {
    const rows = await read();
    expect(said('redhat', rows)).toEqual(expected);
    expect(rows).toMatchObject({
      newest: '2024-05-02T00:00:00+00:00',
      unreadable: 1,
      unreadableNames: ['cve-2024-3002.json: it is JSON, but no VEX document of Red Hat'],
    });
  });

  test('of one CVE in an archive and beside it: the latest counts alone, in whatever order they come', async () => {
    type Csaf = {
      document: { tracking: { current_release_date: string; status: string } };
      vulnerabilities?: { product_status: { fixed: string[]; known_not_affected: string[] } }[];
    };
    const document = (released: string, change: (csaf: Csaf) => void): string => {
      const csaf = JSON.parse(fixtureBytes('redhat', '2024', 'cve-2024-3001.json').toString()) as Csaf;
      csaf.document.tracking.current_release_date = released;
      change(csaf);
      const path = join(scratch(), 'cve-2024-3001.json');
      writeFileSync(path, JSON.stringify(csaf));
      return path;
    };
    const old = document('2024-05-02T00:00:00+00:00', () => {});
    // By the clock it is later, as a text it is smaller.
    const later = document('2024-05-01T23:00:00-05:00', ({ vulnerabilities }) => {
      const status = vulnerabilities![0]!.product_status;
      status.fixed.push(...status.known_not_affected);
      status.known_not_affected = [];
    });
    const { 'Red Hat:9 gcc-c++ CVE-2024-3001': gone, 'Red Hat:9 curl CVE-2024-3001': beside, ...rest } = expected;
    expect([gone, beside]).toEqual([{ state: 'not-affected' }, {}]);
    for (const places of [
      [old, later],
      [later, old],
    ]) {
      const rows = await readPlaces('redhat', ...places);
      expect([said('redhat', rows), rows.unreadable]).toEqual([rest, 0]);
      expect(rows.newest).toBe('2024-05-01T23:00:00-05:00');
    }
    const deleted = document('2024-06-01T00:00:00Z', (csaf) => {
      csaf.document.tracking.status = 'deleted';
      delete csaf.vulnerabilities;
    });
    expect((await readPlaces('redhat', old, deleted)).size).toBe(0);
    expect((await readPlaces('redhat', deleted, later)).size).toBe(0);
    const undated = document('soon', () => {});
    expect((await readPlaces('redhat', old, undated)).unreadableNames).toEqual([
      'cve-2024-3001.json: it does not say when it was released',
    ]);
  });

  test('that contradict themselves about one name say no state', async () => {
    const csaf = JSON.parse(fixtureBytes('redhat', '2024', 'cve-2024-3001.json').toString());
    const { product_status: status } = csaf.vulnerabilities[0];
    status.known_not_affected.push('red_hat_enterprise_linux_9:openssl', 'red_hat_enterprise_linux_8:curl');
    status.fixed.push('red_hat_enterprise_linux_8:curl');
    const rows = await readBytes('redhat', Buffer.from(JSON.stringify(csaf)));
    expect(said('redhat', rows)).toEqual({
      ...expected,
      'Red Hat:9 openssl CVE-2024-3001': { severity: 'low' },
    });
  });

  test('say of a package that is fixed, beside one that is not affected, that nothing is said', async () => {
    const csaf = JSON.parse(fixtureBytes('redhat', '2024', 'cve-2024-3001.json').toString());
    csaf.vulnerabilities[0].product_status.fixed.push(
      'red_hat_enterprise_linux_9:libgcc',
      'red_hat_enterprise_linux_7:libgcc',
    );
    const rows = await readBytes('redhat', Buffer.from(JSON.stringify(csaf)));
    // For Red Hat 7 nothing is cleared: there is nothing that could be taken for a word on this package.
    expect(said('redhat', rows)).toEqual({ ...expected, 'Red Hat:9 libgcc CVE-2024-3001': {} });
  });

  test('are refused when none is one', async () => {
    expect(await refusal('redhat', '{}')).toBe('it is JSON, but no VEX document of Red Hat');
    expect(await refusal('redhat', '<html>')).toBe('it is an HTML or XML page (of a proxy or login?)');
    const cut = archive();
    expect(await refusal('redhat', cut.subarray(0, 1000))).toBe('the tar archive ends early');
  });
});

describe("Alpine's secdb", () => {
  test('tells what was never affected', async () => {
    const rows = await readPlaces('alpine', fixture('secdb'));
    expect(said('alpine', rows)).toEqual({
      'Alpine:v3.20 busybox CVE-2024-4004': { state: 'not-affected' },
      'Alpine:v3.20 openssl CVE-2024-4001': { state: 'not-affected' },
      'Alpine:v3.20 qemu CVE-2024-4005': { state: 'not-affected' },
    });
    expect(rows).toMatchObject({
      unreadable: 2,
      unreadableNames: [
        'Alpine:v3.20 busybox 0: a flaw in it is no text, or too long',
        'Alpine:v3.20 package 3: its name is malformed',
      ],
    });
  });

  test('may be several files', async () => {
    const rows = await readPlaces('alpine', fixture('secdb', 'community.json'), fixture('secdb', 'main.json'));
    expect(rows.size).toBe(3);
  });

  test('is refused when it is something else', async () => {
    expect(await refusal('alpine', '{"packages": []}')).toBe(
      'it is JSON, but not the security database of an Alpine release',
    );
    expect(await refusal('alpine', '{"packages": [], "distroversion": "v3.20/../x"}')).toBe(
      'it is JSON, but not the security database of an Alpine release',
    );
  });

  test('a folder may hold other files, and links are not followed', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'v3.20'));
    writeFileSync(join(folder, 'v3.20', 'main.json'), fixtureBytes('secdb', 'main.json'));
    writeFileSync(join(folder, 'last-update'), 'today');
    expect((await readPlaces('alpine', folder)).size).toBe(2);
    await expect(readPlaces('alpine', scratch())).rejects.toMatchObject({
      code: 'advisory/feed-unreadable',
      message: 'the folder holds no .json file',
    });
  });
});

describe('hostile bytes', () => {
  const good: [FeedId, Buffer][] = [
    ['kev', fixtureBytes('kev.json')],
    ['epss', fixtureBytes('epss.csv')],
    ['debian', fixtureBytes('debian.json')],
    ['redhat', fixtureBytes('redhat', '2024', 'cve-2024-3001.json')],
    ['alpine', fixtureBytes('secdb', 'main.json')],
  ];
  const words = [
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    'null',
    '0',
    '{}',
    '[]',
    '"x"',
    '-1e999',
    '\n',
    '"__proto__":{}',
  ];
  const patch = fc.record({ at: fc.nat(6000), cut: fc.nat(40), put: fc.oneof(fc.constantFrom(...words), fc.string()) });

  test.each(good)('%s: changed in any way it is read or refused, and never trips', async (id, bytes) => {
    await fc.assert(
      fc.asyncProperty(fc.array(patch, { minLength: 1, maxLength: 4 }), async (patches) => {
        let changed = bytes;
        for (const { at, cut, put } of patches) {
          const from = at % (changed.length + 1);
          changed = Buffer.concat([changed.subarray(0, from), Buffer.from(put), changed.subarray(from + cut)]);
        }
        expect((await refusal(id, changed)) ?? '').not.toMatch(/^a bug|\n/);
      }),
      { numRuns: 80 },
    );
  });

  test.each(good)('%s: no random bytes trip it', async (id) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
        expect((await refusal(id, Buffer.from(bytes))) ?? '').not.toMatch(/^a bug|\n/);
      }),
      { numRuns: 40 },
    );
  });
});
