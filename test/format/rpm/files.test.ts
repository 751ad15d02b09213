import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferAccess } from '../../../src/format/random-access.ts';
import { readRpmFiles } from '../../../src/format/rpm/files.ts';
import { readHeader } from '../../../src/format/rpm/header.ts';
import { readSqlitePackages } from '../../../src/format/rpm/sqlite.ts';
import { database, makeHeader, type Tag } from './support.ts';

const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const tags = { states: 1029, digests: 1035, flags: 1037, modes: 1030, folderOf: 1116, names: 1117, folders: 1118 };
const algorithm = 5011;

function files(all: readonly Tag[]) {
  const header = bufferAccess(makeHeader(all));
  const found = [...readRpmFiles(header, true)];
  const bare = found.map(({ folder, name }) => ({ folder, name }));
  expect([...readRpmFiles(header, false)]).toEqual(bare);
  return found;
}

const names: readonly Tag[] = [
  { tag: tags.names, value: ['bin', 'tool', 'tool.conf', 'README', 'tool.log', 'link'] },
  { tag: tags.folders, value: ['/usr/', '/usr/bin/', '/etc/', '/var/log/'] },
  { tag: tags.folderOf, value: [0, 1, 2, 1, 3, 1] },
];
const regular = 0o100644;
const modes: Tag = { tag: tags.modes, value: [0o40755, regular, regular, regular, regular, 0o120777] };
const flags: Tag = { tag: tags.flags, value: [0, 0, 1, 2, 64, 0] };
const digests: Tag = { tag: tags.digests, value: ['', sha256, sha256, sha256, '', ''] };

describe('the files in a package header', () => {
  test('are those that are there, with digests of what nobody changes', () => {
    expect(files([...names, modes, flags, digests, { tag: algorithm, value: 8 }])).toEqual([
      { folder: '/usr/bin/', name: 'tool', digest: `sha256:${sha256}` },
      { folder: '/etc/', name: 'tool.conf' },
      { folder: '/usr/bin/', name: 'README' },
      { folder: '/usr/bin/', name: 'link' },
    ]);
  });

  test('have MD5 where no algorithm is named, and none of an unknown one', () => {
    const sums: Tag = { tag: tags.digests, value: ['', md5.toUpperCase(), '', '', '', ''] };
    const of = (...more: Tag[]) => files([...names, modes, flags, sums, ...more])[0]?.digest;
    expect([
      of(),
      of({ tag: algorithm, value: 1 }),
      of({ tag: algorithm, value: 8 }),
      of({ tag: algorithm, value: 99 }),
    ]).toEqual([`md5:${md5}`, `md5:${md5}`, undefined, undefined]);
  });

  test('have none where the package asks not to compare it', () => {
    const verified = (value: number): Tag => ({ tag: 1045, value: [0, value, 0, 0, 0, 0] });
    const of = (value: number) =>
      files([...names, modes, flags, digests, { tag: algorithm, value: 8 }, verified(value)]);
    expect([of(0xffff_fffe)[0]?.digest, of(0xffff_ffff)[0]?.digest]).toEqual([undefined, `sha256:${sha256}`]);
  });

  test('are left out where they were not installed or replaced', () => {
    const states: Tag = { tag: tags.states, value: [0, 1, 2, 0, 0, 4] };
    expect(files([...names, modes, flags, states])).toEqual([{ folder: '/usr/bin/', name: 'README' }]);
  });

  test('of a database that rpm made are all told', () => {
    const found = new Map<string, number>();
    for (const blob of readSqlitePackages(database('sqlite'), () => {})) {
      const all = [...readRpmFiles(blob, true)];
      expect(all.every(({ digest }) => digest === undefined || /^sha256:[0-9a-f]{64}$/.test(digest))).toBe(true);
      found.set(readHeader(blob, () => {})?.name ?? '', all.length);
    }
    expect(found.get('large')).toBe(260);
  });

  test('are none where the lists are not there or not whole', () => {
    expect(files(names.slice(1))).toEqual([]);
    expect(files(names.slice(0, 2))).toEqual([]);
    expect(files([names[0] as Tag, names[2] as Tag])).toEqual([]);
    expect(files([...names.slice(0, 2), { tag: tags.folderOf, value: 'text' }])).toEqual([]);
    expect([...readRpmFiles(bufferAccess(Buffer.alloc(0)), true)]).toEqual([]);
    // Fewer folder numbers than names, and a number that is no folder's.
    expect(files([...names.slice(0, 2), { tag: tags.folderOf, value: [1, 99] }])).toEqual([
      { folder: '/usr/bin/', name: 'bin' },
    ]);
  });

  test('of any bytes never throw', () => {
    const good = makeHeader([...names, modes, flags, digests, { tag: algorithm, value: 8 }]);
    const mutated = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 10 }).map((edits) => {
      const bytes = Buffer.from(good);
      for (const [at, byte] of edits) bytes[at] = byte;
      return bytes;
    });
    const cut = fc.nat(good.length).map((length) => good.subarray(0, length));
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(random, mutated, cut), (bytes) => {
        const all = [...readRpmFiles(bufferAccess(bytes), true)];
        expect(all.length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 600 },
    );
  });
});
