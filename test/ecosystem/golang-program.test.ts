import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/golang/index.ts';
import { mainVersion } from '../../src/ecosystem/golang/main-version.ts';
import { releaseAsSemver, standardLibraryVersion } from '../../src/ecosystem/golang/version-name.ts';
import type { PackageRecord, Presence } from '../../src/model/package.ts';

function parse(path: string, bytes: Buffer) {
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o755 });
}

function fixture(name: string): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'golang', `${name}.gz`)));
}

function record(name: string, version: string, presence: Presence = 'installed'): PackageRecord {
  return { name, version, presence };
}

function warningOf(path: string, code: string, message: string) {
  return { code, message, path, blinding: false };
}

/** A real program with the words that its build information is damaged by. */
function patched(name: string, from: string, to: string): Buffer {
  const bytes = fixture(name);
  const at = bytes.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error('the patch does not fit');
  bytes.write(to, at, 'latin1');
  return bytes;
}

const tillModules = [
  record('example.com/shop/local', '(devel)', 'application'),
  record('github.com/google/uuid', 'v1.5.0'),
  record('golang.org/x/text', 'v0.14.0'),
  record('rsc.io/quote', 'v1.5.1'),
  record('rsc.io/sampler', 'v1.3.0'),
];

describe('programs', () => {
  test.each([
    ['till-linux-amd64', 'v1.4.2'],
    ['till-linux-386', '(devel)'],
    ['till-linux-s390x', '(devel)'],
    ['till-windows-amd64.exe', '(devel)'],
    ['till-darwin-arm64', '(devel)'],
  ])('%s', (name, version) => {
    const main = record('example.com/shop/till', version, 'application');
    const bytes = fixture(name);
    expect(ecosystem.sniff?.(bytes.subarray(0, 512), 'usr/bin/x')).toBe(true);
    const packages = [record('stdlib', '1.26.8'), main, ...tillModules];
    expect(parse('usr/bin/till', bytes)).toEqual({ packages, problems: [] });
  });

  test('damaged build information is a warning, and what can be read of it stands', () => {
    const path = 'usr/bin/till';
    const text = 'the Go build information can not be read';
    const version = patched('till-linux-386', 'go1.26.8', 'go\x01.26.8');
    expect(parse(path, version)).toEqual({ packages: [], problems: [warningOf(path, 'go/buildinfo-damaged', text)] });
    const line = patched('till-linux-386', 'dep\tgithub.com/google/uuid', 'dep\tgithub.com/google uuid');
    expect(parse(path, line)).toEqual({
      packages: [
        record('stdlib', '1.26.8'),
        record('example.com/shop/till', '(devel)', 'application'),
        ...tillModules.filter(({ name }) => name !== 'github.com/google/uuid'),
      ],
      problems: [warningOf(path, 'go/buildinfo-damaged', `1 line of ${text}`)],
    });
  });

  test('a program without module information names its standard library alone', () => {
    const bytes = fixture('till-linux-386');
    const at = bytes.indexOf('go1.26.8') + 8;
    bytes.fill(0, at, at + 3);
    const message = 'a Go program that was not built from modules: only its standard library is known';
    const problems = [warningOf('till', 'go/modules-unknown', message)];
    expect(parse('till', bytes)).toEqual({ packages: [record('stdlib', '1.26.8')], problems });
  });

  test('a Go program whose build information was taken out, and one that is packed', () => {
    const bytes = fixture('till-linux-amd64');
    bytes.write('nothing', bytes.indexOf(' Go buildinf:'));
    const missing = 'a Go program without build information: its modules are not known';
    expect(parse('till', bytes)).toEqual({
      packages: [],
      problems: [warningOf('till', 'go/buildinfo-missing', missing)],
    });
    bytes.write('UPX!', 0xec, 'latin1');
    const packed = 'the program is packed with UPX: what it was built from can not be seen';
    expect(parse('till', bytes)).toEqual({ packages: [], problems: [warningOf('till', 'go/packed', packed)] });
  });

  test('what Go did not build has no packages and no problems', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('\x7fELF'), Buffer.from('MZ'), Buffer.from('#!/bin/sh\n')]) {
      expect(parse('usr/bin/tool', bytes)).toEqual({ packages: [], problems: [] });
    }
  });

  test('mutations of a program never throw', () => {
    const bytes = fixture('till-windows-amd64.exe');
    const info = bytes.indexOf('\xff Go buildinf:', 0, 'latin1');
    const place = fc.oneof(fc.nat(2_000), fc.integer({ min: info, max: info + 700 }));
    const change = fc.record({ at: place, value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const before = changes.map(({ at }) => bytes[at]!);
        for (const { at, value } of changes) bytes[at] = value;
        const { packages, problems } = parse('till.exe', bytes);
        for (let i = changes.length - 1; i >= 0; i--) bytes[changes[i]!.at] = before[i]!;
        expect(packages.every(({ name, version }) => /^[!-~]+$/.test(name + version))).toBe(true);
        expect(problems.every(({ message, blinding }) => !blinding && !message.includes('\n'))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('versions', () => {
  test('of the standard library', () => {
    const names = [
      'go1.19.8',
      'go1.20.12 X:strictfipsruntime',
      'go1.21rc2',
      'devel go1.27-2b7c33d Mon',
      'devel +2b7c33d',
      '',
    ];
    const versions = ['1.19.8', '1.20.12', '1.21rc2', '1.27-2b7c33d', undefined, undefined];
    expect(names.map(standardLibraryVersion)).toEqual(versions);
    const releases = ['1.19.8', '1.20', '1.21rc2', '1.14beta1', '1.21.3-fips', '1.18.4b7', 'other'];
    expect(releases.map(releaseAsSemver)).toEqual([
      ...['1.19.8', '1.20.0', '1.21.0-rc.2', '1.14.0-beta.1', '1.21.3', '1.18.4', 'other'],
    ]);
  });

  test.each([
    ['-X main.version=1.2.3', 'v1.2.3'],
    ["-s -w -X 'main.Version=v1.2.3-rc.1+build'", 'v1.2.3-rc.1+build'],
    ['-X=example.com/a/build.GitVersion=v2.0.0', 'v2.0.0'],
    ['"-X" "main.version=1.2.3" --X main.other=9.9.9', 'v1.2.3'],
    ['-X example.com/lib.Version=9.0.0 -X example.com/a/x.version=2.0.0 -X main.version=1.0.0', 'v1.0.0'],
    ['-X example.com/lib.Version=9.0.0 -X example.com/a/x.version=2.0.0', 'v2.0.0'],
    ['-X example.com/lib.Version=9.0.0', 'v9.0.0'],
    ['-X main.version=1.0.0 -X main.appVersion=2.0.0', 'v1.0.0'],
    ['-X main.version=dev -X main.goVersion=1.22.1 -X main.version=1.2', '(devel)'],
    ["-s -w -X 'main.version=v1.2.3 (2024-02-29)'", 'v1.2.3'],
    ['all=-s -w -X main.version=1.2.3', 'v1.2.3'],
    ['example.com/a/...=-X main.version=1.2.3', 'v1.2.3'],
    ['-extldflags=-static -X main.BuildTag=v1.2.3', 'v1.2.3'],
    ['-X main.git_tag=v1.2.3', 'v1.2.3'],
    ['-X main.version=dev -X main.version=1.2.3', 'v1.2.3'],
    [`-X "main.version=1.2.5" -X 'main.builtBy=the builder' -X main.date=2024-01-01T00:00:00Z`, 'v1.2.5'],
    ['-X main.goVersion=1.22.1', '(devel)'],
    ['-X', '(devel)'],
    ['', '(devel)'],
    [`-X main.version=1.2.3${' '.repeat(65_536)}`, '(devel)'],
  ])('of the program itself from its linker flags: %.60s', (flags, version) => {
    const main = { path: 'example.com/a', version: '(devel)' };
    expect(mainVersion(main, new Map([['-ldflags', flags]]))).toBe(version);
    expect(mainVersion({ ...main, version: 'v3.0.0' }, new Map([['-ldflags', flags]]))).toBe('v3.0.0');
  });
});
