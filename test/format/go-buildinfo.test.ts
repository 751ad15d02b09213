import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readExecutables } from '../../src/format/executable.ts';
import { findGoBuildInfo } from '../../src/format/go-buildinfo.ts';
import {
  type Kind,
  kinds,
  type Part,
  Writer,
  writeElf,
  writeMachO,
  writePe,
  writeUniversal,
} from './executable-writers.ts';

const little: Kind = { bits: 64, littleEndian: true };
const magic = Buffer.from('\xff Go buildinf:', 'latin1');
const frameStart = Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex');
const frameEnd = Buffer.from('f932433186182072008242104116d8f2', 'hex');
const modules = 'path\texample.com/a\nmod\texample.com/a\t(devel)\t\ndep\texample.com/b\tv1.2.3\th1:x=\n';
const framed = Buffer.concat([frameStart, Buffer.from(modules), frameEnd]);

function found(goVersion: string) {
  const info = {
    goVersion,
    hasModules: true,
    mainPackage: 'example.com/a',
    main: { path: 'example.com/a', version: '(devel)' },
    dependencies: [{ path: 'example.com/b', version: 'v1.2.3' }],
    settings: new Map(),
    badLines: 0,
  };
  return { kind: 'found', info };
}

/** Build information as Go 1.18 and later writes it. */
function inline(version = 'go1.22.1', info: Buffer = framed): Buffer {
  const varint = (n: number) => Buffer.from(n < 128 ? [n] : [(n & 0x7f) | 0x80, n >> 7]);
  const text = Buffer.from(version);
  const head = Buffer.concat([magic, Buffer.from([8, 2]), Buffer.alloc(16)]);
  return Buffer.concat([head, varint(text.length), text, varint(info.length), info]);
}

function own(data: Buffer): Part {
  return { name: '.go.buildinfo', address: 0x50_0000, data, writable: true };
}

function search(bytes: Buffer) {
  return findGoBuildInfo(readExecutables(bytes)[0]!);
}

function fixture(name: string): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'golang', `${name}.gz`)));
}

/** Build information as Go 1.13 to 1.17 writes it: header, two string headers, two strings; at the given address. */
function pointers(kind: Kind, address: number, relocated: boolean): { data: Buffer; relocations: Buffer } {
  const size = kind.bits / 8;
  const version = Buffer.from('go1.16.5');
  const strings = address + 32;
  const text = strings + 4 * size;
  const relocations = new Writer(kind);
  const writer = new Writer(kind);
  const pointer = (value: number) => {
    if (relocated) relocations.u64(address + writer.length, 8, value);
    writer.pointer(relocated ? 0 : value);
  };
  writer.bytes(magic).bytes(Buffer.from([size, kind.littleEndian ? 0 : 1]));
  pointer(strings);
  pointer(strings + 2 * size);
  writer.bytes(Buffer.alloc(32 - writer.length));
  pointer(text);
  writer.pointer(version.length);
  pointer(text + version.length);
  writer.pointer(framed.length);
  return { data: writer.bytes(version).bytes(framed).done(), relocations: relocations.done() };
}

describe('strings in place (Go 1.18 and later)', () => {
  const text: Part = { name: '.text', address: 0x40_0000, data: Buffer.from('code'), executable: true };
  const filler: Part = { name: '.data', address: 0x4f_0000, data: Buffer.alloc(64), writable: true };

  test.each(kinds)('ELF of $bits bits, little-endian: $littleEndian', (kind) => {
    expect(search(writeElf(kind, [text, filler, own(inline())]))).toEqual(found('go1.22.1'));
  });

  test('PE and Mach-O, each program of a universal binary', () => {
    const data = { ...own(inline()), name: '.data' };
    expect(search(writePe(64, 0x40_0000, [text, data]))).toEqual(found('go1.22.1'));
    const slice = (version: string) =>
      writeMachO(little, [{ ...own(inline(version)), name: '__go_buildinfo', segment: '__DATA' }]);
    const programs = readExecutables(writeUniversal([slice('go1.22.1'), slice('go1.22.2')]));
    expect(programs.map(findGoBuildInfo)).toEqual([found('go1.22.1'), found('go1.22.2')]);
  });

  test('without section headers, in the writable segment, before a decoy in the code', () => {
    const decoy = { ...text, data: inline('go1.0') };
    expect(search(writeElf(little, [decoy, own(inline())], false))).toEqual(found('go1.22.1'));
  });

  test('its own section goes before what lies in front of it in the data', () => {
    const decoy = { ...filler, data: inline('go1.0') };
    expect(search(writeElf(little, [decoy, own(inline())]))).toEqual(found('go1.22.1'));
    expect(search(writeElf(little, [decoy, own(inline())], false))).toEqual(found('go1.0'));
  });

  test('module information above 16 MiB is damage', () => {
    const long = (length: number) => {
      const varint = Buffer.from([
        0x80 | (length & 0x7f),
        0x80 | ((length >> 7) & 0x7f),
        0x80 | ((length >> 14) & 0x7f),
        length >> 21,
      ]);
      const head = inline('go1.22.1', Buffer.alloc(0));
      return Buffer.concat([head.subarray(0, -1), varint, Buffer.alloc(length)]);
    };
    const most = 16 * 1024 * 1024;
    expect(search(writeElf(little, [own(long(most))])).kind).toBe('found');
    expect(search(writeElf(little, [own(long(most + 1))]))).toEqual({ kind: 'damaged' });
  });

  test('in no writable segment at all: the whole file is searched', () => {
    const hidden = { ...own(inline()), name: '.rodata', writable: false };
    expect(search(writeElf(little, [text, hidden], false))).toEqual(found('go1.22.1'));
  });

  test('a mark that is not aligned, lacks its first byte or is a constant in the code is passed over', () => {
    const shifted = Buffer.concat([Buffer.alloc(8), inline('go1.0')]);
    const headless = Buffer.concat([Buffer.alloc(1), inline('go1.0').subarray(1)]);
    const constant = Buffer.concat([magic, Buffer.alloc(64, 0xff)]);
    const data = [shifted, headless, constant, inline()].flatMap((part) => [part, Buffer.alloc(-part.length & 15)]);
    expect(search(writeElf(little, [own(Buffer.concat(data))]))).toEqual(found('go1.22.1'));
  });

  test('without modules', () => {
    const none = { mainPackage: '', main: undefined, dependencies: [], settings: new Map(), badLines: 0 };
    const info = { goVersion: 'go1.21.0 X:boringcrypto', hasModules: false, ...none };
    expect(search(writeElf(little, [own(inline(info.goVersion, Buffer.alloc(0)))]))).toEqual({ kind: 'found', info });
  });

  test.each([
    ['no version', inline('')],
    ['a version of control characters', inline('go\x01\x02')],
    ['a version that is too long', inline('g'.repeat(257))],
    ['a length that leads out of the file', Buffer.concat([inline().subarray(0, 32), Buffer.from([0xff, 0xff, 0x7f])])],
    ['a length that never ends', Buffer.concat([inline().subarray(0, 32), Buffer.alloc(64, 0x80)])],
    ['an unknown size of pointer', Buffer.concat([magic, Buffer.from([3, 0]), Buffer.alloc(64)])],
  ])('damaged: %s', (_, data) => {
    expect(search(writeElf(little, [own(data)]))).toEqual({ kind: 'damaged' });
  });

  test('damaged: the file ends within the header', () => {
    const bytes = writeElf(little, [own(inline())], false);
    const cut = bytes.subarray(0, bytes.indexOf(magic) + 20);
    expect(search(cut)).toEqual({ kind: 'damaged' });
  });

  test('absent from a program that Go did not build', () => {
    expect(search(writeElf(little, [text, filler]))).toEqual({ kind: 'absent' });
  });
});

describe.each(kinds)('addresses of strings (Go 1.13 to 1.17) of $bits bits, little-endian: $littleEndian', (kind) => {
  const address = 0x50_0000;

  test('are followed', () => {
    expect(search(writeElf(kind, [own(pointers(kind, address, false).data)]))).toEqual(found('go1.16.5'));
  });

  test('that lead nowhere are damage', () => {
    expect(search(writeElf(kind, [own(pointers(kind, 0x10_0000, false).data)]))).toEqual({ kind: 'damaged' });
  });
});

describe.each(kinds.filter((kind) => kind.bits === 64))(
  'addresses in relocations, little-endian: $littleEndian',
  (kind) => {
    test('are taken where the file holds zeros', () => {
      const { data, relocations } = pointers(kind, 0x50_0000, true);
      const table: Part = { name: '.rela.dyn', address: 0x40_0000, data: relocations };
      expect(search(writeElf(kind, [table, own(data)]))).toEqual(found('go1.16.5'));
      expect(search(writeElf(kind, [own(data)]))).toEqual({ kind: 'damaged' });
    });
  },
);

describe('real programs', () => {
  const main = { path: 'example.com/shop/till', version: '(devel)' };
  const replaced = (path: string, from: string, to: string) => ({
    path,
    version: from,
    replacement: { path, version: to },
  });
  const dependencies = [
    { path: 'example.com/shop/local', version: 'v0.0.0', replacement: { path: './local', version: '(devel)' } },
    { path: 'github.com/google/uuid', version: 'v1.5.0' },
    replaced('golang.org/x/text', 'v0.13.0', 'v0.14.0'),
    replaced('rsc.io/quote', 'v1.5.2', 'v1.5.1'),
    { path: 'rsc.io/sampler', version: 'v1.3.0' },
  ];

  test.each([
    ['till-linux-amd64', 'linux', 'amd64', '-s -w -X main.version=1.4.2'],
    ['till-linux-386', 'linux', '386', '-s -w'],
    ['till-linux-s390x', 'linux', 's390x', undefined],
    ['till-windows-amd64.exe', 'windows', 'amd64', '-s -w'],
    ['till-darwin-arm64', 'darwin', 'arm64', '-s -w'],
  ])('%s', (name, os, processor, flags) => {
    const result = search(fixture(name));
    if (result.kind !== 'found') throw new Error(result.kind);
    const { settings, ...info } = result.info;
    const rest = { goVersion: 'go1.26.8', hasModules: true, mainPackage: main.path, main, dependencies, badLines: 0 };
    expect(info).toEqual(rest);
    expect(['GOOS', 'GOARCH', '-ldflags'].map((key) => settings.get(key))).toEqual([os, processor, flags]);
  });
});

describe('hostile input', () => {
  const seeds = [
    writeElf(little, [own(inline())]),
    writeElf({ bits: 32, littleEndian: false }, [
      own(pointers({ bits: 32, littleEndian: false }, 0x50_0000, false).data),
    ]),
    writePe(32, 0x40_0000, [{ ...own(inline()), name: '.data' }]),
    writeMachO(little, [{ ...own(inline()), segment: '__DATA' }]),
  ];

  test('mutations and cuts never throw', () => {
    const change = fc.record({ at: fc.nat(10_000), value: fc.nat(255) });
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(change, { maxLength: 8 }),
        fc.nat(10_000),
        (seed, changes, cut) => {
          const bytes = Buffer.from(seed);
          for (const { at, value } of changes) bytes[at % bytes.length] = value;
          const kept = cut % 2 === 0 ? bytes : bytes.subarray(0, cut % bytes.length);
          for (const program of readExecutables(kept)) outcomes.add(findGoBuildInfo(program).kind);
        },
      ),
      { numRuns: 1_000 },
    );
    expect([...outcomes].sort()).toEqual(['absent', 'damaged', 'found']);
  });

  test('50 MB of zeros behind a header, and 16 MB of marks, take no more than a moment', () => {
    const head = seeds[0]!.subarray(0, 64);
    const zeros = Buffer.concat([head, Buffer.alloc(50_000_000)]);
    const marks = Buffer.concat([head, Buffer.alloc(16_000_000, Buffer.concat([magic, Buffer.from([8, 2])]))]);
    const started = performance.now();
    expect([search(zeros), search(marks)]).toEqual([{ kind: 'absent' }, { kind: 'damaged' }]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('hundreds of marks whose pointers stand in none of 300,000 relocations', () => {
    const old = Buffer.concat([magic, Buffer.from([8, 0]), Buffer.alloc(48)]);
    const marks = { name: '.data', address: 0x10_0000, data: Buffer.alloc(500 * old.length, old) };
    const relocations = { name: '.rela.dyn', address: 0x400_0000, data: Buffer.alloc(300_000 * 24) };
    const bytes = writeElf(little, [marks, relocations]);
    const started = performance.now();
    expect(search(bytes)).toEqual({ kind: 'damaged' });
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
