import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataBuild } from '../../src/advisory/data-build.ts';
import { readExportDirectory, readItem } from '../../src/advisory/export-zip.ts';
import { IndexReader } from '../../src/advisory/index-reader.ts';
import type { WrittenIndex } from '../../src/advisory/index-writer.ts';
import { memoryAdvisoryDb } from '../../src/advisory/memory.ts';
import { filePath } from '../../src/advisory/store-files.ts';
import { bufferAccess } from '../../src/format/random-access.ts';
import { hexOf } from '../../src/model/digest.ts';
import { SluiceError } from '../../src/util/error.ts';
import { fixtureFiles, makeZip, type NamedFile, plain, record, scratch } from './support.ts';

async function build(
  ecosystem: string,
  files: readonly NamedFile[] | Buffer,
): Promise<WrittenIndex & { path: string }> {
  const folder = scratch();
  const zip = Buffer.isBuffer(files) ? files : makeZip(files);
  const source = bufferAccess(zip);
  const made = new DataBuild(ecosystem, folder, false);
  try {
    for (const { key, entry } of readExportDirectory(ecosystem, source)) {
      await made.add({ key, stamp: '', late: 0, ...readItem(source, entry) });
    }
    const written = made.finish(undefined);
    return { ...written, path: filePath(folder, written.digest, 'index') };
  } finally {
    made.close();
  }
}

function lookupIn(path: string, ecosystem: string, keys: readonly (readonly [string, string])[]): unknown {
  const reader = new IndexReader(path, ecosystem);
  try {
    return keys.map(([release, name]) => (reader.find(release, name)?.all() ?? []).map(plain));
  } finally {
    reader.close();
  }
}

describe('an index', () => {
  test.each([
    [
      'Debian',
      [
        ['Debian:11', 'libexample'],
        ['Debian:12', 'libexample'],
      ],
    ],
    ['npm', [['npm', '@example/merge']]],
    ['PyPI', [['PyPI', 'zope.Example-kit']]],
    [
      'AlmaLinux',
      [
        ['AlmaLinux:9', 'example'],
        ['AlmaLinux:9', 'example-libs'],
      ],
    ],
  ] as const)('of %s says the same as its records in memory', async (ecosystem, keys) => {
    const files = fixtureFiles(ecosystem);
    const { path } = await build(ecosystem, files);
    const memory = memoryAdvisoryDb(
      files.map(([, body]) => JSON.parse(body)),
      'starter',
    );
    const expected = keys.map(([release, name]) => memory.lookup(release, name));
    expect(lookupIn(path, ecosystem, keys)).toEqual(expected);
    expect(expected.every((list) => list.length > 0)).toBe(true);
  });

  test('returns whole advisories, sorted by id', async () => {
    const { path } = await build('Debian', fixtureFiles('Debian'));
    expect(lookupIn(path, 'Debian', [['Debian:12', 'libexample']])).toEqual([
      [
        {
          id: 'DEBIAN-CVE-2024-90002',
          modified: '2024-05-01T00:00:00.250Z',
          summary: 'First line of the details.',
          aliases: [],
          upstream: ['CVE-2024-90002'],
          related: [],
          severity: {
            severity: 'critical',
            source: 'cvss-v3',
            score: 9.8,
            vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
          },
          cwes: [],
          vectors: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
          imports: [],
          versions: ['1.2-1', '1.2-2', '1.2-3', '1.4-1'],
          ranges: [{ type: 'ECOSYSTEM', events: [{ kind: 'introduced', version: '0' }] }],
        },
        {
          id: 'DSA-9001-1',
          modified: '2024-03-01T10:00:00Z',
          published: '2024-02-28T08:00:00Z',
          summary: 'libexample - out of bounds read',
          aliases: [],
          upstream: ['CVE-2024-90001'],
          related: [],
          severity: { severity: 'medium', source: 'publisher' },
          cwes: [],
          vectors: [],
          imports: [],
          versions: [],
          ranges: [
            {
              type: 'ECOSYSTEM',
              events: [
                { kind: 'introduced', version: '0' },
                { kind: 'fixed', version: '1.4-1+deb12u1' },
              ],
            },
          ],
        },
      ],
    ]);
  });

  test('finds exactly the release and name that are asked for', async () => {
    const { path } = await build('Debian', fixtureFiles('Debian'));
    const asked = [
      ['Debian', 'libexample'],
      ['Debian:13', 'libexample'],
      ['Debian:12', 'LIBEXAMPLE'],
      ['Debian:12', 'libexampl'],
      ['Debian:12', ''],
      // Another ecosystem's packages are in its own export.
      ['Alpine:v3.18', 'libexample'],
    ] as const;
    expect(lookupIn(path, 'Debian', asked)).toEqual([[], [], [], [], [], []]);
  });

  test('counts withdrawn and unreadable records and names the latter', async () => {
    const files: NamedFile[] = [
      ...fixtureFiles('npm'),
      ['a\u001b[31mb.json', '{'],
      ['GHSA-id.json', '{"modified":"2024-01-01T00:00:00Z"}'],
      ['twice.json', fixtureFiles('npm')[0]![1]],
      ['README.md', 'not a record'],
    ];
    const { meta } = await build('npm', files);
    expect(meta).toEqual({
      ecosystem: 'npm',
      records: 2,
      releases: ['npm'],
      withdrawn: 1,
      unreadable: 3,
      unreadableNames: [
        "GHSA-id.json: the record can't be read: its id is missing or malformed",
        expect.stringMatching(/^a\?\[31mb\.json: /),
        'twice.json: a record with the same id came before',
      ],
      newest: '2024-06-02T03:04:05Z',
    });
  });

  test('names the first twenty unreadable records, whatever their order', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `b${10 + i}.json`);
    for (const order of [names, [...names].reverse()]) {
      const { meta } = await build('npm', [...fixtureFiles('npm'), ...order.map((name) => [name, '{}'] as const)]);
      expect(meta.unreadable).toBe(30);
      expect(meta.unreadableNames).toEqual(
        names.slice(0, 20).map((name) => `${name}: the record can't be read: its id is missing or malformed`),
      );
    }
  });

  test('of the same records is the same bytes, whatever their order', async () => {
    const files = Array.from({ length: 40 }, (_, i) => record(`X-${i}`, 'npm', `p${i % 7}`, `1.${i}`));
    const first = await build('npm', files);
    const again = await build('npm', files);
    const reversed = await build('npm', [...files].reverse());
    expect(readFileSync(again.path).equals(readFileSync(first.path))).toBe(true);
    expect(readFileSync(reversed.path).equals(readFileSync(first.path))).toBe(true);
    expect(first.size).toBe(readFileSync(first.path).length);
    const { createHash } = await import('node:crypto');
    expect(hexOf(first.digest)).toBe(createHash('sha256').update(readFileSync(first.path)).digest('hex'));
  });

  test('keeps many packages apart', async () => {
    const files = Array.from({ length: 400 }, (_, i) => record(`X-${i}`, 'npm', `package-${i}`, `${i}.0`));
    const { path } = await build('npm', files);
    const keys = files.map((_, i) => ['npm', `package-${i}`] as const);
    const found = lookupIn(path, 'npm', keys) as { id: string }[][];
    expect(found.map((list) => list.map((one) => one.id))).toEqual(files.map((_, i) => [`X-${i}`]));
  });

  test.each([
    ['no zip', Buffer.from('<html>')],
    ['an empty zip', makeZip([])],
    ['a zip without a readable record', makeZip([['a.json', '[]']])],
  ])('is not made of %s', async (_what, zip) => {
    await expect(build('npm', zip)).rejects.toMatchObject({ code: 'advisory/export-unreadable' });
  });
});

describe('a damaged index', () => {
  const keys = [
    ['Debian:11', 'libexample'],
    ['Debian:12', 'libexample'],
    ['Debian:12', 'absent'],
  ] as const;

  test('is an error that names the ecosystem and what repairs it, or still right', async () => {
    const { path } = await build('Debian', fixtureFiles('Debian'));
    const good = readFileSync(path);
    const right = lookupIn(path, 'Debian', keys);
    let errors = 0;
    const check = (bytes: Buffer) => {
      writeFileSync(path, bytes);
      try {
        expect(lookupIn(path, 'Debian', keys)).toEqual(right);
      } catch (thrown) {
        if (!(thrown instanceof SluiceError)) throw thrown;
        errors++;
        expect(thrown).toMatchObject({ code: 'advisory/index-damaged', hint: 'run: sluice db update' });
        expect(thrown.message).toContain('Debian');
      }
    };
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(good);
        bytes[at]! ^= flip;
        check(bytes);
      }),
      { numRuns: 250 },
    );
    fc.assert(
      fc.property(fc.nat(good.length), fc.uint8Array({ maxLength: 20 }), (cut, tail) => {
        check(Buffer.concat([good.subarray(0, cut), tail]));
      }),
      { numRuns: 100 },
    );
    expect(errors).toBeGreaterThan(250);
  });

  test('of another version is refused with what to do', async () => {
    const { path } = await build('Debian', fixtureFiles('Debian'));
    const bytes = readFileSync(path);
    bytes.writeUInt32LE(2, 8);
    writeFileSync(path, bytes);
    expect(() => new IndexReader(path, 'Debian')).toThrow(
      expect.objectContaining({
        code: 'advisory/index-damaged',
        message: 'the advisories of Debian were indexed by another version of sluice',
        hint: 'run: sluice db update',
      }),
    );
  });

  test('of another ecosystem or missing is refused', async () => {
    const { path } = await build('Debian', fixtureFiles('Debian'));
    expect(() => new IndexReader(path, 'npm')).toThrow(/another ecosystem/);
    expect(() => new IndexReader(`${path}.absent`, 'npm')).toThrow(/missing/);
  });
});
