import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Parsed } from '../../src/ecosystem/contract.ts';
import { ecosystem } from '../../src/ecosystem/deb/index.ts';
import { fieldLimit } from '../../src/format/control-stanza.ts';
import { stanzaLimit } from '../../src/format/stanza-tally.ts';
import type { Distribution, PackageRecord } from '../../src/model/package.ts';
import { blinding } from '../../src/model/problem.ts';

const path = 'var/lib/dpkg/status';
const fixture = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'deb', 'status'));

const bsdutils: PackageRecord = {
  name: 'bsdutils',
  version: '1:2.38.1-5+deb12u3',
  presence: 'installed',
  origin: { name: 'util-linux', version: '2.38.1-5+deb12u3' },
  arch: 'amd64',
  needs: ['libc6'],
};
const zlib: PackageRecord = {
  name: 'zlib1g',
  version: '1:1.2.13.dfsg-1',
  presence: 'installed',
  origin: { name: 'zlib', version: '1:1.2.13.dfsg-1' },
  arch: 'amd64',
};
const tzdata: PackageRecord = { name: 'tzdata', version: '2024a-0+deb12u1', presence: 'installed', arch: 'all' };
const leaving: PackageRecord = { name: 'leaving', version: '0.9-2', presence: 'installed', arch: 'amd64' };
const all = { packages: [bsdutils, zlib, tzdata, leaving], problems: [] };

function parse(body: string | Buffer): Parsed {
  const bytes = Buffer.from(body);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
}

function distribution(id: string, version: string, codename?: string): Distribution {
  return { id, version, like: ['debian'], name: id, ...(codename === undefined ? {} : { codename }) };
}

describe('the dpkg database', () => {
  test('is claimed as one file and as one file a package', () => {
    const head = { size: 1, mode: 0o644 };
    const yes = [path, 'var/lib/dpkg/status.d/base-files', 'var/lib/dpkg/status.d/libc6:amd64'];
    const no = ['var/lib/dpkg/status-old', 'var/lib/dpkg/status.d/', 'var/lib/dpkg/status.d/base-files.md5sums'];
    const others = ['var/lib/dpkg/status.d/a/b', `/${path}`, `x/${path}`, 'usr/lib/dpkg/status'];
    expect([...yes, ...no, ...others].filter((one) => ecosystem.claims(one, head))).toEqual(yes);
    expect([ecosystem.id, ecosystem.database, ecosystem.order.id]).toEqual(['deb', true, 'dpkg']);
  });

  test('becomes the packages whose files are there', () => {
    expect(parse(fixture)).toEqual(all);
    expect(parse(fixture.toString().replaceAll('\n', '\r\n'))).toEqual(all);
    expect(
      parse(
        fixture
          .toString()
          .replaceAll(/^(Package|Version|Status|Source|Architecture):/gm, (field) => field.toUpperCase()),
      ),
    ).toEqual(all);
  });

  test.each(['unpacked', 'half-installed', 'half-configured', 'triggers-awaited', 'triggers-pending', 'installed'])(
    'counts a package that is %s',
    (state) => {
      const record = { name: 'a', version: '1', presence: 'installed' };
      expect(parse(`Package: a\nStatus: install ok ${state}\nVersion: 1\n`)).toEqual({
        packages: [record],
        problems: [],
      });
    },
  );

  test('may lack the status, as in distroless images, or be empty', () => {
    const record = { name: 'a', version: '1', presence: 'installed' };
    expect(parse('Package: a\nVersion: 1\n')).toEqual({ packages: [record], problems: [] });
    expect(parse('')).toEqual({ packages: [], problems: [] });
    expect(parse('\n \n\t\n')).toEqual({ packages: [], problems: [] });
    expect(parse('Package: a\nStatus: purge ok not-installed\n')).toEqual({ packages: [], problems: [] });
  });

  test('says of which source a package is', () => {
    const origin = (source: string) => parse(`Package: a\nVersion: 1-2\nSource: ${source}\n`).packages[0]?.origin;
    expect(origin('b (3-4)')).toEqual({ name: 'b', version: '3-4' });
    expect(origin('b')).toEqual({ name: 'b', version: '1-2' });
    expect(origin('b(3)')).toEqual({ name: 'b', version: '3' });
    expect(origin('a (1-1)')).toEqual({ name: 'a', version: '1-1' });
    expect(origin('b ()')).toEqual({ name: 'b', version: '1-2' });
    expect(origin('b (3')).toEqual({ name: 'b', version: '3' });
    expect([origin('a'), origin('a (1-2)'), origin('')]).toEqual([undefined, undefined, undefined]);
  });

  test('blinds where a stanza names no package or no version', () => {
    const body = 'Package: a\nVersion: 1\n\nPackage: only-name\n\nVersion: 2\n\nPackage fine\n';
    expect(parse(body)).toEqual({
      packages: [{ name: 'a', version: '1', presence: 'installed' }],
      problems: [
        blinding('deb/stanza-incomplete', 'stanzas without a package name or a version: 3, the first at line 4', path),
      ],
    });
  });

  test('blinds where a stanza says two things or none', () => {
    const long = 'x'.repeat(fieldLimit);
    const body = `Package: a\nVersion: 1\nVersion: 9\n\nPackage: b\nVersion: 1\njunk\n\nPackage: c\nVersion: 1\nSource: ${long}\n`;
    expect(parse(body)).toEqual({
      packages: ['a', 'b', 'c'].map((name) => ({ name, version: '1', presence: 'installed' })),
      problems: [
        blinding('deb/stanza-malformed', "stanzas with lines that can't be read: 3, the first at line 1", path),
      ],
    });
  });

  test('blinds when nothing in it is readable, however long its lines are', () => {
    const expected = {
      packages: [],
      problems: [blinding('deb/unreadable', 'the package database holds no readable stanza', path)],
    };
    const giant = 20_000_000;
    for (const body of [
      'x',
      '\0\0',
      ': a\n',
      'x'.repeat(giant),
      `${' '.repeat(giant)}x`,
      `Package:${' '.repeat(giant)}`,
    ]) {
      expect(parse(body)).toEqual(expected);
    }
  });

  test('is bounded in its stanzas', () => {
    const parsed = parse('Package: a\nVersion: 1\n\n'.repeat(stanzaLimit + 1));
    expect([parsed.packages.length, parsed.problems]).toEqual([
      stanzaLimit,
      [blinding('deb/too-many', 'the package database holds more than 200000 stanzas; the others were not read', path)],
    ]);
    expect(parse('Package: a\nVersion: 1\n\n'.repeat(stanzaLimit)).problems).toEqual([]);
  });

  test('survives any bytes', () => {
    const random = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
    const mutated = fc
      .array(fc.tuple(fc.nat(fixture.length - 1), fc.constantFrom(0, 9, 10, 13, 32, 58, 255)), { maxLength: 12 })
      .map((edits) => {
        const bytes = Buffer.from(fixture);
        for (const [at, byte] of edits) bytes[at] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(random, mutated), (bytes) => {
        const { packages, problems } = parse(bytes);
        expect(packages.every(({ name, version }) => name !== '' && version !== '')).toBe(true);
        expect(
          problems.every((problem) => problem.blinding && problem.path === path && !problem.message.includes('\n')),
        ).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what Debian packages need', () => {
  const needs = (fields: string) => parse(`Package: a\nVersion: 1\n${fields}`).packages[0]?.needs;

  test('is named once, of alternatives the first', () => {
    expect(
      needs('Depends: libc6 (>= 2.36), debconf (>= 0.5) | debconf-2.0, python3:any, x[amd64]<!nocheck>,,b(=1)\n'),
    ).toEqual(['b', 'debconf', 'libc6', 'python3', 'x']);
    expect(needs('Pre-Depends: b, a\nDepends: c, b\nRecommends: d\n')).toEqual(['a', 'b', 'c']);
    expect(needs('Depends: b')).toEqual(['b']);
    expect([needs('Depends: '), needs('Depends: , (x)'), needs('')]).toEqual([undefined, undefined, undefined]);
  });

  test('may be long, or stand twice, without harm', () => {
    const long = `Depends: ${'b, '.repeat(5000)}\nDepends: c\n`;
    expect(parse(`Package: a\nVersion: 1\n${long}`)).toEqual({
      packages: [{ name: 'a', version: '1', presence: 'installed', needs: ['b'] }],
      problems: [],
    });
    expect(parse(`Package: a\nVersion: 1\nDepends: ${'b'.repeat(20_000_000)}\n`)).toEqual({
      packages: [{ name: 'a', version: '1', presence: 'installed' }],
      problems: [],
    });
  });
});

describe('the files of Debian packages', () => {
  const info = 'var/lib/dpkg/info';
  const told = (path: string, body: string | Buffer, digests = true) => {
    const bytes = Buffer.from(body);
    const found: unknown[] = [];
    const file = { path, bytes, size: bytes.length, mode: 0o644 };
    ecosystem.ownership?.read(file, (...said) => found.push(said), digests);
    return found;
  };
  const fixtureOf = (name: string) =>
    readFileSync(join(import.meta.dirname, '../fixtures/deb/dpkg-1.21/in', info, name));

  test('stand in lists of two kinds', () => {
    const head = { size: 1, mode: 0o644 };
    const yes = [`${info}/a.list`, `${info}/libc6:amd64.md5sums`, 'var/lib/dpkg/status.d/a.md5sums'];
    const no = [`${info}/a.conffiles`, `${info}/a/b.list`, 'var/lib/dpkg/status.d/a', `x/${info}/a.list`, 'a.list'];
    const claimed = (digests: boolean) =>
      [...yes, ...no].filter((one) => ecosystem.ownership?.claims(one, head, digests));
    expect(claimed(true)).toEqual(yes);
    // dpkg's lists of files name all that its lists of checksums do; distroless has the second kind alone.
    expect(claimed(false)).toEqual([`${info}/a.list`, 'var/lib/dpkg/status.d/a.md5sums']);
  });

  test('are told without most folders', () => {
    const owner = { name: 'tiny' };
    expect(told(`${info}/tiny.list`, fixtureOf('tiny.list'))).toEqual(
      [
        'etc/tiny.conf',
        'usr/bin/tiny',
        'usr/lib/python3/dist-packages/tinymod-1.0.dist-info/METADATA',
        'usr/share/doc/tiny/copyright',
      ].map((path) => [owner, path]),
    );
    expect(told(`${info}/a.list`, '/.\n/usr\n/usr/bin\n/usr/binary\n\nusr/x\n/a/../b\n')).toEqual([
      [{ name: 'a' }, 'usr/bin'],
      [{ name: 'a' }, 'usr/binary'],
      [{ name: 'a' }, 'b'],
    ]);
  });

  test('are told with their digests, but for settings, and by architecture', () => {
    const sum = 'd41d8cd98f00b204e9800998ecf8427e';
    const libtiny = { name: 'libtiny1', arch: 'amd64' };
    expect(told(`${info}/libtiny1:amd64.md5sums`, fixtureOf('libtiny1:amd64.md5sums'))).toEqual([
      [libtiny, 'usr/lib/x86_64-linux-gnu/libtiny.so.1.0', 'md5:d4a244c8da895b528beb95fb4a6d76a8'],
      [libtiny, 'usr/share/doc/libtiny1/copyright', 'md5:2cd6ee2c70b0bde53fbe6cac3c8b8bb1'],
    ]);
    const body = `${sum}  ./usr/a b\n${sum.toUpperCase()} *usr/c\n${sum}  etc/d\nnot a sum\n\\${sum}  usr/e\n${'x'.repeat(32)}  usr/f\n${sum}  \n`;
    expect(told('var/lib/dpkg/status.d/a.md5sums', body)).toEqual([
      [{ name: 'a' }, 'usr/a b', `md5:${sum}`],
      [{ name: 'a' }, 'usr/c', `md5:${sum}`],
      [{ name: 'a' }, 'etc/d'],
      [{ name: 'a' }, 'usr/f'],
    ]);
    expect(told('var/lib/dpkg/status.d/a.md5sums', body, false)).toEqual(
      ['usr/a b', 'usr/c', 'etc/d', 'usr/f'].map((path) => [{ name: 'a' }, path]),
    );
    expect(told(`${info}/.list`, '/usr/x\n')).toEqual([]);
  });

  test('are bounded, and any bytes are survived', () => {
    expect(told(`${info}/a.list`, `/${'x'.repeat(5000)}\n/y`)).toEqual([[{ name: 'a' }, 'y']]);
    const line = fc.constantFrom(
      '/a',
      '/a/b',
      '/../..',
      '/',
      '',
      `${'0'.repeat(32)}  a`,
      `${'0'.repeat(32)}  ../x`,
      'z',
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.array(line, { maxLength: 20 }).map((lines) => Buffer.from(lines.join('\n'))),
    );
    fc.assert(
      fc.property(body, fc.constantFrom('a.list', 'a:b:c.list', 'a.md5sums'), (bytes, name) => {
        for (const said of told(`${info}/${name}`, bytes)) {
          const [owner, file] = said as [{ name: string }, string];
          expect(owner.name === 'a' && file !== '' && !file.startsWith('/') && !file.split('/').includes('..')).toBe(
            true,
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('Debian packages', () => {
  test('have a package URL', () => {
    expect(ecosystem.purl(bsdutils, distribution('debian', '12', 'bookworm'))).toBe(
      'pkg:deb/debian/bsdutils@1:2.38.1-5%2Bdeb12u3?arch=amd64&distro=debian-12',
    );
    expect(ecosystem.purl(tzdata, distribution('debian', '', 'sid'))).toBe(
      'pkg:deb/debian/tzdata@2024a-0%2Bdeb12u1?arch=all&distro=debian-sid',
    );
    expect(ecosystem.purl(leaving, undefined)).toBe('pkg:deb/leaving@0.9-2?arch=amd64');
    expect(ecosystem.purl({ name: 'A', version: '1', presence: 'installed' }, distribution('debian', ''))).toBe(
      'pkg:deb/debian/a@1?distro=debian',
    );
  });

  test('are looked up by source package and source version', () => {
    expect(ecosystem.advisories(bsdutils, distribution('debian', '12'))).toEqual({
      ecosystem: 'Debian:12',
      name: 'util-linux',
      version: '2.38.1-5+deb12u3',
    });
    expect(ecosystem.advisories(tzdata, distribution('ubuntu', '22.04'))).toEqual({
      ecosystem: 'Ubuntu:22.04:LTS',
      name: 'tzdata',
      version: '2024a-0+deb12u1',
    });
  });

  test.each([
    ['debian', '9.13', undefined, 'Debian:9'],
    ['debian', '', 'trixie', 'Debian:13'],
    ['debian', '', 'sid', 'Debian:sid'],
    ['debian', '', 'duke', 'Debian:15'],
    ['echo', '', undefined, 'Echo'],
    ['debian', '', undefined, undefined],
    ['ubuntu', '24.10', undefined, 'Ubuntu:24.10'],
    ['ubuntu', '23.04', undefined, 'Ubuntu:23.04'],
    ['ubuntu', '6.06', undefined, 'Ubuntu:6.06:LTS'],
    ['ubuntu', '14.04.5', undefined, 'Ubuntu:14.04:LTS'],
    ['ubuntu', '22', undefined, undefined],
    ['ubuntu', '', 'jammy', undefined],
    ['linuxmint', '21', undefined, undefined],
    ['raspbian', '12', 'bookworm', undefined],
  ])('of %s %s (%s) have the namespace %s', (id, version, codename, namespace) => {
    expect(ecosystem.advisories(tzdata, distribution(id, version, codename))?.ecosystem).toBe(namespace);
  });

  test('of no known distribution have none', () => {
    expect(ecosystem.advisories(tzdata, undefined)).toBeUndefined();
  });
});
