import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scratch } from '../../src/catalog/body.ts';
import { type KeptBody, PartialSink } from '../../src/catalog/partial-body.ts';
import { Surveyor } from '../../src/catalog/surveyor.ts';
import type { Parsed, PartialReader } from '../../src/ecosystem/contract.ts';
import { ecosystem } from '../../src/ecosystem/golang/index.ts';
import { placeOf } from '../../src/format/kept-parts.ts';
import { TarWalker } from '../../src/format/tar/walker.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import { type Kind, kinds, type Part, writeElf } from '../format/executable-writers.ts';
import { file, tar } from '../support/tar-writer.ts';

const golang = ecosystem.partial as PartialReader;
const path = 'usr/bin/program';

interface Outcome {
  readonly said: Parsed | 'again';
  /** Bytes that were kept. */
  readonly kept: number;
}

/** What the reader says of a body that comes in pieces of these sizes, over and over. */
function partly(bytes: Buffer, pieces: readonly number[], scratch = new Scratch(), reader = golang): Outcome {
  let said: Parsed | 'again' = 'again';
  let kept = bytes.length;
  const sink = new PartialSink(scratch, {
    size: bytes.length,
    limit: bytes.length,
    path,
    readers: [reader],
    wants: () => true,
    take: (whole) => {
      said = ecosystem.parse({ path, bytes: whole, size: whole.length, mode: 0o755 });
    },
    takeParts: ([body]) => {
      if (!body) throw new Error('there is a reader');
      kept = body.bytes.length;
      said = reader.parse({ ...body, path, mode: 0o755 }) ?? 'again';
    },
    overflow: () => undefined,
    again: () => undefined,
  });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + (pieces[i % pieces.length] ?? 1);
    // Memory that is used again for the next piece, as that of a decompressor.
    expect(sink.write(Buffer.from(bytes.subarray(at, end)))).toBe(true);
    at = end;
  }
  sink.end();
  return { said, kept };
}

function wholly(bytes: Buffer): Parsed {
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o755 });
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1');
const framed = Buffer.concat([
  Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex'),
  Buffer.from('path\texample.com/a\nmod\texample.com/a\t(devel)\t\ndep\texample.com/b\tv1.2.3\th1:x=\n'),
  Buffer.from('f932433186182072008242104116d8f2', 'hex'),
]);

/** Build information as Go 1.18 and later writes it. */
function inline(version = 'go1.22.1'): Buffer {
  const text = Buffer.from(version);
  const head = Buffer.concat([magic, Buffer.from([8, 2]), Buffer.alloc(16)]);
  return Buffer.concat([head, Buffer.from([text.length]), text, Buffer.from([framed.length]), framed]);
}

const large = Buffer.alloc(200 * 1024, 'text ');
const text: Part = { name: '.text', address: 0x40_0000, data: large, executable: true };
const more: Part = { name: '.rodata', address: 0x60_0000, data: large };
const data = (bytes: Buffer, name = '.data'): Part => ({ name, address: 0x80_0000, data: bytes, writable: true });
const amd64: Kind = { bits: 64, littleEndian: true };

describe('a large program of which parts are kept', () => {
  const bare = Buffer.from('nothing here, and so on');
  test.each<[string, boolean, readonly Part[]]>([
    ['that Go did not build', false, [text, data(bare), more]],
    ['with build information in its section', false, [text, data(inline(), '.go.buildinfo'), more]],
    ['with build information in its data alone', false, [text, data(inline()), more]],
    ['with it behind much other data', false, [text, data(Buffer.concat([large, inline()])), more]],
    [
      'with two of them, the section last',
      false,
      [text, data(inline('go1.20')), data(inline(), '.go.buildinfo'), more],
    ],
    ['of Go without build information', false, [text, data(bare), { ...more, name: '.gopclntab' }]],
    ['with a mark that is not aligned', false, [text, data(Buffer.concat([Buffer.alloc(3), inline()])), more]],
    ['packed with UPX', false, [text, data(bare), { ...more, data: Buffer.concat([large, Buffer.from('UPX!')]) }]],
    ['with build information outside of its data', true, [text, data(bare), { ...more, data: inline() }]],
    ['with damaged build information', true, [text, data(inline().subarray(0, 40)), more]],
    ['with build information that ends behind its part', true, [text, data(inline().subarray(0, 80)), more]],
    [
      'with a header of pointers',
      true,
      [text, data(Buffer.concat([magic, Buffer.from([8, 0]), Buffer.alloc(64)])), more],
    ],
  ])('%s says the same as the whole, or asks for it', (_name, asks, parts) => {
    for (const kind of kinds) {
      const bytes = writeElf(kind, parts);
      const { said, kept } = partly(bytes, [16 * 1024]);
      expect(said, `${kind.bits} ${kind.littleEndian}`).toEqual(asks ? 'again' : wholly(bytes));
      expect(kept).toBeLessThan(bytes.length);
    }
  });

  test('without a table of sections needs none', () => {
    const bytes = writeElf(amd64, [text, data(inline()), more], false);
    const { said, kept } = partly(bytes, [5_000]);
    expect(said).toEqual(wholly(bytes));
    expect(kept).toBeLessThan(70 * 1024);
  });

  test('of another kind is collected whole', () => {
    const bytes = Buffer.concat([Buffer.from('MZ'), large]);
    expect(partly(bytes, [100_000])).toEqual({ said: wholly(bytes), kept: bytes.length });
  });

  test('that is damaged anywhere says the same as the whole, or asks for it', () => {
    const part = fc.constantFrom(
      text,
      more,
      data(inline()),
      data(inline(), '.go.buildinfo'),
      data(large),
      data(bare, '.gopclntab'),
    );
    const parts = fc.array(part, { minLength: 1, maxLength: 5 });
    const damage = fc.array(fc.tuple(fc.nat(400), fc.boolean(), fc.nat(255)), { maxLength: 3 });
    const pieces = fc.array(fc.integer({ min: 1000, max: 90_000 }), { minLength: 1, maxLength: 4 });
    const scratch = new Scratch();
    fc.assert(
      fc.property(fc.constantFrom(...kinds), parts, damage, pieces, (kind, all, flips, sizes) => {
        const bytes = writeElf(kind, all);
        for (const [at, fromEnd, value] of flips) bytes[fromEnd ? bytes.length - 1 - at : at] = value;
        const { said } = partly(bytes, sizes, scratch);
        if (said !== 'again') expect(said).toEqual(wholly(bytes));
      }),
      { numRuns: 300 },
    );
  });

  test.each(['till-linux-amd64', 'till-linux-386', 'till-linux-s390x'])('%s, a real one, is read', (name) => {
    const packed = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'golang', `${name}.gz`));
    const bytes = gunzipSync(packed);
    expect(wholly(bytes).packages.length).toBeGreaterThan(3);
    for (const size of [1_000, 65_536, 262_144]) expect(partly(bytes, [size]).said).toEqual(wholly(bytes));
  });
});

describe('parts of a body', () => {
  /** A reader that wants the given ranges and looks for `mark!`. */
  function reader(ranges: readonly { offset: number; length: number }[] | undefined, seen: KeptBody[]): PartialReader {
    return {
      from: 0,
      markLength: 5,
      findMark: (bytes, from) => bytes.indexOf('mark!', from),
      plan: () => ranges,
      parse: ({ bytes, parts, size, marks, markBytes }) => {
        seen.push({ bytes: Buffer.from(bytes), parts, size, marks, markBytes });
        return { packages: [], problems: [] };
      },
    };
  }

  test('come with the bytes from each mark on, wherever the pieces end', () => {
    const text = fc.string({ unit: fc.constantFrom('m', 'a', 'r', 'k', '!', 'x'), maxLength: 40 });
    const words = fc.array(fc.oneof(text, fc.constant('mark!')), { minLength: 30, maxLength: 60 });
    fc.assert(
      fc.property(
        words,
        fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 4 }),
        (all, sizes) => {
          const body = Buffer.concat([Buffer.alloc(65_536 - 100), Buffer.from(all.join('')), Buffer.alloc(70_000)]);
          const seen: KeptBody[] = [];
          partly(
            body,
            sizes.map((size) => size + 7),
            undefined,
            { ...reader([], seen), markWindow: 50 },
          );
          const places = [];
          for (let at = body.indexOf('mark!'); at >= 0; at = body.indexOf('mark!', at + 1)) places.push(at);
          expect(seen[0]?.marks).toEqual(places);
          expect(seen[0]?.markBytes.map(String)).toEqual(places.map((at) => String(body.subarray(at, at + 50))));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are what stands there in the body, at places of the same remainder, with zeros between', () => {
    const range = fc.record({ offset: fc.integer({ min: -1000, max: 210_000 }), length: fc.nat(40_000) });
    const pieces = fc.array(fc.integer({ min: 500, max: 70_000 }), { minLength: 1, maxLength: 5 });
    const scratch = new Scratch();
    const body = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) >> 3));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 6 }), pieces, (ranges, sizes) => {
        const seen: KeptBody[] = [];
        partly(body, sizes, scratch, reader(ranges, seen));
        const kept = seen[0];
        if (!kept) throw new Error('nothing was kept');
        const between = Buffer.from(kept.bytes);
        for (const { offset, length, at } of kept.parts) {
          expect(kept.bytes.subarray(at, at + length).equals(body.subarray(offset, offset + length))).toBe(true);
          expect(at % 16).toBe(offset % 16);
          between.fill(0, at, at + length);
        }
        expect(between.every((byte) => byte === 0)).toBe(true);
        for (const { offset, length } of [...ranges, { offset: 0, length: 65_536 }, { offset: 199_744, length: 256 }]) {
          const start = Math.max(offset, 0);
          const end = Math.min(offset + length, body.length);
          if (end > start) expect(placeOf(kept.parts, start, end - start)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('marks are found wherever they stand, once each, in pieces of any size', () => {
    const places = fc.uniqueArray(fc.nat(99_999), { maxLength: 8 }).map((all) => all.map((place) => place * 2));
    const pieces = fc.array(fc.oneof(fc.integer({ min: 300, max: 90_000 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(places, pieces, (at, sizes) => {
        const body = Buffer.alloc(200_010, '.');
        for (const place of at) body.write('mark!', place);
        const wanted: number[] = [];
        for (let i = body.indexOf('mark!'); i >= 0; i = body.indexOf('mark!', i + 1)) wanted.push(i);
        const seen: KeptBody[] = [];
        partly(body, [...sizes, 60_000], new Scratch(), reader([], seen));
        expect(seen[0]?.marks).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  test('of a body full of marks are not enough', () => {
    const seen: KeptBody[] = [];
    expect(partly(Buffer.alloc(100_000, 'mark!'), [50_000], new Scratch(), reader([], seen)).said).toBe('again');
    expect(seen).toEqual([]);
  });
});

describe('a layer with a large program', () => {
  const program = (parts: readonly Part[]) => {
    const padding = { ...text, data: Buffer.alloc(1024 * 1024) };
    return file(path, writeElf(amd64, [padding, ...parts]), { mode: 0o755 });
  };

  function survey(entries: readonly Buffer[]) {
    const archive = tar(...entries);
    const surveyor = new Surveyor([ecosystem]);
    new TarWalker(surveyor).write(archive);
    const again = surveyor.hardLinks();
    if (again.size > 0) new TarWalker(surveyor.reread(again)).write(archive);
    const { files } = surveyor.finish(digestOfHex('0'.repeat(64)), 0);
    const said = files.map(({ entry, packages }) => `${entry} ${packages.map(({ name }) => name).join(' ')}`);
    return { again: [...again.keys()], said };
  }

  test('is read once where its parts are enough, and again where not', () => {
    const said = ['0 stdlib example.com/a example.com/b'];
    expect(survey([program([data(inline())])])).toEqual({ again: [], said });
    expect(survey([program([{ ...more, data: inline() }])])).toEqual({ again: [path], said });
  });

  test('at a path that has several is read again at its own', () => {
    const outside = program([{ ...more, data: inline() }]);
    const other = program([{ ...more, data: inline('go1.1') }, data(Buffer.alloc(9))]);
    const { again, said } = survey([outside, other, outside]);
    expect(again).toEqual([path]);
    expect(said).toEqual([0, 1, 2].map((entry) => `${entry} stdlib example.com/a example.com/b`));
  });

  test('that was not asked for what is to be read again ends no survey', () => {
    const surveyor = new Surveyor([ecosystem]);
    new TarWalker(surveyor).write(tar(program([{ ...more, data: inline() }])));
    expect(() => surveyor.finish(digestOfHex('0'.repeat(64)), 0)).toThrow('must be read again');
  });
});
