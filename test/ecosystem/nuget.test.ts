import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/nuget/index.ts';
import type { PackageRecord, Presence } from '../../src/model/package.ts';
import { type Part, writeElf, writePe } from '../format/executable-writers.ts';
import { partlyRead } from './partly-read.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'nuget');
const frameworkPath = (name: string, version: string) => `usr/share/dotnet/shared/${name}/${version}/${name}.deps.json`;

function parse(path: string, content: Buffer | string) {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
}

function warningOf(path: string, message: string, code = 'nuget/unreadable') {
  return { code, message, path, blinding: false };
}

function record(name: string, version: string, presence: Presence): PackageRecord {
  return { name, version, presence };
}

interface Library {
  readonly key: string;
  readonly type: string;
  readonly entry?: object;
  readonly sha512?: string;
}

function depsJson(target: string, libraries: readonly Library[]): string {
  return JSON.stringify({
    runtimeTarget: { name: target, signature: '' },
    targets: {
      '.NETCoreApp,Version=v8.0': { 'Only.Compiled/1.0.0': { runtime: { 'x.dll': {} } } },
      [target]: Object.fromEntries(libraries.map(({ key, entry }) => [key, entry ?? {}])),
    },
    libraries: Object.fromEntries(libraries.map(({ key, type, sha512 = '' }) => [key, { type, sha512 }])),
  });
}

describe('.deps.json', () => {
  const linux = '.NETCoreApp,Version=v8.0/linux-x64';

  test('tells what is loaded from what is only named', () => {
    const digest = createHash('sha512').update('x').digest();
    const said = parse(
      'app/App.deps.json',
      depsJson(linux, [
        { key: 'App/1.0.0', type: 'project', entry: { dependencies: { B: '1', a: '1' }, runtime: { 'App.dll': {} } } },
        {
          key: 'Loaded/1.0.0',
          type: 'package',
          entry: { runtime: { 'lib/x.dll': {} } },
          sha512: `sha512-${digest.toString('base64')}`,
        },
        { key: 'Native/1.0.0', type: 'package', entry: { native: { 'libx.so': {} } } },
        { key: 'Elsewhere/1.0.0', type: 'Package', entry: { runtimeTargets: { 'runtimes/unix/x.dll': {} } } },
        { key: 'Only.Compiled/1.0.0', type: 'package', entry: { compile: { 'ref/x.dll': {} } } },
        { key: 'In.Framework/1.0.0', type: 'package', entry: { runtime: { 'lib/net8.0/_._': {} } } },
        { key: 'runtimepack.Pack.linux-x64/8.0.1', type: 'runtimepack', entry: { runtime: { 'y.dll': {} } } },
        { key: 'By.File/1.0.0.0', type: 'reference', entry: { runtime: { 'z.dll': {} } } },
        { key: 'no version', type: 'package' },
        { key: 'bad version/', type: 'package' },
      ]),
    );
    expect(said).toEqual({
      packages: [
        { ...record('App', '1.0.0', 'application'), needs: ['B', 'a'] },
        { ...record('Loaded', '1.0.0', 'installed'), hashes: [`sha512:${digest.toString('hex')}`] },
        record('Native', '1.0.0', 'installed'),
        record('Elsewhere', '1.0.0', 'installed'),
        record('Only.Compiled', '1.0.0', 'declared'),
        record('In.Framework', '1.0.0', 'declared'),
        record('Pack.linux-x64', '8.0.1', 'installed'),
      ],
      problems: [warningOf('app/App.deps.json', '1 package has no name and version that can be read')],
    });
  });

  test('of a library for any framework says that nothing is beside it', () => {
    const libraries = [{ key: 'A/1.0.0', type: 'package', entry: { runtime: { 'A.dll': {} } } }];
    const said = parse('lib/L.deps.json', depsJson('.NETStandard,Version=v2.0/', libraries));
    expect(said).toEqual({ packages: [record('A', '1.0.0', 'declared')], problems: [] });
  });

  test('of a shared framework names its runtime by the version of its folder', () => {
    const build = (name: string) => ({
      key: `${name}/9.9.9-servicing.1`,
      type: 'package',
      entry: { runtime: { 'x.dll': {} } },
    });
    const name = 'Microsoft.NETCore.App';
    const libraries = [build(name), build(`runtime.linux-x64.${name}`), build('Other')];
    const said = (version: string, target: string) => parse(frameworkPath(name, version), depsJson(target, libraries));
    const other = record('Other', '9.9.9-servicing.1', 'installed');
    expect(said('3.1.23', linux)).toEqual({
      packages: [record(`${name}.Runtime.linux-x64`, '3.1.23', 'installed'), other],
      problems: [],
    });
    expect(said('2.1.30', linux).packages).toEqual([record(name, '2.1.30', 'installed'), other]);
    expect(said('8.0.1', '.NETCoreApp,Version=v8.0').packages[0]).toEqual(record(name, '8.0.1', 'installed'));
  });

  test('without a target takes the last, and is read with a byte order mark', () => {
    const value = {
      targets: { a: {}, b: { 'X/1.0.0': { runtime: { 'x.dll': {} } } } },
      libraries: { 'X/1.0.0': { type: 'package' } },
    };
    const said = parse('X.deps.json', `\uFEFF${JSON.stringify(value)}`);
    expect(said).toEqual({ packages: [record('X', '1.0.0', 'installed')], problems: [] });
  });

  test('of other programs says nothing', () => {
    for (const text of ['{}', '[]', '{"libraries":[]}', '{"targets":{},"libraries":7}', 'null']) {
      expect(parse('x.deps.json', text)).toEqual({ packages: [], problems: [] });
    }
  });

  test('has keys of every name', () => {
    const text =
      '{"runtimeTarget":{"name":"__proto__"},"targets":{"constructor":{}},"libraries":{"__proto__":{"type":"package"},"toString/1":{"type":"package"}}}';
    expect(parse('x.deps.json', text)).toEqual({ packages: [record('toString', '1', 'declared')], problems: [] });
  });
});

describe('lock files', () => {
  test('name each package once, whatever the case', () => {
    const entry = { type: 'Direct', resolved: '1.0.0', contentHash: 'short' };
    const lock = {
      version: 1,
      dependencies: { net6: { jQuery: entry, p: { type: 'Project' } }, net8: { jquery: entry, x: 1 } },
    };
    const said = parse('packages.lock.json', JSON.stringify(lock));
    expect(said).toEqual({ packages: [record('jQuery', '1.0.0', 'declared')], problems: [] });
  });

  test.each([
    ['packages.lock.json', '{}', 'the lock file names no dependencies'],
    ['obj/project.assets.json', '[]', 'the file of assets names no libraries'],
    ['packages.config', '<config/>', 'it is not one element packages'],
    ['packages.config', '<packages/><packages/>', 'the XML can not be read: there is more than one root element'],
    ['packages.config', '<packages></other>', 'the XML can not be read: elements are not closed in order'],
    ['packages.config', '', 'the XML can not be read: it has no element'],
    ['packages.config', '<packages', 'the XML can not be read: a tag does not end'],
    [
      'packages.config',
      `<packages>${'<a>'.repeat(200)}`,
      'the XML can not be read: elements nest deeper than 200 levels',
    ],
    ['x/1.0.0/x.nuspec', '<package/>', '1 package has no name and version that can be read'],
    ['app.deps.json', '{"libraries":', 'not JSON: Unexpected end of JSON input'],
  ])('that are none are said to be: %s %#', (path, text, message) => {
    expect(parse(path, text)).toEqual({ packages: [], problems: [warningOf(path, message)] });
  });

  test('packages.config in UTF-16, needed wins over development', () => {
    const text =
      '<packages><package id="A" version="1.0" developmentDependency="TRUE"/><package version=\'1.0\' id=\'a\'/></packages>';
    const packages = [record('a', '1.0', 'declared')];
    expect(parse('packages.config', Buffer.from(`\uFEFF${text}`, 'utf16le'))).toEqual({ packages, problems: [] });
    expect(parse('packages.config', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())).toEqual({
      packages,
      problems: [],
    });
  });
});

describe('single-file programs', () => {
  const little = { bits: 64, littleEndian: true } as const;
  const signature = createHash('sha256').update('.net core bundle\n').digest();
  const deps = depsJson('.NETCoreApp,Version=v8.0', [
    { key: 'Dapper/2.1.35', type: 'package', entry: { runtime: { 'Dapper.dll': {} } } },
  ]);
  const found = { packages: [record('Dapper', '2.1.35', 'installed')], problems: [] };
  const host = (offset: number): Part => {
    const data = Buffer.concat([Buffer.alloc(8), signature, Buffer.alloc(8)]);
    data.writeBigInt64LE(BigInt(offset), 0);
    return { name: '.data', address: 0x1000, data, writable: true };
  };

  /** A host with the files of a bundle behind it, and the header behind these. */
  function bundle(
    version: number,
    more: readonly Part[] = [],
    write = (parts: readonly Part[]) => writeElf(little, parts),
  ): Buffer {
    const at = write([...more, host(1)]).length;
    const file = Buffer.from(deps);
    const place = Buffer.alloc(16);
    place.writeBigInt64LE(BigInt(at), 0);
    place.writeBigInt64LE(BigInt(file.length), 8);
    const head = Buffer.alloc(12);
    head.writeUInt32LE(version, 0);
    head.writeUInt32LE(1, 8);
    const name = Buffer.from('\x03App.deps.json');
    name[0] = name.length - 1;
    const rest = version === 1 ? [place, Buffer.of(3), name] : [place, Buffer.alloc(24)];
    return Buffer.concat([write([...more, host(at + file.length)]), file, head, Buffer.from('\x04abcd'), ...rest]);
  }

  test.each([
    ['.NET Core 3', bundle(1)],
    ['.NET 5', bundle(2)],
    ['.NET 8', bundle(6)],
    ['Windows', bundle(6, [], (parts) => writePe(64, 0x1000, parts))],
  ])('%s', (_version, bytes) => {
    expect(ecosystem.sniff?.(bytes.subarray(0, 512), 'app/x')).toBe(true);
    expect(parse('usr/bin/app', bytes)).toEqual(found);
  });

  test('a host without a bundle, and what is no host', () => {
    for (const bytes of [writeElf(little, [host(0)]), writeElf(little, []), signature, Buffer.alloc(0)]) {
      expect(parse('usr/bin/app', bytes)).toEqual({ packages: [], problems: [] });
    }
  });

  test('a bundle that is cut off', () => {
    const message = 'the bundle of a single-file .NET program can not be read';
    const problems = [warningOf('app', message, 'nuget/bundle-damaged')];
    const whole = bundle(6);
    expect(parse('app', whole.subarray(0, whole.length - 40))).toEqual({ packages: [], problems });
    expect(parse('app', writeElf(little, [host(2 ** 40)]))).toEqual({ packages: [], problems });
  });

  test('large ones: parts tell that there is no bundle, of a bundle the whole is read', () => {
    const filler: Part = { name: '.rodata', address: 0x10_0000, data: Buffer.alloc(2 * 1024 * 1024, 0x41) };
    const none = { packages: [], problems: [] };
    expect(partlyRead(ecosystem.partial, 'app', writeElf(little, [filler]))).toEqual(none);
    expect(partlyRead(ecosystem.partial, 'app', writeElf(little, [filler, host(0)]))).toEqual(none);
    expect(partlyRead(ecosystem.partial, 'app', bundle(6, [filler]))).toBe('whole');
    const hidden = writeElf(little, [filler, { ...host(0), writable: false }, { ...filler, name: '.debug' }]);
    expect(partlyRead(ecosystem.partial, 'app', hidden)).toBe('whole');
    expect(parse('app', bundle(6, [filler]))).toEqual(found);
  });

  test('mutations of a program never throw', () => {
    const bytes = bundle(1);
    const from = bytes.indexOf(signature) - 8;
    const change = fc.record({ at: fc.integer({ min: from, max: bytes.length - 1 }), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const copy = Buffer.from(bytes);
        for (const { at, value } of changes) copy[at] = value;
        const { packages, problems } = parse('app', copy);
        expect(packages.length + problems.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });
});

describe('which files are read', () => {
  const claims = (path: string, mode = 0o644) => ecosystem.claims(path, { size: 1000, mode });

  test('by their path', () => {
    const wanted = [
      ...['app/App.deps.json', 'packages.lock.json', 'src/obj/project.assets.json', 'packages.config', 'app/x.exe'],
      ...[
        'root/.nuget/packages/a.b/1.0.0-rc.1/A.B.nuspec',
        'x/1/x.nuspec',
        'root/.nuget/packages/x/1.0.0/lib/x.deps.json',
      ],
    ];
    expect(wanted.filter((path) => !claims(path))).toEqual([]);
    const others = [
      ...[
        'app/deps.json',
        'app/App.deps.json.bak',
        'src/x/x.nuspec',
        'x.nuspec',
        '1.0/x.nuspec',
        '/1.0/.nuspec',
        'a/v1/a.nuspec',
      ],
      ...['b/1.0/a.nuspec', 'ab/1.0/a.nuspec', 'app/node_modules/x/packages.lock.json', 'app/mypackages.config'],
      ...[
        'root/.nuget/packages/x/1.0.0/packages.config',
        'usr/lib/python3/site-packages/x/obj/project.assets.json',
        'app/x.json',
      ],
    ];
    expect(others.filter((path) => claims(path))).toEqual([]);
    expect(claims('usr/bin/app', 0o755)).toBe(true);
  });

  test('by their first bytes', () => {
    const sniff = (first: string) => ecosystem.sniff?.(Buffer.from(first, 'latin1'), 'app/x');
    expect(['\x7fELF\x02', 'MZ\x90\0'].filter((first) => !sniff(first))).toEqual([]);
    expect(['', '#!/bin/sh', 'import os', '\0\0\0\0', '{}'].filter((first) => sniff(first))).toEqual([]);
    // A list is read whatever it begins with: garbage in it must be told.
    expect(ecosystem.sniff?.(Buffer.from('\0\0'), 'app/x.deps.json')).toBe(true);
    expect(sniff(writePe(32, 0x40_0000, [], true).toString('latin1'))).toBe(false);
  });

  test('what is said of a program follows from its bytes', () => {
    expect(['usr/bin/app', 'x.deps.json'].map((path) => ecosystem.bytesAlone?.(path))).toEqual([true, false]);
  });
});

test('purl and advisories', () => {
  const found = record('Newtonsoft.Json', '13.0.1', 'installed');
  expect(ecosystem.purl(found, undefined)).toBe('pkg:nuget/Newtonsoft.Json@13.0.1');
  expect(ecosystem.advisories(found, undefined)).toEqual({
    ecosystem: 'NuGet',
    name: 'Newtonsoft.Json',
    version: '13.0.1',
  });
});

describe('hostile bytes never throw', () => {
  const app = join(fixtures, 'dotnet-sdk-9-app', 'in', 'app', 'AutoRest.CSharp.deps.json.fixture.gz');
  const documented = (...path: string[]) => readFileSync(join(fixtures, 'by-documentation', 'in', ...path));
  const good: [string, Buffer][] = [
    ['app/App.deps.json', gunzipSync(readFileSync(app))],
    ['packages.lock.json', documented('src', 'packages.lock.json')],
    ['obj/project.assets.json', documented('src', 'obj', 'project.assets.json')],
    ['packages.config', documented('old', 'packages.config')],
    [
      'newtonsoft.json/13.0.1/newtonsoft.json.nuspec',
      documented('srv', '.nuget', 'packages', 'newtonsoft.json', '13.0.1', 'newtonsoft.json.nuspec'),
    ],
  ];

  test.each(good)('%s', (path, bytes) => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
    const mutated = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
      const copy = Buffer.from(bytes);
      for (const { at, value } of changes) copy[at] = value;
      return copy;
    });
    const cut = fc.nat(bytes.length).map((end) => bytes.subarray(0, end));
    const random = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.oneof(mutated, cut, random), (body) => {
        const { packages, problems } = parse(path, body);
        expect(packages.length).toBeLessThanOrEqual(100);
        expect(packages.every(({ name, version }) => !/[\s\0]/.test(name + version))).toBe(true);
        expect(problems.every(({ message, blinding }) => !blinding && !message.includes('\n'))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
