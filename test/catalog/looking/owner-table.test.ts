import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OwnerTableBuilder, OwnerTableReader } from '../../../src/catalog/looking/owner-table.ts';
import type { OwnerTable } from '../../../src/model/survey.ts';

type Row = readonly [ecosystem: string, name: string, path: string, digest: string | undefined];

function tableOf(rows: readonly Row[]): OwnerTableReader {
  const builder = new OwnerTableBuilder();
  for (const [ecosystem, name, path, digest] of rows) builder.add(ecosystem, { name }, path, digest);
  return new OwnerTableReader(builder.build() as OwnerTable);
}

test('says whose file a path is, and the front of its digest', () => {
  const table = tableOf([
    ['deb', 'bash', 'bin/bash', undefined],
    ['deb', 'bash', 'bin/bash', 'md5:0a0b0c0dffffffffffffffffffffffff'],
    ['apk', 'musl', 'lib/ld-musl.so', 'sha1:ffffffff00'],
  ]);
  expect(table.of('bin/bash')).toEqual([
    { ecosystem: 'deb', owner: { name: 'bash' } },
    { ecosystem: 'deb', owner: { name: 'bash' }, digest: 'md5:0a0b0c0d' },
  ]);
  expect(table.of('lib/ld-musl.so')).toEqual([{ ecosystem: 'apk', owner: { name: 'musl' }, digest: 'sha1:ffffffff' }]);
  expect(table.of('bin/bas')).toEqual([]);
  expect(new OwnerTableBuilder().build()).toBeUndefined();
});

test('names of one package with other versions or architectures are others', () => {
  const builder = new OwnerTableBuilder();
  builder.add('rpm', { name: 'glibc', version: '1', arch: 'i686' }, 'lib/libc.so', undefined);
  builder.add('rpm', { name: 'glibc', version: '1', arch: 'x86_64' }, 'lib64/libc.so', undefined);
  const table = new OwnerTableReader(builder.build() as OwnerTable);
  expect(table.of('lib64/libc.so')).toEqual([
    { ecosystem: 'rpm', owner: { name: 'glibc', version: '1', arch: 'x86_64' } },
  ]);
});

describe('whatever is noted', () => {
  const path = fc.string({ unit: 'binary', maxLength: 20 });
  const digest = fc.option(
    fc.tuple(fc.constantFrom('md5', 'sha1', 'sha256'), fc.stringMatching(/^[0-9a-f]{16}$/)).map((two) => two.join(':')),
    { nil: undefined },
  );
  const rows = fc.array(fc.tuple(fc.constantFrom('deb', 'rpm'), fc.constantFrom('a', 'b', 'c'), path, digest), {
    minLength: 1,
    maxLength: 200,
  });

  test('is said of its path, in the order of its coming, and nothing else', () => {
    fc.assert(
      fc.property(rows, path, (given, other) => {
        const table = tableOf(given);
        for (const asked of [...given.map(([, , one]) => one), other]) {
          const own = given.filter(([, , one]) => one === asked);
          expect(table.of(asked)).toEqual(
            own.map(([ecosystem, name, , told]) => ({
              ecosystem,
              owner: { name },
              ...(told === undefined ? {} : { digest: told.slice(0, told.indexOf(':') + 9) }),
            })),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('from elsewhere may be anything, and is read without an end or an error', () => {
    const hostile = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    fc.assert(
      fc.property(hostile, path, (text, asked) => {
        for (const found of new OwnerTableReader({ owners: [], rows: text }).of(asked)) expect(found).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
