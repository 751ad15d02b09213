import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesAt, looksExecutable, readExecutables, regionBytes } from '../../src/format/executable.ts';
import { readMachO } from '../../src/format/macho.ts';
import { kinds, writeMachO, writeUniversal } from './executable-writers.ts';

const parts = [
  { segment: '__TEXT', name: '__text', address: 0x1_0000, data: Buffer.from('code'), executable: true },
  {
    segment: '__DATA',
    name: '__go_buildinfo',
    address: 0x2_0000,
    data: Buffer.from('twenty bytes of data'),
    writable: true,
  },
  { segment: '__BSS', name: '__bss', address: 0x3_0000, data: Buffer.alloc(64), writable: true, empty: true },
];
const samples = kinds.map((kind) => writeMachO(kind, parts));

describe.each(kinds.map((kind, index) => ({ ...kind, bytes: samples[index]! })))(
  'Mach-O of $bits bits, little-endian: $littleEndian',
  ({ bits, littleEndian, bytes }) => {
    test('segments and sections with their place in file and memory', () => {
      const start = bits === 64 ? 496 : 400;
      const code = { address: 0x1_0000, offset: start, length: 4, writable: false, executable: true };
      const data = { address: 0x2_0000, offset: start + 16, length: 20, writable: true, executable: false };
      const bss = { address: 0x3_0000, offset: start + 48, length: 0, writable: true, executable: false };
      expect(readExecutables(bytes)).toEqual([
        {
          format: 'macho',
          bits,
          littleEndian,
          bytes,
          segments: [
            { name: '__TEXT', ...code },
            { name: '__DATA', ...data },
            { name: '__BSS', ...bss },
          ],
          sections: [
            { name: '__text', ...code },
            { name: '__go_buildinfo', ...data },
            { name: '__bss', ...bss },
          ],
        },
      ]);
    });

    test('a load command of size 0 ends the list', () => {
      const broken = Buffer.from(bytes);
      broken.fill(0, bits === 64 ? 36 : 32, bits === 64 ? 40 : 36);
      expect(readMachO(broken)[0]).toMatchObject({ segments: [], sections: [] });
    });
  },
);

test.each([false, true])('each program of a universal binary (64-bit offsets: %s)', (wide) => {
  const programs = readExecutables(writeUniversal(samples, wide));
  expect(programs.map(({ bits, littleEndian }) => ({ bits, littleEndian }))).toEqual(kinds);
  expect(programs.map((program) => bytesAt(program, 0x2_0007, 5)?.toString())).toEqual(Array(4).fill('bytes'));
});

test('a universal binary within a universal binary is not opened', () => {
  expect(readExecutables(writeUniversal([writeUniversal(samples)]))).toEqual([]);
});

test('slices of a universal binary that share bytes are read once', () => {
  const one = samples[0]!;
  const bytes = writeUniversal([one, one, one]);
  expect(readExecutables(bytes).length).toBe(3);
  const whole = Buffer.from(bytes);
  for (const entry of [0, 1, 2]) {
    whole.writeUInt32BE(256, 8 + entry * 20 + 8);
    whole.writeUInt32BE(bytes.length - 256, 8 + entry * 20 + 12);
  }
  expect(readExecutables(whole).length).toBe(1);
});

test('a Java class, which starts with the same bytes, is no universal binary', () => {
  const javaClass = Buffer.from('cafebabe00000041001d0a00', 'hex');
  expect(looksExecutable(javaClass)).toBe(false);
  expect(readExecutables(javaClass)).toEqual([]);
  expect(samples.map((bytes) => looksExecutable(bytes.subarray(0, 8)))).toEqual([true, true, true, true]);
  expect(looksExecutable(writeUniversal(samples).subarray(0, 8))).toBe(true);
});

test('mutations never throw, and every region lies in its program', () => {
  const sample = writeUniversal(samples);
  const change = fc.record({ at: fc.nat(sample.length - 1), value: fc.constantFrom(0, 1, 2, 0x19, 0x80, 0xff) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), fc.nat(sample.length), (changes, length) => {
      const bytes = Buffer.from(sample);
      for (const { at, value } of changes) bytes[at] = value;
      for (const program of readExecutables(bytes.subarray(0, length))) {
        for (const region of [...program.segments, ...program.sections]) {
          expect(regionBytes(program, region).length).toBe(region.length);
          expect(region.length === 0 || region.offset + region.length <= program.bytes.length).toBe(true);
        }
      }
    }),
    { numRuns: 500 },
  );
});
