import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxEntryBytes, maxSurveyBytes, SharedEntries } from '../../src/catalog/shared-entry.ts';
import { sharedKey } from '../../src/catalog/shared-key.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import type { LayerBlob } from '../../src/source/contract.ts';
import { isStoreName } from '../../src/source/shared-store.ts';

const digest = digestOfHex('1'.repeat(64));
const diffId = digestOfHex('2'.repeat(64));
const other = digestOfHex('3'.repeat(64));
const blob: LayerBlob = { place: { kind: 'registry', reference: 'r', digest, size: 1 }, digest, diffId, size: 1 };
const analyzer = '0123456789abcdef';
const key = Buffer.alloc(32, 'k');
const survey = Buffer.from('a survey '.repeat(500));

const open = new SharedEntries(analyzer);
const keyed = new SharedEntries(analyzer, key);

async function sealed(entries: SharedEntries, bytes = survey): Promise<Buffer> {
  const entry = await entries.seal(blob, bytes);
  if (!entry) throw new Error('it was not sealed');
  return entry;
}

describe.each([
  ['without a key', open],
  ['with a key', keyed],
])('an entry %s', (_what, entries) => {
  test('gives back what it was made of, the same bytes each time', async () => {
    const entry = await sealed(entries);
    expect(entry.length).toBeLessThan(300);
    expect((await sealed(entries)).equals(entry)).toBe(true);
    expect(await entries.open(blob, entry)).toEqual(survey);
    expect(await entries.open(blob, await sealed(entries, Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
  });

  test('has a name that files and tags may have', () => {
    expect(entries.nameOf(blob)).toMatch(/^s1-0123456789abcdef-(?:open|[0-9a-f]{16})-1{64}$/);
    expect(isStoreName(entries.nameOf(blob))).toBe(true);
  });

  test.each([
    ['another blob', { ...blob, digest: other }],
    ['another tar', { ...blob, diffId: other }],
    ['the tar for the blob', { ...blob, digest: diffId, diffId: digest }],
  ])('is not one of %s', async (_of, asked) => {
    expect(await entries.open(asked, await sealed(entries))).toBeUndefined();
  });

  test('is not one of another analyzer', async () => {
    const another = new SharedEntries('0123456789abcdee', entries === keyed ? key : undefined);
    expect(await another.open(blob, await sealed(entries))).toBeUndefined();
    expect(another.nameOf(blob)).not.toBe(entries.nameOf(blob));
  });

  test('with any bit changed, cut or longer, is none', async () => {
    const entry = await sealed(entries);
    const changed = async (change: (copy: Buffer) => Buffer) => entries.open(blob, change(Buffer.from(entry)));
    await fc.assert(
      fc.asyncProperty(fc.nat(entry.length - 1), fc.nat(7), async (at, bit) => {
        const found = await changed((copy) => {
          copy[at] = (copy[at] ?? 0) ^ (1 << bit);
          return copy;
        });
        expect(found).toBeUndefined();
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(entry.length - 1), async (length) => {
        expect(await changed((copy) => copy.subarray(0, length))).toBeUndefined();
      }),
      { numRuns: 50 },
    );
    expect(await changed((copy) => Buffer.concat([copy, Buffer.from([0])]))).toBeUndefined();
  });

  test('is not made of random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
        expect(await entries.open(blob, Buffer.from(bytes))).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test('too large is neither made nor read', async () => {
    expect(await entries.seal(blob, Buffer.alloc(maxSurveyBytes + 1))).toBeUndefined();
    expect(await entries.open(blob, Buffer.alloc(maxEntryBytes + 1))).toBeUndefined();
  });
});

describe('a key', () => {
  test('makes entries that those without it, or with another, neither believe nor replace', async () => {
    const another = new SharedEntries(analyzer, Buffer.alloc(32, 'K'));
    const all = [open, keyed, another];
    for (const entries of all) {
      const believed = await Promise.all(all.map(async (reader) => reader.open(blob, await sealed(entries))));
      expect(believed.map((found) => found !== undefined)).toEqual(all.map((reader) => reader === entries));
    }
    expect(new Set(all.map((entries) => entries.nameOf(blob))).size).toBe(3);
  });

  test('can not be done without by who knows its id', async () => {
    // The head of an entry with a key, and the proof of one without.
    const head = `SLUICE-SHARED s1 ${analyzer} ${keyed.nameOf(blob).split('-')[2]} ${digest} ${diffId}\n`;
    expect((await sealed(keyed)).toString('latin1').startsWith(head)).toBe(true);
    expect(await keyed.open(blob, forged(head, survey, survey.length))).toBeUndefined();
  });

  test('stands in no entry, nor in a name', async () => {
    const text = (await sealed(keyed)).toString('latin1') + keyed.nameOf(blob);
    for (const form of [key.toString(), key.toString('hex'), key.toString('base64')]) expect(text).not.toContain(form);
  });

  test('loses the line end of its file, and must be long enough', () => {
    expect(sharedKey(Buffer.from(`${key}\r\n`))).toEqual(key);
    expect(sharedKey(key)).toEqual(key);
    for (const short of ['', '\n', 'k'.repeat(31), `${'k'.repeat(31)}\n\n`]) {
      expect(() => sharedKey(Buffer.from(short))).toThrow(
        /^the key of the shared cache has \d+ bytes; 32 is the least$/,
      );
    }
  });
});

describe('an entry that somebody made with care', () => {
  const head = `SLUICE-SHARED s1 ${analyzer} open ${digest} ${diffId}\n`;

  test('is believed where there is no key', async () => {
    expect(await open.open(blob, forged(head, survey, survey.length))).toEqual(survey);
  });

  test.each([
    ['more than it says', survey.length - 1],
    ['less than it says', survey.length + 1],
    ['nothing, it says', 0],
    ['too much, it says', 0xffff_ffff],
  ])('unpacks to %s, and is none', async (_what, size) => {
    expect(await open.open(blob, forged(head, survey, size))).toBeUndefined();
  });

  test('unpacks to a thousand times its size, and is given up there', async () => {
    const bomb = forged(head, Buffer.alloc(64 * 1024 * 1024), 1000, packedFast);
    expect(bomb.length).toBeLessThan(5000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await open.open(blob, bomb)).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  });

  test('is packed in another way, and is none', async () => {
    expect(
      await open.open(
        blob,
        forged(head, survey, survey.length, (bytes) => bytes),
      ),
    ).toBeUndefined();
  });
});

/** An entry with a SHA-256 that is right. */
function forged(head: string, bytes: Buffer, length: number, pack: (bytes: Buffer) => Buffer = brotliCompressSync) {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length);
  const packed = pack(bytes);
  const proof = createHash('sha256').update(head).update(size).update(packed).digest();
  return Buffer.concat([Buffer.from(head), proof, size, packed]);
}

function packedFast(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } });
}
