import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/maven/index.ts';
import { type Part, Writer, writeElf } from '../format/executable-writers.ts';
import { partlyRead } from './partly-read.ts';

const kind = { bits: 64, littleEndian: true } as const;
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'maven', 'native-image', 'in', 'opt', 'till');
const real = gunzipSync(readFileSync(join(fixtures, 'bin', 'till.fixture.gz')));
const path = 'usr/bin/app';
const mebibyte = 1024 * 1024;
const nothing = { packages: [], problems: [] };

function parse(bytes: Buffer, at = path) {
  return ecosystem.parse({ path: at, bytes, size: bytes.length, mode: 0o755 });
}

function component(purl: string, more = {}) {
  const [, name = '', version = ''] = /([^/]+)@(.*)$/.exec(purl) ?? [];
  return { type: 'library', name, version, purl, ...more };
}

function bom(components: readonly unknown[]): Buffer {
  return gzipSync(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }));
}

const base = 0x50_0000;

interface Made {
  readonly length?: number;
  readonly symbols?: readonly [text: number, value: number][];
  readonly heap?: Buffer;
}

/** A program as native-image makes it: the length and the packed list behind each other in `.data`. */
function nativeImage(packed: Buffer, { length = packed.length, symbols, heap = Buffer.alloc(8) }: Made = {}): Buffer {
  const data = Buffer.concat([Buffer.alloc(8), packed]);
  data.writeBigUInt64LE(BigInt(length));
  const writer = new Writer(kind);
  for (const [text, value] of symbols ?? [
    [1, base + 8],
    [6, base],
  ]) {
    writer.u32(text).u16(0, 1).u64(value, 0);
  }
  const parts: Part[] = [
    { name: '.svm_heap', address: 0x40_0000, data: heap },
    { name: '.data', address: base, data, writable: true },
    { name: '.dynsym', address: 0, data: writer.done() },
    { name: '.dynstr', address: 0, data: Buffer.from('\0sbom\0sbom_length\0') },
  ];
  return writeElf(kind, parts);
}

function unreadable(why: string) {
  const message = `the bill of materials in the native image can not be read: ${why}`;
  return { packages: [], problems: [{ code: 'maven/unreadable', message, path, blinding: false }] };
}

describe('a native image', () => {
  test('says what it was compiled from', () => {
    const json = { name: 'org.json:json', version: '20211205', presence: 'installed' };
    const bytes = nativeImage(
      bom([
        component('pkg:maven/org.json/json@20211205'),
        component('pkg:npm/left-pad@1.3.0'),
        { type: 'library', name: 'Oracle GraalVM', version: '25.0.1' },
      ]),
    );
    expect(parse(bytes)).toEqual({
      packages: [json],
      problems: [],
      others: [{ ecosystem: 'npm', packages: [{ name: 'left-pad', version: '1.3.0', presence: 'installed' }] }],
    });
  });

  test('as GCC links it, stripped or a library', () => {
    const named = (bytes: Buffer) => parse(bytes).packages.map(({ name, version }) => `${name}@${version}`);
    const parts = ['org.json:json@20211205', 'io.netty:netty-codec-http2@4.1.104.Final'];
    expect(named(real)).toEqual(parts);
    expect(named(gunzipSync(readFileSync(join(fixtures, 'lib', 'libtill.so.fixture.gz'))))).toEqual(parts);
  });

  test('without a bill of materials says that its libraries are not known', () => {
    const message = 'a native image of GraalVM without a bill of materials: the Java libraries in it are not known';
    const unlisted = { packages: [], problems: [{ code: 'maven/unlisted', message, path, blinding: false }] };
    expect(parse(nativeImage(bom([]), { symbols: [[1, base + 8]] }))).toEqual(unlisted);
    expect(parse(nativeImage(bom([]), { symbols: [] }))).toEqual(unlisted);
    expect(parse(nativeImage(bom([])))).toEqual(nothing);
  });

  test('that is none for lack of a heap says nothing', () => {
    const data = nativeImage(bom([component('pkg:maven/a/b@1')]));
    expect(parse(data).packages).toHaveLength(1);
    data.write('.xvm_heap', data.lastIndexOf('.svm_heap'));
    expect(parse(data)).toEqual(nothing);
  });

  test('whose bill of materials is damaged is a problem', () => {
    const packed = bom([component('pkg:maven/a/b@1')]);
    expect(parse(nativeImage(packed, { length: packed.length + 1 }))).toEqual(
      unreadable('it lies outside of the file'),
    );
    expect(parse(nativeImage(packed, { length: 2 ** 40 }))).toEqual(
      unreadable('it is said to have more than 16777216 bytes'),
    );
    expect(parse(nativeImage(packed, { length: packed.length - 9 }))).toEqual(unreadable('it is not gzip, or damaged'));
    expect(
      parse(
        nativeImage(packed, {
          symbols: [
            [1, base],
            [6, 7],
          ],
        }),
      ),
    ).toEqual(unreadable('its length lies outside of the file'));
    expect(parse(nativeImage(gzipSync('{}')))).toEqual(unreadable('it is no bill of materials that is known'));
  });

  test('can not be a bomb', () => {
    const bomb = gzipSync(Buffer.alloc(65 * mebibyte, 0x20));
    expect(parse(nativeImage(bomb))).toEqual(unreadable('it has more than 67108864 bytes'));
  });
});

describe('large programs', () => {
  test('are asked for where they may be native images, and no smaller ones', () => {
    const claims = (size: number, mode: number, at = path) => ecosystem.claims(at, { size, mode });
    expect(claims(mebibyte, 0o755)).toBe(true);
    expect(claims(mebibyte, 0o644, 'lib/libtill.so')).toBe(true);
    expect(claims(mebibyte - 1, 0o755)).toBe(false);
    expect(claims(mebibyte, 0o644)).toBe(false);
    expect(claims(mebibyte, 0o755, 'app/node_modules/x/pom.xml')).toBe(false);
  });

  test('are read whole only where they are', () => {
    const heap = Buffer.alloc(2 * mebibyte);
    const bytes = nativeImage(bom([component('pkg:maven/a/b@1')]), { heap });
    expect(partlyRead(ecosystem.partial, path, bytes)).toBe('whole');
    expect(partlyRead(ecosystem.partial, path, real)).toBe('whole');
    bytes.write('.xvm_heap', bytes.lastIndexOf('.svm_heap'));
    expect(partlyRead(ecosystem.partial, path, bytes)).toEqual(nothing);
    expect(ecosystem.partial?.plan(bytes.subarray(0, 65_536), bytes.length)).toHaveLength(3);
  });

  test('of other kinds pass by; archives do not', () => {
    const windows = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2 * mebibyte)]);
    expect(ecosystem.partial?.plan(windows.subarray(0, 65_536), windows.length)).toEqual([]);
    expect(partlyRead(ecosystem.partial, path, windows)).toEqual(nothing);
    expect(partlyRead(ecosystem.partial, 'app/a.jar', windows)).toBe('whole');
    expect(partlyRead(ecosystem.partial, 'app/a.jar', real)).toBe('whole');
    expect(partlyRead(ecosystem.partial, 'app/pom.xml', windows)).toBe('whole');
    for (const beginning of ['PK\x03\x04', '#!/bin/sh\n']) {
      expect(partlyRead(ecosystem.partial, path, Buffer.from(beginning.padEnd(mebibyte)))).toBe('whole');
    }
  });

  test('are the same under another name, which archives are not', () => {
    expect(ecosystem.bytesAlone?.(path)).toBe(true);
    for (const other of ['a.jar', 'pom.xml', 'gradle.lockfile']) expect(ecosystem.bytesAlone?.(other)).toBe(false);
  });
});

describe('hostile programs', () => {
  const bytes = nativeImage(bom([component('pkg:maven/a/b@1')]));

  test('never throw, and say the same read whole or in parts', () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(bytes.length), (changes, cut) => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        for (const body of [changed, changed.subarray(0, cut)]) {
          const said = parse(body);
          const partly = partlyRead(ecosystem.partial, path, body);
          if (partly !== 'whole') expect(said).toEqual(partly);
        }
      }),
    );
  });
});
