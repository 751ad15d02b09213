import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FeedId, feedIds } from '../../../src/advisory/contract.ts';
import { FeedReader } from '../../../src/advisory/feed/feed-reader.ts';
import { FeedRows } from '../../../src/advisory/feed/rows.ts';
import {
  decodeExploited,
  decodeScore,
  decodeStanding,
  encodeExploited,
  encodeScore,
  encodeStanding,
  noteOf,
} from '../../../src/advisory/feed/values.ts';
import { severities } from '../../../src/model/severity.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { openStoredBytes, rowsOf, scratch, stored } from './support.ts';

const key = fc.oneof(
  fc.string({
    minLength: 1,
    maxLength: 255,
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
  }),
  fc.tuple(fc.integer({ min: 1999, max: 2030 }), fc.nat(99_999)).map(([year, n]) => `CVE-${year}-${n}`),
  fc.tuple(fc.constantFrom('Debian:11', 'Debian:12'), fc.constantFrom('a', 'ab', 'b')).map((parts) => parts.join('\t')),
);
const value = fc.string({
  maxLength: 255,
  unit: fc.integer({ min: 0x20, max: 0xff }).map((c) => String.fromCharCode(c)),
});
const entries = fc.uniqueArray(fc.tuple(key, value), { maxLength: 120, selector: ([first]) => first });

describe('a stored feed', () => {
  test('finds what was put in, and nothing else', () => {
    fc.assert(
      fc.property(entries, fc.array(key, { maxLength: 30 }), (rows, others) => {
        const known = new Map(rows);
        const reader = openStoredBytes('debian', stored('debian', rowsOf(rows)));
        try {
          expect(reader.records).toBe(known.size);
          for (const one of [...known.keys(), ...others]) {
            expect(reader.find(one)).toBe(known.get(one));
            for (const near of [one.slice(0, -1), `${one}0`, `${one}\0`, `\n${one}`]) {
              expect(reader.find(near)).toBe(known.get(near));
            }
          }
        } finally {
          reader.close();
        }
      }),
      { numRuns: 30 },
    );
  });

  test('is the same bytes whatever order its entries came in', () => {
    fc.assert(
      fc.property(entries, (rows) => {
        expect(stored('kev', rowsOf([...rows].reverse())).equals(stored('kev', rowsOf(rows)))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  const known = new Map(
    Array.from({ length: 400 }, (_, at) => [
      `CVE-2024-${1000 + at * 7}`,
      encodeScore({ score: at / 400, percentile: 1 }),
    ]),
  );
  const good = stored('epss', rowsOf(known));

  /** Asks for everything: whether each answer is right, or the file is found out to be damaged. */
  function asked(bytes: Buffer, id: FeedId = 'epss'): 'right' | 'damaged' | 'wrong' {
    let reader: FeedReader | undefined;
    try {
      reader = openStoredBytes(id, bytes);
      for (const [cve, expected] of known) if (reader.find(cve) !== expected) return 'wrong';
      return reader.find('CVE-2024-1001') === undefined ? 'right' : 'wrong';
    } catch (thrown) {
      if (thrown instanceof SluiceError && thrown.code === 'advisory/feed-damaged') return 'damaged';
      throw thrown;
    } finally {
      reader?.close();
    }
  }

  test('with any one bit turned is damaged', () => {
    expect(asked(good)).toBe('right');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(good);
        changed[at] = changed[at]! ^ (1 << bit);
        expect(asked(changed)).toBe('damaged');
      }),
      { numRuns: 150 },
    );
  });

  test('cut, lengthened or changed in several places it gives no other answer', () => {
    const patch = fc.record({ at: fc.nat(good.length), cut: fc.nat(300), put: fc.uint8Array({ maxLength: 300 }) });
    fc.assert(
      fc.property(fc.array(patch, { minLength: 1, maxLength: 3 }), (patches) => {
        let changed = good;
        for (const { at, cut, put } of patches) {
          changed = Buffer.concat([changed.subarray(0, at), put, changed.subarray(at + cut)]);
        }
        expect(asked(changed)).toBe(changed.equals(good) ? 'right' : 'damaged');
      }),
      { numRuns: 100 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => asked(Buffer.from(bytes)) === 'damaged'));
  });

  test('is not taken for another feed', () => {
    expect(asked(good, 'kev')).toBe('damaged');
  });

  test('that is gone or closed says so', () => {
    expect(() => new FeedReader(`${scratch()}/none`, 'kev')).toThrow(
      expect.objectContaining({ code: 'advisory/feed-damaged', hint: 'run: sluice db update' }),
    );
    const reader = openStoredBytes('epss', good);
    reader.close();
    reader.close();
    expect(() => reader.find('CVE-2024-1000')).toThrow(expect.objectContaining({ code: 'advisory/closed' }));
  });
});

describe('rows', () => {
  test('take no key and no value that the stored form can not hold', () => {
    const rows = rowsOf([
      ['CVE-2024-1000', 'a'],
      ['CVE-2024-1000', 'a'],
      ['k'.repeat(256), 'a'],
      ['CVE-2024-1001', 'v'.repeat(256)],
      ['CVE-2024-1002', 'a\nb'],
      ['naïve', 'a'],
      ['zero\0', 'a'],
    ]);
    expect(rows.sorted()).toEqual([['CVE-2024-1000', 'a']]);
    expect(rows.unreadable).toBe(5);
    const why = 'it is too long, or holds characters that such an entry can not have';
    expect(rows.unreadableNames).toEqual(
      ['k'.repeat(100), 'CVE-2024-1001', 'CVE-2024-1002', 'naïve', 'zero\\x00'].map((name) => `${name}: ${why}`),
    );
  });

  test('name some of what could not be read and count all', () => {
    const rows = new FeedRows();
    for (let at = 0; at < 30; at++) rows.noteUnreadable(`row ${at}`, 'why\tnot');
    expect(rows.unreadable).toBe(30);
    expect(rows.unreadableNames).toEqual(Array.from({ length: 20 }, (_, at) => `row ${at}: why not`));
  });
});

describe('values', () => {
  test('come back as they went in', () => {
    const states = [undefined, 'wont-fix', 'deferred', 'end-of-life', 'investigating', 'not-affected'] as const;
    for (const state of states) {
      for (const severity of [undefined, ...severities]) {
        for (const note of [undefined, 'a few words', 'größer … 语']) {
          const standing = { ...(state && { state }), ...(severity && { severity }), ...(note && { note }) };
          const encoded = encodeStanding(standing);
          if (state === undefined && severity === undefined) expect(encoded).toBeUndefined();
          else expect(decodeStanding(encoded!, 'debian')).toEqual(standing);
        }
      }
    }
    for (const ransomware of [true, false]) {
      const exploited = { added: '2021-12-10', due: '2021-12-24', ransomware };
      expect(decodeExploited(encodeExploited(exploited))).toEqual(exploited);
    }
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (a, b) => {
        const score = { score: a / 100_000, percentile: b / 100_000 };
        expect(decodeScore(encodeScore(score))).toEqual(score);
      }),
    );
  });

  test('that are none are damage', () => {
    const damaged = expect.objectContaining({ code: 'advisory/feed-damaged' });
    expect(() => decodeExploited('2021')).toThrow(damaged);
    expect(() => decodeScore('12345')).toThrow(damaged);
    expect(() => decodeScore('~~~~~~')).toThrow(damaged);
    expect(() => decodeStanding('', 'debian')).toThrow(damaged);
    expect(() => decodeStanding('~ ', 'debian')).toThrow(damaged);
    expect(() => decodeStanding(' ~', 'debian')).toThrow(damaged);
  });

  test('notes are one harmless line of a few words', () => {
    expect(noteOf('Minor\tissue;\n\u202e evil \u001b[0m')).toBe('Minor issue; evil [0m');
    expect(noteOf('x'.repeat(200))).toBe(`${'x'.repeat(79)}…`);
    expect(noteOf(`${'x'.repeat(78)}${'😀'.repeat(9)}`)).toBe(`${'x'.repeat(78)}…`);
    expect(noteOf(' \n')).toBeUndefined();
    expect(noteOf(undefined)).toBeUndefined();
    fc.assert(
      fc.property(
        fc.string({ unit: fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)), maxLength: 200 }),
        (text) => {
          const note = noteOf(text) ?? '';
          expect(note).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
          expect(Buffer.byteLength(note)).toBeLessThanOrEqual(253);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('there is a reader for each feed but that of Ubuntu', async () => {
    const { readFeed } = await import('../../../src/advisory/feed/parsers.ts');
    expect(Object.keys(readFeed).sort()).toEqual([...feedIds].sort());
  });
});
