import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readElf } from '../../src/format/elf.ts';
import { bytesAt, findSection, regionBytes } from '../../src/format/executable.ts';
import { kinds, type Part, writeElf } from './executable-writers.ts';

const parts: Part[] = [
  { name: '.text', address: 0x40_1000, data: Buffer.from('code'), executable: true },
  { name: '.data', address: 0x50_0000, data: Buffer.from('twenty bytes of data'), writable: true },
  { name: '.bss', address: 0x60_0000, data: Buffer.alloc(100), writable: true, empty: true },
  { name: '.dep-v0', address: 0, data: Buffer.from('notes') },
];
const sample = writeElf(kinds[0]!, parts);

describe.each(kinds)('ELF of $bits bits, little-endian: $littleEndian', (kind) => {
  const bytes = writeElf(kind, parts);
  const start = kind.bits === 64 ? 176 : 128;

  test('segments and sections with their place in file and memory', () => {
    const code = { address: 0x40_1000, offset: start, length: 4, writable: false, executable: true };
    const data = { address: 0x50_0000, offset: start + 16, length: 20, writable: true, executable: false };
    const plain = { writable: false, executable: false };
    expect(readElf(bytes)).toEqual({
      format: 'elf',
      ...kind,
      bytes,
      segments: [
        { name: '', ...code },
        { name: '', ...data },
      ],
      sections: [
        { name: '', address: 0, offset: 0, length: 0, ...plain },
        { name: '.text', ...code },
        { name: '.data', ...data },
        { name: '.bss', address: 0x60_0000, offset: start + 48, length: 0, writable: true, executable: false },
        { name: '.dep-v0', address: 0, offset: start + 48, length: 5, ...plain },
        { name: '.shstrtab', address: 0, offset: start + 64, length: 36, ...plain },
      ],
    });
  });

  test('addresses lead to bytes, within one segment alone', () => {
    const program = readElf(bytes)!;
    expect(bytesAt(program, 0x50_0007, 5)?.toString()).toBe('bytes');
    expect(bytesAt(program, 0x50_0000, 21)).toBeUndefined();
    expect(bytesAt(program, 0x60_0000, 1)).toBeUndefined();
    expect(bytesAt(program, -1, 1)).toBeUndefined();
    expect(regionBytes(program, findSection(program, '.dep-v0')!).toString()).toBe('notes');
    expect(regionBytes(program, findSection(program, '.bss')!).length).toBe(0);
    expect(findSection(program, '.debug')).toBeUndefined();
  });

  test('a file cut short holds what it still holds', () => {
    const program = readElf(bytes.subarray(0, start + 26))!;
    expect(program.segments.map((segment) => segment.length)).toEqual([4, 10]);
    expect(program.sections).toEqual([]);
  });
});

test('numbers of table entries that do not fit the header stand in section 0', () => {
  const bytes = Buffer.from(sample);
  const plain = readElf(sample)!;
  const sectionTable = Number(bytes.readBigUInt64LE(40));
  bytes.writeUInt16LE(0xffff, 56);
  bytes.writeUInt32LE(1, sectionTable + 44);
  bytes.writeUInt16LE(0, 60);
  bytes.writeBigUInt64LE(6n, sectionTable + 32);
  bytes.writeUInt16LE(0xffff, 62);
  bytes.writeUInt32LE(5, sectionTable + 40);
  const program = readElf(bytes)!;
  expect(program.segments).toEqual(plain.segments.slice(0, 1));
  expect(program.sections.slice(1)).toEqual(plain.sections.slice(1));
});

test('an address above 2^53 is none, and what follows it still counts', () => {
  const bytes = Buffer.from(sample);
  bytes.writeBigUInt64LE(0xffff_ffff_8000_0000n, 64 + 16);
  const program = readElf(bytes)!;
  expect(program.segments.map((segment) => segment.address)).toEqual([-1, 0x50_0000]);
  expect(bytesAt(program, 0x50_0000, 6)?.toString()).toBe('twenty');
});

test('what is not ELF, or of an unknown class or byte order, is none', () => {
  const odd = (offset: number, value: number) => {
    const bytes = Buffer.from(sample);
    bytes[offset] = value;
    return readElf(bytes);
  };
  expect(readElf(Buffer.alloc(0))).toBeUndefined();
  expect(readElf(sample.subarray(0, 63))).toBeUndefined();
  expect([odd(1, 0x46), odd(4, 3), odd(5, 0)]).toEqual([undefined, undefined, undefined]);
});

test('mutations never throw, and every region lies in the file', () => {
  const change = fc.record({ at: fc.nat(sample.length - 1), value: fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.nat(sample.length), (changes, length) => {
      const bytes = Buffer.from(sample);
      for (const { at, value } of changes) bytes[at] = value;
      const program = readElf(bytes.subarray(0, length));
      for (const region of [...(program?.segments ?? []), ...(program?.sections ?? [])]) {
        expect(regionBytes(program!, region).length).toBe(region.length);
        expect(region.length === 0 || region.offset + region.length <= length).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
