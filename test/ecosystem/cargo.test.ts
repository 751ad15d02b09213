import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/cargo/index.ts';
import type { PackageRecord } from '../../src/model/package.ts';
import { type Part, writeElf, writeMachO, writePe, writeUniversal } from '../format/executable-writers.ts';
import { partlyRead } from './partly-read.ts';

const little = { bits: 64, littleEndian: true } as const;
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'cargo', 'cargo-auditable-0.7', 'in');

function parse(path: string, bytes: Buffer) {
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o755 });
}

function warningOf(path: string, code: string, message: string) {
  return { code, message, path, blinding: false };
}

const packages = [
  { name: 'app', version: '1.0.0', source: 'local', root: true, dependencies: [1, 2, 3, 4, 99, -1, 'x'] },
  { name: 'part', version: '0.1.0', source: 'local', dependencies: [2] },
  { name: 'time', version: '0.1.43', source: 'crates.io', dependencies: [3, 2, 5] },
  { name: 'libc', version: '0.2.191', source: 'registry', kind: 'runtime' },
  { name: 'cc', version: '1.0.0', source: 'crates.io', kind: 'build', dependencies: [5] },
  { name: 'autocfg', version: '1.5.1', source: 'crates.io', kind: 'build' },
  { name: 'fork', version: '2.0.0+abc', source: 'git', kind: 'surprise' },
];

const records: PackageRecord[] = [
  { name: 'app', version: '1.0.0', presence: 'application', needs: ['libc', 'part', 'time'] },
  { name: 'part', version: '0.1.0', presence: 'application', needs: ['time'] },
  { name: 'time', version: '0.1.43', presence: 'installed', needs: ['libc', 'time'] },
  { name: 'libc', version: '0.2.191', presence: 'installed' },
  { name: 'cc', version: '1.0.0', presence: 'declared', needs: ['autocfg'] },
  { name: 'autocfg', version: '1.5.1', presence: 'declared' },
  { name: 'fork', version: '2.0.0+abc', presence: 'installed' },
];

function section(value: unknown): Part {
  const packed = deflateSync(JSON.stringify(value));
  // Sections of Windows files are padded.
  return { name: '.dep-v0', address: 0, data: Buffer.concat([packed, Buffer.alloc(100)]) };
}

const text: Part = { name: '.text', address: 0x1000, data: Buffer.alloc(64, 0x90), executable: true };

describe('programs', () => {
  const data = section({ packages, format: 1 });
  test.each([
    ['ELF, 64 bits', writeElf(little, [text, data])],
    ['ELF, 32 bits, big-endian', writeElf({ bits: 32, littleEndian: false }, [text, data])],
    ['PE', writePe(64, 0x1000, [text, { ...data, address: 0x40_2000 }])],
    ['Mach-O', writeMachO(little, [{ ...data, address: 0x1000, segment: '__DATA' }])],
    [
      'universal binary',
      writeUniversal([0, 1].map(() => writeMachO(little, [{ ...data, address: 0x1000, segment: '__DATA' }]))),
    ],
  ])('%s', (_format, bytes) => {
    expect(ecosystem.sniff?.(bytes.subarray(0, 512), 'usr/bin/x')).toBe(true);
    expect(parse('usr/bin/app', bytes)).toEqual({ packages: records, problems: [] });
  });

  test('a real one', () => {
    const bytes = gunzipSync(readFileSync(join(fixtures, 'usr', 'bin', 'till.fixture.gz')));
    const { packages: found, problems } = parse('till', bytes);
    expect(found.map(({ name, presence }) => `${name} ${presence}`)).toEqual([
      ...['autocfg declared', 'coins application', 'fnv installed', 'itoa installed', 'num-integer installed'],
      ...['num-traits installed', 'semver declared', 'till application'],
    ]);
    expect(problems).toEqual([]);
  });

  test('without audit data say nothing', () => {
    for (const bytes of [writeElf(little, [text]), Buffer.alloc(0), Buffer.from('\x7fELF'), Buffer.from('[x]')]) {
      expect(parse('usr/bin/app', bytes)).toEqual({ packages: [], problems: [] });
    }
  });

  test.each([
    ['no zlib', Buffer.from('nothing of the kind'), 'incorrect header check'],
    ['nothing at all', Buffer.alloc(0), 'unexpected end of file'],
    ['no JSON', deflateSync('{"packages":['), 'not JSON: Unexpected end of JSON input'],
    ['another JSON', deflateSync('{"crates":[]}'), 'it names no packages'],
    ['too deep', deflateSync('['.repeat(300)), 'JSON nested deeper than 200 levels'],
    ['a bomb', deflateSync(Buffer.alloc(17 * 1024 * 1024, 0x20)), 'it unpacks to more than 16777216 bytes'],
    ['too many', deflateSync(`{"packages":[${'0,'.repeat(100_000)}0]}`), 'it names more than 100000 crates'],
  ])('whose audit data is damaged: %s', (_what, bytes, why) => {
    const said = parse('app', writeElf(little, [text, { name: '.dep-v0', address: 0, data: bytes }]));
    const message = `the audit data of a Rust program can not be read: ${why}`;
    expect(said).toEqual({ packages: [], problems: [warningOf('app', 'cargo/audit-data-damaged', message)] });
  });

  test('keep what can be read of their audit data', () => {
    const broken = [7, { name: 'x' }, { name: 'a b', version: '1', source: 'git' }, ...packages.slice(3, 4)];
    const said = parse('app', writeElf(little, [section({ packages: broken })]));
    expect(said.packages).toEqual(records.slice(3, 4));
    const message = '3 crates of the audit data can not be read';
    expect(said.problems).toEqual([warningOf('app', 'cargo/audit-data-damaged', message)]);
  });
});

describe('large programs', () => {
  const filler: Part = { name: '.rodata', address: 0x10_0000, data: Buffer.alloc(3 * 1024 * 1024, 0x41) };
  const data = section({ packages });

  test('need their tables alone, where the audit data is before them', () => {
    const bytes = writeElf(little, [text, filler, data]);
    expect(partlyRead(ecosystem.partial, 'app', bytes)).toEqual(parse('app', bytes));
    expect(parse('app', bytes).packages).toEqual(records);
  });

  test('are read as a whole where the audit data is elsewhere', () => {
    const bytes = writeElf(little, [text, filler, { ...data, address: 0x50_0000 }, { ...filler, name: '.debug' }]);
    expect(partlyRead(ecosystem.partial, 'app', bytes)).toBe('whole');
    expect(parse('app', bytes).packages).toEqual(records);
  });

  test('say nothing without audit data, and are read as a whole when they are not ELF', () => {
    expect(partlyRead(ecosystem.partial, 'app', writeElf(little, [text, filler]))).toEqual({
      packages: [],
      problems: [],
    });
    expect(partlyRead(ecosystem.partial, 'app', writePe(64, 0x1000, [filler]))).toBe('whole');
  });
});

describe('Cargo.lock', () => {
  const head = '# This file is automatically @generated by Cargo.\n';
  const lock = (content: string) => parse('app/Cargo.lock', Buffer.from(content));
  const registry = 'registry+https://github.com/rust-lang/crates.io-index';
  const sum = 'ab'.repeat(32);

  test('of version 1 keeps its checksums apart', () => {
    const said = lock(
      [
        ...['[root]', 'name = "app"', 'version = "0.1.0"', 'dependencies = [', ` "libc 0.2.1 (${registry})",`, ']', ''],
        ...['[[package]]', 'name = "libc"', 'version = "0.2.1"', `source = "${registry}"`, ''],
        ...['[[package]]', 'name = "x"', 'version = "1.0.0"', 'source = "git+https://example.com/x#abc"', ''],
        ...['[metadata]', `"checksum libc 0.2.1 (${registry})" = "${sum}"`],
        '"checksum x 1.0.0 (git+https://example.com/x#abc)" = "<none>"',
      ].join('\r\n'),
    );
    expect(said).toEqual({
      packages: [
        { name: 'app', version: '0.1.0', presence: 'application', needs: ['libc'] },
        { name: 'libc', version: '0.2.1', presence: 'declared', hashes: [`sha256:${sum}`] },
        { name: 'x', version: '1.0.0', presence: 'declared' },
      ],
      problems: [],
    });
  });

  test('leaves out patches that are not used, and reads arrays on one line', () => {
    const said = lock(
      `${head}version = 3\n\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "sparse+https://example.com/"\n` +
        'dependencies = ["c 2.0.0", "b", "b 1.0.0"]\n\n[[patch.unused]]\nname = "p"\nversion = "9.0.0"\n',
    );
    const a = { name: 'a', version: '1.0.0', presence: 'declared', needs: ['b', 'c'] };
    expect(said).toEqual({ packages: [a], problems: [] });
  });

  test('keeps what can be read of a damaged one', () => {
    const said = lock(
      `${head}[[package]]\nname = "a"\n<<<<<<< HEAD\nversion = "1.0.0"\n=======\nversion = "1.1.0"\n>>>>>>> x\n` +
        '\n[[package]]\nname = "b"\nversion = 2\n\n[[package]]\nname = "c"\nversion = "3.0.0"\ndependencies = [\n "d",\n',
    );
    expect(said).toEqual({
      packages: [
        { name: 'a', version: '1.0.0', presence: 'application' },
        { name: 'c', version: '3.0.0', presence: 'application', needs: ['d'] },
      ],
      problems: [
        warningOf('app/Cargo.lock', 'cargo/unreadable', 'line 4 of Cargo.lock can not be read'),
        warningOf('app/Cargo.lock', 'cargo/unreadable', '1 package has no name and version that can be read'),
      ],
    });
  });

  test('is nothing else', () => {
    const problems = [warningOf('app/Cargo.lock', 'cargo/unreadable', 'this is not a lock file of Cargo')];
    expect(lock('[dependencies]\nserde = "1"\n')).toEqual({ packages: [], problems });
    expect(lock('{}')).toEqual({ packages: [], problems });
    expect(lock(' \n')).toEqual({ packages: [], problems: [] });
    expect(lock(`${head}version = 4\n`)).toEqual({ packages: [], problems: [] });
  });

  test('names no more packages than the limit', () => {
    const one = '[[package]]\nname = "a"\nversion = "1.0.0"\n';
    const { packages: found, problems } = lock(one.repeat(100_001));
    expect(found.length).toBe(100_000);
    const message = 'the file names more than 100000 packages; the rest is left out';
    expect(problems).toEqual([warningOf('app/Cargo.lock', 'cargo/too-many-packages', message)]);
  });
});

describe('the list of cargo install', () => {
  const list = (value: unknown) => parse('root/.cargo/.crates2.json', Buffer.from(JSON.stringify(value)));

  test('names programs', () => {
    const registry = '(registry+https://github.com/rust-lang/crates.io-index)';
    const installs = { [`ripgrep 13.0.0 ${registry}`]: {}, 'app 1.0.0 (path+file:///src/app)': {}, broken: {} };
    const message = '1 package has no name and version that can be read';
    expect(list({ installs })).toEqual({
      packages: [
        { name: 'ripgrep', version: '13.0.0', presence: 'declared' },
        { name: 'app', version: '1.0.0', presence: 'application' },
      ],
      problems: [warningOf('root/.cargo/.crates2.json', 'cargo/unreadable', message)],
    });
  });

  test('is no other JSON', () => {
    const message = 'the list of cargo install names no installs';
    const problems = [warningOf('root/.cargo/.crates2.json', 'cargo/unreadable', message)];
    expect(list([])).toEqual({ packages: [], problems });
  });
});

describe('which files are read', () => {
  const claims = (path: string, mode = 0o644) => ecosystem.claims(path, { size: 1000, mode });

  test('by their path', () => {
    const wanted = [
      'Cargo.lock',
      'app/Cargo.lock',
      'root/.cargo/.crates2.json',
      'lib/libx.so.1',
      'app/vendored/Cargo.lock',
    ];
    expect(wanted.filter((path) => !claims(path))).toEqual([]);
    const others = [
      ...[
        'app/XCargo.lock',
        'app/cargo.lock',
        'root/.cargo/registry/src/i-1/x-1.0.0/Cargo.lock',
        'vendor/x/Cargo.lock',
      ],
      ...[
        'app/vendor/x/Cargo.lock',
        'usr/lib/python3/site-packages/x/Cargo.lock',
        'root/.cargo/git/checkouts/x/Cargo.lock',
      ],
      ...['root/.cargo/.crates.toml', 'app/Cargo.toml', 'app/main.rs'],
    ];
    expect(others.filter((path) => claims(path))).toEqual([]);
    expect(claims('usr/bin/app', 0o755)).toBe(true);
  });

  test('by their first bytes', () => {
    const sniff = (first: string) => ecosystem.sniff?.(Buffer.from(first, 'latin1'), 'usr/bin/x');
    expect(['\x7fELF\x02', 'MZ\x90\0'].filter((first) => !sniff(first))).toEqual([]);
    const others = ['', '#!/bin/sh', '# This file', '[[package]]', '{}', '\0\0\0\0', '<html>'];
    expect(others.filter((first) => sniff(first))).toEqual([]);
    // A lock file is read whatever it begins with: garbage in it must be told.
    expect(ecosystem.sniff?.(Buffer.from('\0\0'), 'app/Cargo.lock')).toBe(true);
    expect(sniff(writePe(32, 0x40_0000, [], true).toString('latin1'))).toBe(false);
  });

  test('what is said of a program follows from its bytes', () => {
    const paths = ['usr/bin/app', 'app/Cargo.lock', 'root/.cargo/.crates2.json'];
    expect(paths.map((path) => ecosystem.bytesAlone?.(path))).toEqual([true, false, false]);
  });
});

test('purl and advisories', () => {
  const record: PackageRecord = { name: 'Inflector', version: '0.11.4+x', presence: 'installed' };
  expect(ecosystem.purl(record, undefined)).toBe('pkg:cargo/Inflector@0.11.4%2Bx');
  const key = { ecosystem: 'crates.io', name: 'Inflector', version: '0.11.4+x' };
  expect(ecosystem.advisories(record, undefined)).toEqual(key);
});

describe('hostile bytes never throw', () => {
  const good = {
    'app/Cargo.lock': readFileSync(join(fixtures, 'app', 'Cargo.lock')),
    '.crates2.json': readFileSync(join(fixtures, 'srv', '.cargo', '.crates2.json')),
    'bin/app': writeElf(little, [text, section({ packages })]),
  };

  test.each(Object.entries(good))('%s', (path, bytes) => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
    const mutated = fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
      const copy = Buffer.from(bytes);
      for (const { at, value } of changes) copy[at] = value;
      return copy;
    });
    const cut = fc.nat(bytes.length).map((end) => bytes.subarray(0, end));
    const random = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.oneof(mutated, cut, random), (body) => {
        const { packages: found, problems } = parse(path, body);
        expect(found.length).toBeLessThanOrEqual(20);
        expect(found.every(({ name, version }) => !/[\s\0]/.test(name + version))).toBe(true);
        expect(problems.every(({ message, blinding }) => !blinding && !message.includes('\n'))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('in linear time', () => {
    const started = performance.now();
    const units = [
      '[',
      '[[package]]\n',
      'dependencies = [\n',
      '"a",',
      '"',
      '"checksum a',
      'name = "',
      ' = ',
      '\n',
      'a',
    ];
    for (const unit of units) parse('Cargo.lock', Buffer.from(unit.repeat(1_000_000 / unit.length)));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
