import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readElf } from '../../src/format/elf.ts';
import { elfSymbols } from '../../src/format/elf-symbols.ts';
import { type Kind, kinds, type Part, Writer, writeElf } from './executable-writers.ts';

interface TestSymbol {
  readonly text: number;
  readonly value: number;
  /** Of another file when 0. */
  readonly section?: number;
}

function tableOf(kind: Kind, symbols: readonly TestSymbol[]): Buffer {
  const writer = new Writer(kind);
  for (const { text, value, section = 1 } of symbols) {
    writer.u32(text);
    if (kind.bits === 64) writer.u16(0, section).u64(value, 0);
    else writer.u32(value, 0).u16(0, section);
  }
  return writer.done();
}

function program(kind: Kind, parts: readonly Part[]) {
  return readElf(writeElf(kind, parts))!;
}

/** The last name ends as the one before it, which linkers put into one. */
const texts = Buffer.from('\0place\0place_length\0', 'latin1');

describe.each(kinds)('symbols of $bits bits, little-endian: $littleEndian', (kind) => {
  const part = (name: string, data: Buffer): Part => ({ name, address: 0, data });

  test('are found by their whole names, in either table', () => {
    const dynamic = tableOf(kind, [
      { text: 0, value: 0, section: 0 },
      { text: 1, value: 0x1000 },
      { text: 2, value: 0x1008 },
    ]);
    const all = tableOf(kind, [
      { text: 1, value: 0x9999 },
      { text: 7, value: 0x2000 },
      { text: 13, value: 0x3000 },
    ]);
    const both = [part('.dynsym', dynamic), part('.dynstr', texts), part('.symtab', all), part('.strtab', texts)];
    const names = ['place', 'lace', 'place_length', 'length', 'place_', 'absent'];
    expect([...elfSymbols(program(kind, both), names)]).toEqual([
      ['place', 0x1000],
      ['lace', 0x1008],
      ['place_length', 0x2000],
      ['length', 0x3000],
    ]);
    expect([...elfSymbols(program(kind, both.slice(0, 2)), names)]).toEqual([
      ['place', 0x1000],
      ['lace', 0x1008],
    ]);
    expect([...elfSymbols(program(kind, both.slice(2)), ['place'])]).toEqual([['place', 0x9999]]);
  });

  test('of other files, of names outside of the file, and without names are none', () => {
    const table = tableOf(kind, [
      { text: 1, value: 0x1000, section: 0 },
      { text: 0xffff_fff0, value: 0x1000 },
      { text: texts.length - 1, value: 0x1000 },
    ]);
    const parts = [part('.dynsym', table), part('.dynstr', texts)];
    expect([...elfSymbols(program(kind, parts), ['place'])]).toEqual([]);
    expect([...elfSymbols(program(kind, parts.slice(0, 1)), ['place'])]).toEqual([]);
    expect([...elfSymbols(program(kind, parts.slice(1)), ['place'])]).toEqual([]);
  });

  test('never throw, whatever the tables hold', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 40 }), (table, strings) => {
        const parts = [part('.symtab', Buffer.from(table)), part('.strtab', Buffer.from(strings))];
        const found = elfSymbols(program(kind, parts), ['', 'a']);
        for (const address of found.values()) expect(Number.isSafeInteger(address)).toBe(true);
      }),
    );
  });
});

test('addresses that a double does not hold are left out', () => {
  const kind: Kind = { bits: 64, littleEndian: true };
  const table = tableOf(kind, [{ text: 1, value: 0 }]);
  table.writeBigUInt64LE(2n ** 53n, 8);
  const parts: Part[] = [
    { name: '.symtab', address: 0, data: table },
    { name: '.strtab', address: 0, data: texts },
  ];
  expect([...elfSymbols(program(kind, parts), ['place'])]).toEqual([]);
  table.writeBigUInt64LE(2n ** 53n - 1n, 8);
  expect([...elfSymbols(program(kind, parts), ['place'])]).toEqual([['place', 2 ** 53 - 1]]);
});
