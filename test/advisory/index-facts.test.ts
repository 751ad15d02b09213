import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IndexReader } from '../../src/advisory/index-reader.ts';
import { IndexWriter } from '../../src/advisory/index-writer.ts';
import { memoryAdvisoryDb } from '../../src/advisory/memory.ts';
import { checkOsvRecord } from '../../src/advisory/osv-record.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import { order as dpkg } from '../../src/version/dpkg.ts';
import { plain, scratch } from './support.ts';

const v3 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const v2 = 'AV:N/AC:L/Au:N/C:P/I:P/A:P';
const open = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] }];

/** A record about one package. */
function recordOf(id: string, more: object = {}, affected: object = {}, name = 'a', ecosystem = 'Debian:12') {
  const entry = { package: { ecosystem, name }, ranges: open, ...affected };
  return { id, modified: '2024-01-01T00:00:00Z', ...more, affected: [entry] };
}

const full = recordOf(
  'X-full',
  {
    published: '2023-01-01T00:00:00Z',
    severity: [{ score: v3 }],
    database_specific: { cwe_ids: ['CWE-79', 'CWE-20'], disputed: true },
  },
  {
    versions: ['1.0', '1.1'],
    severity: [{ score: v2 }],
    database_specific: { cwe_ids: ['CWE-30', 'CWE-79'] },
    ecosystem_specific: {
      urgency: 'end-of-life',
      imports: [{ path: 'net/p', symbols: ['Do', 'Ünicode'] }, { path: 'a' }],
    },
  },
);
const withdrawn = recordOf('X-gone', { withdrawn: '2024-02-01T00:00:00Z' }, {}, 'a', 'Debian:13');

function written(records: readonly object[], ecosystem = 'Debian') {
  const folder = scratch();
  const writer = new IndexWriter(ecosystem, join(folder, 'spool'));
  for (const record of records) writer.add(checkOsvRecord(record));
  const made = writer.finish(join(folder, 'index'));
  writer.close();
  return { ...made, path: join(folder, 'index') };
}

function read<T>(path: string, look: (reader: IndexReader) => T): T {
  const reader = new IndexReader(path, 'Debian');
  try {
    return look(reader);
  } finally {
    reader.close();
  }
}

describe('an index', () => {
  test('holds all that explains a record', () => {
    const { path } = written([full]);
    const all = read(path, (reader) => reader.find('Debian:12', 'a')!.all().map(plain));
    expect(all).toEqual([
      {
        id: 'X-full',
        modified: '2024-01-01T00:00:00Z',
        published: '2023-01-01T00:00:00Z',
        summary: '',
        aliases: [],
        upstream: [],
        related: [],
        severity: { severity: 'high', source: 'cvss-v2', score: 7.5, vector: v2 },
        disputed: true,
        cwes: ['CWE-20', 'CWE-30', 'CWE-79'],
        vectors: [v3, v2],
        fixState: 'end-of-life',
        imports: [
          { path: 'a', symbols: [] },
          { path: 'net/p', symbols: ['Do', 'Ünicode'] },
        ],
        versions: ['1.0', '1.1'],
        ranges: [
          {
            type: 'ECOSYSTEM',
            events: [
              { kind: 'introduced', version: '0' },
              { kind: 'fixed', version: '2' },
            ],
          },
        ],
      } satisfies Advisory,
    ]);
  });

  test('reads imports and versions in either order', () => {
    const { path } = written([full]);
    const [first, second] = read(path, (reader) => {
      const [one] = reader.find('Debian:12', 'a')!.all();
      const [other] = reader.find('Debian:12', 'a')!.all();
      return [
        [one!.imports.length, one!.versions.length, one!.imports.length],
        [other!.versions.length, other!.imports.length, other!.versions.length],
      ];
    });
    expect([first, second]).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
  });

  test('tells of a withdrawn record, which is never a candidate and covers no release', () => {
    const beside = recordOf('X-here', {}, {}, 'a', 'Debian:13');
    const { meta, path } = written([withdrawn, beside, recordOf('X-gone-12', { withdrawn: '2024-02-01T00:00:00Z' })]);
    expect(meta).toEqual({
      ecosystem: 'Debian',
      records: 3,
      withdrawn: 2,
      unreadable: 0,
      unreadableNames: [],
      newest: '2024-01-01T00:00:00Z',
      releases: ['Debian:13'],
    });
    read(path, (reader) => {
      const named = reader.find('Debian:13', 'a')!;
      expect(named.candidates('1', dpkg).map(({ id }) => id)).toEqual(['X-here']);
      expect(named.all().map((one) => [one.id, one.withdrawn])).toEqual([
        ['X-gone', '2024-02-01T00:00:00Z'],
        ['X-here', undefined],
      ]);
      expect(reader.find('Debian:12', 'a')!.candidates('1', dpkg)).toEqual([]);
    });
  });

  test('says the same as records in memory, and has the same bytes in any order', () => {
    const urgency = fc.constantFrom('end-of-life', 'low', 'unimportant', 'not yet assigned', undefined);
    const imports = fc.constantFrom(undefined, [{ path: 'p', symbols: ['A'] }], [{ path: 'q' }]);
    const cwes = fc.constantFrom(undefined, ['CWE-1'], ['CWE-79', 'CWE-1']);
    const scores = fc.constantFrom(undefined, [{ score: v3 }], [{ score: v2 }, { score: v3 }]);
    const record = fc.record({
      urgency,
      imports,
      cwes,
      ofPackage: cwes,
      scores,
      ofEntry: scores,
      name: fc.constantFrom('a', 'b'),
      withdrawn: fc.constantFrom(undefined, '2024-02-01T00:00:00Z'),
      details: fc.constantFrom('** DISPUTED ** x', 'x'),
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (made) => {
        const records = made.map((one, at) =>
          recordOf(
            `X-${at}`,
            {
              details: one.details,
              withdrawn: one.withdrawn,
              severity: one.scores,
              database_specific: { cwe_ids: one.cwes },
            },
            {
              severity: one.ofEntry,
              ecosystem_specific: { urgency: one.urgency, imports: one.imports },
              database_specific: { cwe_ids: one.ofPackage },
            },
            one.name,
          ),
        );
        const index = written(records);
        expect(written([...records].reverse()).digest).toBe(index.digest);
        const memory = memoryAdvisoryDb(records, 'starter');
        read(index.path, (reader) => {
          for (const name of ['a', 'b']) {
            const stored = reader.find('Debian:12', name);
            expect((stored?.all() ?? []).map(plain)).toEqual(memory.lookup('Debian:12', name));
            expect((stored?.candidates('1', dpkg) ?? []).map(({ id }) => id)).toEqual(
              (memory.find('Debian:12', name)?.candidates('1', dpkg) ?? []).map(({ id }) => id),
            );
          }
        });
        expect(memory.covers('Debian:12')).toBe(records.some((one) => !('withdrawn' in one) || !one.withdrawn));
      }),
      { numRuns: 60 },
    );
  });

  test('keeps one part for packages of which a record says the same, and two for those of which it does not', () => {
    const same = written([
      { ...recordOf('X-1'), affected: ['a', 'b'].map((name) => recordOf('', {}, {}, name).affected[0]) },
    ]);
    const other = written([
      {
        ...recordOf('X-1'),
        affected: [
          ...recordOf('', {}, { ecosystem_specific: { urgency: 'end-of-life' } }).affected,
          ...recordOf('', {}, {}, 'b').affected,
        ],
      },
    ]);
    const states = (path: string) =>
      read(path, (reader) => ['a', 'b'].map((name) => reader.find('Debian:12', name)!.all()[0]!.fixState));
    expect([states(same.path), states(other.path)]).toEqual([
      [undefined, undefined],
      ['end-of-life', undefined],
    ]);
  });
});
