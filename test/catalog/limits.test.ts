import { describe, expect, test } from 'vitest';
import { CollectingSink, Scratch } from '../../src/catalog/body.ts';
import { EntryTableBuilder } from '../../src/catalog/entries.ts';
import { SurveyedList } from '../../src/catalog/surveyed-list.ts';
import type { TarEntry } from '../../src/format/tar/contract.ts';
import type { SurveyedFile } from '../../src/model/survey.ts';

const many = <T>(count: number): T[] => new Array<T>(count);
const most = 100_000;
const file = (packages: number, problems: number): SurveyedFile => {
  return { entry: 0, ecosystem: 'npm', packages: many(packages), problems: many(problems) };
};

describe('what is kept of a layer', () => {
  test.each([
    ['packages', file(most / 2, 0), 2, `it holds more than 100000 packages`],
    ['problems', file(0, most / 2), 2, `it holds more than 100000 files that cannot be read`],
    ['files', file(0, 0), 500_000, `it holds more than 500000 package files`],
  ])('%s are limited', (_name, one, times, message) => {
    const list = new SurveyedList();
    for (let i = 0; i < times; i++) list.push(one);
    expect(() => list.push(file(1, 1))).toThrow(message);
    expect(list.files.length).toBe(times);
  });

  test('files come in the order of their entries, without those that say nothing', () => {
    const list = new SurveyedList();
    for (const entry of [3, 1, 2, 1]) list.push({ ...file(1, 0), entry });
    const distribution = { id: 'debian', version: '12', like: [], name: 'Debian' };
    for (const one of [file(0, 0), file(0, 1), { ...file(0, 0), distribution }]) list.push({ ...one, entry: 2 });
    expect(list.saying().map(({ entry, problems }) => [entry, problems.length])).toEqual([
      [1, 0],
      [1, 0],
      [2, 0],
      [2, 1],
      [2, 0],
      [3, 0],
    ]);
    expect(list.files.length).toBe(7);
  });
});

describe('the table of entries', () => {
  const entry = (size: number): TarEntry => {
    return { path: '', type: 'file', size, mode: 0o4755, uid: 4_294_967_295, gid: 7, link: '' };
  };

  test('holds every entry, however many come', () => {
    const builder = new EntryTableBuilder();
    const sizes = Array.from({ length: 5000 }, (_, i) => i * 2 ** 20);
    for (const size of sizes) builder.add(`f${size}`, entry(size));
    const table = builder.build();
    expect(sizes.map((_, i) => table.paths.at(i))).toEqual(sizes.map((size) => `f${size}`));
    expect(table.paths.at(sizes.length)).toBeUndefined();
    expect([...table.sizes]).toEqual(sizes);
    expect(new Set(table.modes)).toEqual(new Set([0o4755]));
    expect(new Set(table.uids)).toEqual(new Set([4_294_967_295]));
    expect(new Set(table.gids)).toEqual(new Set([7]));
    expect([table.kinds, table.modes, table.uids, table.gids].map(({ length }) => length)).toEqual([
      5000, 5000, 5000, 5000,
    ]);
  });

  test('may be built while it is empty, and be added to afterwards', () => {
    const builder = new EntryTableBuilder();
    expect(builder.build().sizes.length).toBe(0);
    builder.add('a', entry(9));
    expect([...builder.build().sizes]).toEqual([9]);
  });
});

describe('a body', () => {
  const collect = (size: number, limit: number, pieces: readonly Buffer[], scratch = new Scratch()) => {
    const seen: (string | number)[] = [];
    const take = (bytes: Buffer) =>
      seen.push(bytes.length, bytes.toString('latin1', 0, 1), bytes.toString('latin1', bytes.length - 1));
    const sink = new CollectingSink(scratch, { size, limit, take, overflow: () => seen.push('overflow') });
    if (pieces.every((piece) => sink.write(piece))) sink.end();
    return seen;
  };
  const mebibyte = (fill: string) => Buffer.alloc(1024 * 1024, fill);
  const ten = [...'abcdefghij'].map(mebibyte);

  test.each([
    ['as large as announced', 10],
    ['larger', 5],
    ['smaller', 40],
  ])('%s is whole', (_name, announced) => {
    const scratch = new Scratch();
    expect(collect(announced * 1024 * 1024, 100 * 1024 * 1024, ten, scratch)).toEqual([10 * 1024 * 1024, 'a', 'j']);
    expect(collect(1, 10, [Buffer.from('xy')], scratch)).toEqual([2, 'x', 'y']);
  });

  test('takes no more memory than was announced once some of it has come', () => {
    const scratch = new Scratch();
    collect(ten.length * 1024 * 1024, 100 * 1024 * 1024, ten, scratch);
    expect(scratch.reserve(0, 0).length).toBe(10 * 1024 * 1024);
  });

  test('above the limit is not taken', () => {
    expect(collect(10, 10, [Buffer.from('12345'), Buffer.from('123456')])).toEqual(['overflow']);
  });
});
