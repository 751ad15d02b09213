import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferAccess, fileAccess } from '../../src/format/random-access.ts';
import { readZipDirectory, readZipEntry, zipLimits } from '../../src/format/zip.ts';
import { SluiceError } from '../../src/util/error.ts';
import { hasShared, shared } from '../support/shared.ts';
import { buildZip, type ZipInput, type ZipOptions } from '../support/zip.ts';

const mebibyte = 1024 * 1024;
const text = 'a body that repeats, that repeats, that repeats';
const plain: ZipInput[] = [
  { name: 'META-INF/' },
  { name: 'META-INF/a.txt', body: text },
  { name: 'stored.bin', body: 'stored', stored: true },
  { name: 'empty', body: '' },
];
const expected = [
  ['META-INF/', ''],
  ['META-INF/a.txt', text],
  ['stored.bin', 'stored'],
  ['empty', ''],
];

function contentsOf(zip: Buffer): [string, string][] {
  const source = bufferAccess(zip);
  return readZipDirectory(source).map((entry) => [entry.name, readZipEntry(source, entry, mebibyte).toString()]);
}

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return error instanceof SluiceError ? error.code : `not foreseen: ${error}`;
  }
}

function codeOfEntry(input: ZipInput, limit = mebibyte): string {
  const source = bufferAccess(buildZip([input]));
  const [entry] = readZipDirectory(source);
  return codeOf(() => readZipEntry(source, entry!, limit));
}

describe('the central directory', () => {
  const comment = Buffer.from('a comment');
  const shapes: [string, ZipOptions][] = [
    ['plain', {}],
    ['with a comment', { comment }],
    ['with the longest comment', { comment: Buffer.alloc(0xffff, 0x50) }],
    [
      'with a comment that holds an end record',
      { comment: Buffer.from('PK\x05\x06 and what follows it is no end record') },
    ],
    ['behind a launch script', { prefix: Buffer.from('#!/bin/sh\nexec java -jar "$0"\n') }],
    ['with bytes behind it', { suffix: Buffer.alloc(1000) }],
    ['with a script before and bytes behind it', { prefix: Buffer.alloc(77, 1), suffix: Buffer.from('PK\x05\x06') }],
    ['zip64', { zip64: true }],
    ['zip64 behind a launch script', { zip64: true, prefix: Buffer.alloc(5000, 7), comment }],
    ['with a wrong count', { count: 1 }],
    ['with 65535 for a count but no zip64', { count: 0xffff }],
  ];
  test.each(shapes)('%s', (_name, options) => {
    expect(contentsOf(buildZip(plain, options))).toEqual(expected);
  });

  test('reads zip64 fields and data descriptors of entries', () => {
    const inputs = [
      { name: 'wide', body: text, zip64: true },
      { name: 'late', body: text, descriptor: true },
      { name: 'both', body: 'x', stored: true, zip64: true, descriptor: true },
    ];
    expect(contentsOf(buildZip(inputs, { prefix: Buffer.alloc(9) }))).toEqual([
      ['wide', text],
      ['late', text],
      ['both', 'x'],
    ]);
  });

  test('tells everything of an entry', () => {
    const zip = buildZip([{ name: 'ä', body: text, flags: 1 }], { prefix: Buffer.alloc(3) });
    expect(readZipDirectory(bufferAccess(zip))).toEqual([
      {
        name: 'ä',
        method: 8,
        crc32: expect.any(Number),
        compressedSize: deflateRawSync(text).length,
        size: text.length,
        headerOffset: 3,
        encrypted: true,
      },
    ]);
  });

  test('keeps entries of the same name, and names that are not UTF-8 apart', () => {
    const inputs = [
      { name: 'x', body: '1' },
      { name: 'x', body: '2' },
      { name: Buffer.from([0xe9]) },
      { name: Buffer.from([0xff]) },
      { name: '\uFFFD' },
    ];
    expect(contentsOf(buildZip(inputs))).toEqual([
      ['x', '1'],
      ['x', '2'],
      ['é', ''],
      ['ÿ', ''],
      ['\uFFFD', ''],
    ]);
  });

  test('takes an offset from the start of the file when a gap lies before the end record', () => {
    const zip = buildZip(plain);
    const end = zip.length - 22;
    const gap = Buffer.concat([zip.subarray(0, end), Buffer.alloc(100), zip.subarray(end)]);
    expect(contentsOf(gap)).toEqual(expected);
  });

  test('an archive without entries is one', () => {
    expect(readZipDirectory(bufferAccess(buildZip([])))).toEqual([]);
  });

  test('refuses what is no zip', () => {
    const read = (bytes: Buffer) => codeOf(() => readZipDirectory(bufferAccess(bytes)));
    expect(read(Buffer.alloc(0))).toBe('zip/not-a-zip');
    expect(read(Buffer.alloc(100_000))).toBe('zip/not-a-zip');
    expect(read(buildZip(plain).subarray(0, 80))).toBe('zip/not-a-zip');
    expect(read(Buffer.from('PK\x05\x06'.repeat(20_000)))).toBe('zip/not-a-zip');
  });

  test('refuses a directory that is damaged or elsewhere', () => {
    const change = (at: (zip: Buffer) => number, value: number): string => {
      const zip = buildZip(plain);
      zip.writeUInt8(value, at(zip));
      return codeOf(() => readZipDirectory(bufferAccess(zip)));
    };
    const directory = (zip: Buffer): number => zip.readUInt32LE(zip.length - 6);
    expect(change((zip) => zip.length - 3, 0x7f)).toBe('zip/damaged');
    expect(change((zip) => zip.length - 10, 3)).toBe('zip/damaged');
    expect(change(directory, 0)).toBe('zip/damaged');
    expect(change((zip) => directory(zip) + 28, 0xff)).toBe('zip/damaged');
    expect(change((zip) => directory(zip) + 29, 0xff)).toBe('zip/damaged');
  });

  test('keeps to its limits', () => {
    const source = bufferAccess(buildZip(plain));
    expect(readZipDirectory(source, { ...zipLimits, entries: 4 })).toHaveLength(4);
    expect(codeOf(() => readZipDirectory(source, { ...zipLimits, entries: 3 }))).toBe('zip/too-many-entries');
    expect(codeOf(() => readZipDirectory(source, { ...zipLimits, directoryBytes: 100 }))).toBe(
      'zip/directory-too-large',
    );
  });
});

describe('the body of an entry', () => {
  test('is refused by its declared sizes before anything is unpacked', () => {
    expect(codeOfEntry({ name: 'x', body: text }, text.length)).toBe('none');
    expect(codeOfEntry({ name: 'x', body: text }, text.length - 1)).toBe('zip/entry-too-large');
    expect(codeOfEntry({ name: 'x', body: Buffer.alloc(mebibyte), stored: true, size: 1 }, 100)).toBe(
      'zip/entry-too-large',
    );
  });

  test('is refused when it unpacks to another size than declared', () => {
    expect(codeOfEntry({ name: 'bomb', body: Buffer.alloc(16 * mebibyte), size: 10 })).toBe('zip/damaged');
    expect(codeOfEntry({ name: 'short', body: text, size: 1000 })).toBe('zip/damaged');
    expect(codeOfEntry({ name: 'stored', body: text, stored: true, size: 1000 })).toBe('zip/damaged');
  });

  test('is refused by its CRC-32, its method or its encryption', () => {
    expect(codeOfEntry({ name: 'x', body: text, crc32: 1 })).toBe('zip/damaged');
    expect(codeOfEntry({ name: 'x', body: text, stored: true, crc32: 1 })).toBe('zip/damaged');
    expect(codeOfEntry({ name: 'x', body: text, method: 14 })).toBe('zip/method');
    expect(codeOfEntry({ name: 'x', body: text, flags: 1 })).toBe('zip/encrypted');
    expect(codeOfEntry({ name: 'x', body: 'no deflate', stored: true, method: 8 })).toBe('zip/damaged');
  });

  test('is refused when it lies elsewhere', () => {
    const source = bufferAccess(buildZip([{ name: 'x', body: text }]));
    const [entry] = readZipDirectory(source);
    for (const headerOffset of [1, 60, source.size - 10, source.size + 5, Number.MAX_SAFE_INTEGER]) {
      expect(codeOf(() => readZipEntry(source, { ...entry!, headerOffset }, mebibyte))).toBe('zip/damaged');
    }
    const stored = { ...entry!, method: 0, compressedSize: 5000, size: 5000 };
    expect(codeOf(() => readZipEntry(source, stored, mebibyte))).toBe('zip/damaged');
  });
});

describe('hostile bytes', () => {
  const good = buildZip(
    [...plain, { name: 'wide', body: text, zip64: true }, { name: 'late', body: text, descriptor: true }],
    { zip64: true, comment: Buffer.from('comment'), prefix: Buffer.from('#!') },
  );
  const readAll = (zip: Buffer): void => {
    const source = bufferAccess(zip);
    for (const entry of readZipDirectory(source)) {
      const code = codeOf(() => readZipEntry(source, entry, mebibyte));
      expect(code).toMatch(/^(none|zip\/[a-z-]+)$/);
    }
  };

  test('mutations of a good archive only fail as foreseen', () => {
    const mutation = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), fc.nat(good.length), (mutations, cut) => {
        const bytes = Buffer.from(good);
        for (const { at, value } of mutations) bytes[at] = value;
        expect(codeOf(() => readAll(bytes))).toMatch(/^(none|zip\/[a-z-]+)$/);
        expect(codeOf(() => readAll(bytes.subarray(cut)))).toMatch(/^(none|zip\/[a-z-]+)$/);
      }),
      { numRuns: 500 },
    );
  });

  test('random bytes before an end record only fail as foreseen', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ minLength: 18, maxLength: 60 }),
        (before, after) => {
          const bytes = Buffer.concat([before, Buffer.from('PK\x05\x06', 'latin1'), after]);
          expect(codeOf(() => readAll(bytes))).toMatch(/^(none|zip\/[a-z-]+)$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('whatever is written is read', () => {
    const entry = fc.record({
      name: fc.string({ unit: 'grapheme', maxLength: 30 }),
      body: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
      stored: fc.boolean(),
      descriptor: fc.boolean(),
      zip64: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 8 }),
        fc.uint8Array({ maxLength: 50 }),
        fc.boolean(),
        (entries, prefix, zip64) => {
          const source = bufferAccess(buildZip(entries, { prefix: Buffer.from(prefix), zip64 }));
          const read = readZipDirectory(source).map((one) => [one.name, readZipEntry(source, one, 2000)]);
          expect(read).toEqual(entries.map(({ name, body }) => [name, body]));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('files', () => {
  test('an archive of 20,000 entries is read from a file in one piece', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-zip-'));
    const entries = Array.from({ length: 20_000 }, (_, i) => ({
      name: `CVE-${i}.json`,
      body: `{"id":${i}}`,
      stored: true,
    }));
    writeFileSync(join(folder, 'all.zip'), buildZip(entries, { zip64: true }));
    const fd = openSync(join(folder, 'all.zip'), 'r');
    try {
      const file = fileAccess(fd, 0, fstatSync(fd).size);
      let reads = 0;
      const read = (at: number, length: number): Buffer => {
        reads++;
        return file.read(at, length);
      };
      const directory = readZipDirectory({ size: file.size, read });
      expect(directory).toHaveLength(20_000);
      expect(reads).toBeLessThan(10);
      expect(readZipEntry(file, directory[19_999]!, 100).toString()).toBe('{"id":19999}');
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });

  test.skipIf(!hasShared)('every record of a published archive of advisories unpacks to JSON of its own id', () => {
    const fd = openSync(shared('osv', 'Maven', 'all.zip'), 'r');
    try {
      const source = fileAccess(fd, 0, fstatSync(fd).size);
      const directory = readZipDirectory(source);
      expect(directory).toHaveLength(442);
      for (const entry of directory) {
        const record = JSON.parse(readZipEntry(source, entry, mebibyte).toString()) as { id: string };
        expect(`${record.id}.json`).toBe(entry.name);
      }
    } finally {
      closeSync(fd);
    }
  });
});
