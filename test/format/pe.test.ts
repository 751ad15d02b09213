import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesAt, findSection, readExecutables, regionBytes } from '../../src/format/executable.ts';
import { isManagedPe, readPe } from '../../src/format/pe.ts';
import { type Part, writePe } from './executable-writers.ts';

const base = 0x40_0000;
const parts: Part[] = [
  { name: '.text', address: base + 0x1000, data: Buffer.from('code'), executable: true },
  { name: '.data', address: base + 0x2000, data: Buffer.from('twenty bytes of data'), writable: true },
  { name: '.bss', address: base + 0x3000, data: Buffer.alloc(64), writable: true, empty: true },
  { name: '.debug_frame', address: base + 0x4000, data: Buffer.from('frames') },
];

describe.each([32, 64] as const)('PE of %i bits', (bits) => {
  const bytes = writePe(bits, base, parts);
  const start = bits === 64 ? 496 : 480;

  test('sections with long and short names, and their place in file and memory', () => {
    const sections = [
      { name: '.text', address: 0x40_1000, offset: start, length: 4, writable: false, executable: true },
      { name: '.data', address: 0x40_2000, offset: start + 16, length: 20, writable: true, executable: false },
      { name: '.bss', address: 0x40_3000, offset: start + 48, length: 0, writable: true, executable: false },
      { name: '.debug_frame', address: 0x40_4000, offset: start + 48, length: 6, writable: false, executable: false },
    ];
    expect(readPe(bytes)).toEqual({ format: 'pe', bits, littleEndian: true, bytes, segments: sections, sections });
    expect(readExecutables(bytes)).toEqual([readPe(bytes)]);
  });

  test('addresses and names lead to bytes', () => {
    const program = readPe(bytes)!;
    expect(bytesAt(program, 0x40_2007, 5)?.toString()).toBe('bytes');
    expect(bytesAt(program, 0x2007, 5)).toBeUndefined();
    expect(regionBytes(program, findSection(program, '.debug_frame')!).toString()).toBe('frames');
  });

  test('a .NET assembly is told from its first bytes', () => {
    expect(isManagedPe(writePe(bits, base, parts, true).subarray(0, 512))).toBe(true);
    expect(isManagedPe(bytes.subarray(0, 512))).toBe(false);
    expect(isManagedPe(writePe(bits, base, parts, true).subarray(0, 100))).toBe(false);
  });
});

test('what is not PE is none: DOS programs, cut headers, unknown optional headers', () => {
  const bytes = writePe(64, base, parts);
  const odd = Buffer.from(bytes);
  odd.writeUInt16LE(0x107, 64 + 24);
  const dos = Buffer.from(bytes);
  dos.writeUInt32LE(0xffff_fff0, 0x3c);
  expect([odd, dos, bytes.subarray(0, 80), Buffer.from('MZ'), Buffer.alloc(0)].map((b) => readPe(b))).toEqual(
    Array(5).fill(undefined),
  );
});

test('mutations never throw, and every section lies in the file', () => {
  const sample = writePe(32, base, parts);
  const change = fc.record({ at: fc.nat(sample.length - 1), value: fc.constantFrom(0, 1, 2, 0x2f, 0x80, 0xff) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.nat(sample.length), (changes, length) => {
      const bytes = Buffer.from(sample);
      for (const { at, value } of changes) bytes[at] = value;
      const program = readPe(bytes.subarray(0, length));
      isManagedPe(bytes.subarray(0, length));
      for (const region of program?.sections ?? []) {
        expect(regionBytes(program!, region).length).toBe(region.length);
        expect(region.length === 0 || region.offset + region.length <= length).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
