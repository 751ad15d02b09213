import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scratch } from '../../src/catalog/body.ts';
import { PartialSink } from '../../src/catalog/partial-body.ts';
import type { Parsed, PartialReader } from '../../src/ecosystem/contract.ts';
import { ecosystem } from '../../src/ecosystem/generic/index.ts';
import type { PackageRecord } from '../../src/model/package.ts';

const partial = ecosystem.partial as PartialReader;
const nothing = { packages: [], problems: [] };

function parse(path: string, body: Buffer | string): Parsed {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o755 });
}

/** An ELF file, as far as anybody looks here, with these strings of C in it. */
function elf(...strings: readonly string[]): Buffer {
  return Buffer.from(`\x7fELF\x02\x01\x01${'\0'.repeat(57)}${strings.map((text) => `${text}\0`).join('')}`, 'latin1');
}

function found(name: string, version: string): Parsed {
  const record: PackageRecord = { name, version, presence: 'installed' };
  return { packages: [record], problems: [] };
}

function unreadable(name: string, path: string): Parsed {
  const message = `this is ${name}, of a version that can not be read`;
  return { packages: [], problems: [{ code: 'generic/unreadable', message, path, blinding: false }] };
}

/** What is said of a body that comes in pieces of these sizes, over and over, whatever its size. */
function partly(path: string, bytes: Buffer, pieces: readonly number[]): Parsed | 'again' {
  let said: Parsed | 'again' = 'again';
  const sink = new PartialSink(new Scratch(), {
    size: bytes.length,
    limit: bytes.length,
    path,
    readers: [partial],
    wants: () => true,
    take: (whole) => {
      said = parse(path, whole);
    },
    takeParts: ([body]) => {
      if (!body) throw new Error('there is a reader');
      said = partial.parse({ ...body, path, mode: 0o755 }) ?? 'again';
    },
    overflow: () => undefined,
    again: () => undefined,
  });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + (pieces[i % pieces.length] ?? 1);
    expect(sink.write(Buffer.from(bytes.subarray(at, end)))).toBe(true);
    at = end;
  }
  sink.end();
  return said;
}

describe('which files are read', () => {
  const claims = (path: string, mode = 0o755, size = 1_000) => ecosystem.claims(path, { size, mode });

  test('programs by their whole names, with the execute permission', () => {
    const names = ['nginx', 'usr/sbin/nginx', 'opt/node-22/bin/node', 'usr/bin/php', 'usr/bin/php8.2', 'php-fpm8.2'];
    const more = [
      'bin/python3.12',
      'bin/python3.7m',
      'bin/python2.7',
      'bin/python3.13t',
      'usr/bin/ruby3.1',
      'a/perl5.36.0',
    ];
    expect([...names, ...more].filter((path) => !claims(path) || !claims(path, 0o100))).toEqual([]);
    expect([...names, ...more].filter((path) => claims(path, 0o644))).toEqual([]);
  });

  test('libraries without it, also those that were copied into a wheel', () => {
    const names = [
      'lib/libz.so',
      'libz.so.1',
      'libz.so.1.2.13',
      'libcrypto.so.3',
      'a.libs/libcrypto-d3570994.so.1.0.2k',
    ];
    const more = [
      'libpython3.12.so.1.0',
      'libpython3.6m.so',
      'libcurl-gnutls.so.4',
      'libruby-3.1.so.3.1.2',
      'libphp8.2.so',
    ];
    const others = ['libstd-d1237ef7159db0a2.so', 'lib/ld-musl-x86_64.so.1', 'libc.so.6', 'libc.so', 'liblua5.4.so.0'];
    expect([...names, ...more, ...others].filter((path) => !claims(path, 0o644))).toEqual([]);
  });

  test('files with versions in them, when they are small', () => {
    const names = [
      'usr/local/go/VERSION',
      'opt/sdk/go1.22.1/VERSION',
      'go/pkg/mod/golang.org/toolchain@v0.0.1-go1.23.4.linux-amd64/VERSION',
      'opt/java/release',
      'usr/lib/erlang/releases/26/OTP_VERSION',
      'srv/wp-includes/version.php',
      'julia/julia_version.h',
    ];
    expect(names.filter((path) => !claims(path, 0o644, 65_536))).toEqual([]);
    expect(names.filter((path) => claims(path, 0o644, 65_537))).toEqual([]);
  });

  test('no others', () => {
    const names = [
      ...[
        '',
        'n',
        'nginx/',
        'nginx/x',
        'nginx.conf',
        'mynginx',
        'nginx-debug',
        'python',
        'python3',
        'python3.12-config',
      ],
      ...[
        'python3.',
        'python4.1',
        'python3.1234',
        'libpython3.so',
        'libzstd.so.1',
        'libz.a',
        'libz.sox',
        'libstdc++.so.6',
      ],
      ...['libcryptos.so', 'php-config', 'phpize8.2', 'perl5.36-x86_64-linux-gnu', 'libc.so.5', 'curl.sh', 'éé', 'ln'],
      ...['VERSION', 'app/VERSION', 'OTP_VERSION', 'erlang/OTP_VERSION', 'release', 'etc/os-release', 'version.php'],
    ];
    expect(names.filter((path) => claims(path))).toEqual([]);
  });

  test('by their first bytes', () => {
    const sniff = (first: string) => ecosystem.sniff?.(Buffer.from(first, 'latin1'), 'usr/local/go/VERSION');
    expect(
      ['\x7fELF\x02\0', 'go1.22.1\n', 'JAVA_VERSION="17"', '<?php', '25.2'].filter((text) => !sniff(text)),
    ).toEqual([]);
    expect(['', '#!/bin/sh\n', 'MZ\x90\0', '\0\0'].filter((text) => sniff(text))).toEqual([]);
  });
});

test('a hard link need not be read again, unless the body may go by the names of several programs', () => {
  const alone = (path: string) => ecosystem.bytesAlone?.(path);
  expect(['usr/bin/perl', 'usr/bin/perl5.36.0', 'usr/bin/git', 'lib/libz.so.1'].filter((path) => !alone(path))).toEqual(
    [],
  );
  expect(['bin/busybox', 'bin/wget', 'usr/sbin/dropbear', 'go/VERSION', 'bin/ls'].filter(alone)).toEqual([]);
});

describe('programs', () => {
  test.each<[string, string, readonly string[], Parsed]>([
    ['nginx', 'nginx', ['nginx version: nginx/1.25.3', 'nginx/1.25.3'], found('nginx', '1.25.3')],
    ['OpenResty', 'nginx', ['nginx version: openresty/1.21.4.1'], found('openresty', '1.21.4.1')],
    ['nginx without its version', 'nginx', ['nginx version: nginx/'], unreadable('nginx', 'nginx')],
    ['OpenSSL with a letter', 'openssl', ['OpenSSL 1.0.2k-fips  26 Jan 2017'], found('openssl', '1.0.2k')],
    ['OpenSSL with two', 'libcrypto.so.1.0.0', ['OpenSSL 1.0.2zg  7 Feb 2023'], found('openssl', '1.0.2zg')],
    ['OpenSSL before release', 'openssl', ['OpenSSL 3.0.0-beta1 17 Jun 2021'], found('openssl', '3.0.0-beta1')],
    ['what is like OpenSSL', 'libcrypto.so', ['OpenSSL 1.1.1 (compatible; BoringSSL)'], nothing],
    ['LibreSSL', 'openssl', ['LibreSSL 3.8.2'], found('libressl', '3.8.2')],
    ['a text about OpenSSL', 'openssl', ['built for OpenSSL 3.0 or later'], nothing],
    ['OpenSSH', 'sshd', ['OpenSSH_9.2', 'OpenSSH_6.6*', 'OpenSSH_9.2p1 Debian-2'], found('openssh', '9.2p1')],
    [
      'HAProxy',
      'haproxy',
      ['since HAProxy version 2.5.', 'HAProxy version 2.4.22-f8e3218, released 2023/02/14'],
      found('haproxy', '2.4.22'),
    ],
    [
      'HAProxy in development',
      'haproxy',
      [' version 2.9-dev5-1a2b3c4, released 2023/09/08'],
      found('haproxy', '2.9-dev5'),
    ],
    ['HAProxy of old', 'haproxy', ['HA-Proxy version 1.8.8 2018/04/19'], found('haproxy', '1.8.8')],
    ['MariaDB', 'mysqld', ['5.5.5-', '10.6.15-MariaDB'], found('mariadb', '10.6.15')],
    ['MariaDB as an example', 'mysqld', ['for example 10.1.1-MariaDB-mariadb1precise-log.'], nothing],
    ['MySQL', 'mysqld', ['/export/pb2/build/sb_1/mysql-8.0.37/sql/mysqld.cc'], found('mysql', '8.0.37')],
    [
      'MySQL before release',
      'mysql',
      ['/pb2/release/mysql-8.0.4-rc/mysys_ssl/my_default.cc'],
      found('mysql', '8.0.4-rc'),
    ],
    ['Percona Server', 'mysqld', ['/tmp/percona-server-8.0.35-27/sql/x.cc'], found('percona-server', '8.0.35')],
    ['PHP', 'php8.3', ['X-Powered-By: PHP/8.3.0RC6'], found('php', '8.3.0RC6')],
    ['PostgreSQL', 'postgres', ['postgres (PostgreSQL) 15beta4'], nothing],
    ['PostgreSQL released', 'postgres', ['postgres (PostgreSQL) 9.6.24'], found('postgresql', '9.6.24')],
    [
      'Ruby',
      'ruby',
      ['ruby 3.4.0preview1 (2024-05-16 master 9d69619623) [x86_64-linux]'],
      found('ruby', '3.4.0preview1'),
    ],
    [
      'Ruby with its patch level',
      'libruby.so.2.7',
      ['ruby 2.7.7p221 (2022-11-24 revision 168ec2b1e5)'],
      found('ruby', '2.7.7'),
    ],
    ['Ruby of old', 'ruby1.9.3', ['ruby 1.9.3p551 (2014-11-13)'], found('ruby', '1.9.3p551')],
    ['Python', 'python3.12', ['3.11.9', '3.12.1'], found('python', '3.12.1')],
    ['Python before release', 'libpython3.13.so.1.0', ['3.13.0rc1'], found('python', '3.13.0rc1')],
    ['Python of another line', 'python3.12', ['3.11.9'], nothing],
    ['Python as the end of another string', 'python3.12', ['/opt/3.12.1'], found('python', '3.12.1')],
    ['Deno, between other words', 'deno', ['Deno/2.1.4Deno/2.1.4+b32ed75b32'], found('deno', '2.1.4')],
    ['SQLite', 'libsqlite3.so.0', ['3.8.11.1', 'SQLite format 3'], found('sqlite', '3.8.11.1')],
    ['SQLite, whose name is not in it', 'libsqlite3.so.0', ['3.8.11.1'], nothing],
    ['SQLite, whose version is not in it', 'sqlite3', ['SQLite format 3', '3.8'], nothing],
    ['wget, with the zlib in it', 'wget', ['1.2.13', '1.21.3', 'GNU Wget %s'], found('wget', '1.21.3')],
    ['sudo, with the libraries in it', 'sudo', ['1.4.1', 'Sudo version %s', '1.9.13p3'], found('sudo', '1.9.13p3')],
    [
      'glibc',
      'libc.so.6',
      ['GNU C Library (Ubuntu GLIBC 2.35-0ubuntu3.1) stable release version 2.35.'],
      found('glibc', '2.35'),
    ],
    [
      'glibc without its version',
      'libc.so.6',
      ['GNU C Library (x)', 'release version 2.35'],
      unreadable('glibc', 'libc.so.6'),
    ],
    [
      'Rust',
      'libstd-0123456789abcdef.so',
      ['clang LLVM (rustc version 1.48.0 (7eac88abb 2020-11-16))'],
      found('rust', '1.48.0'),
    ],
    ['a version too long', 'curl', [`curl/${'1'.repeat(40)}.2`], nothing],
    ['a number alone', 'curl', ['curl/7'], nothing],
  ])('%s', (_name, path, strings, said) => {
    expect(parse(path, elf(...strings))).toEqual(said);
    expect(partly(path, Buffer.concat([elf(...strings), Buffer.alloc(70_000)]), [65_536])).toEqual(said);
  });

  test('Redis and Valkey by the version with which the name of the build begins', () => {
    const redis = [
      'redis_version:%s',
      '2.8.7',
      '7.0.1',
      '7.0.15',
      '6.2.0',
      '5.3.0',
      '5.3.0-0-g54eaed1d8b56b1aa528be3bdd1877e59',
    ];
    const path = 'usr/local/bin/redis-server';
    expect(parse(path, elf(...redis))).toEqual(nothing);
    const built = parse(path, elf(...redis, '7.0.15buildkitsandbox-1702957741000000000'));
    expect(built).toEqual(found('redis', '7.0.15'));
    expect(parse(path, elf(...redis, 'A7.0.151790282056000000000'))).toEqual(found('redis', '7.0.15'));
    expect(parse(path, elf('2.8.7', '2.8.7buildkitsandbox-1702957741000000000'))).toEqual(nothing);
    const valkey = elf('valkey_version:%s', '7.2.4', '8.0.1', 'valkey8.0.1runner-1728000000000');
    expect(parse('valkey-server', valkey)).toEqual(found('valkey', '8.0.1'));
    expect(parse(path, valkey)).toEqual(nothing);
  });

  test('what is no program of that name says nothing', () => {
    for (const bytes of ['', '#!/bin/sh\ncurl/7.88.1', 'curl/7.88.1', '\x7fEL', 'MZ curl/7.88.1']) {
      expect(parse('usr/bin/curl', bytes)).toEqual(nothing);
    }
    expect(parse('usr/bin/curl', elf('wget/1.21.3', 'curl'))).toEqual(nothing);
    expect(parse('usr/bin/other', elf('curl/7.88.1'))).toEqual(nothing);
  });
});

describe('large programs of which parts are kept', () => {
  const folder = join(import.meta.dirname, '..', 'fixtures', 'generic');
  const real = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.fixture.gz'))
    .map((name) => ({ path: name.slice(0, -'.fixture.gz'.length), file: join(folder, name) }));

  test.each(real)('say the same as the whole: $path', ({ path, file }) => {
    const whole = gunzipSync(readFileSync(file));
    const bytes = Buffer.concat([whole.subarray(0, 64), Buffer.alloc(64 * 1024), whole.subarray(64)]);
    const said = parse(path, bytes);
    expect(said).toEqual(parse(path, whole));
    for (const pieces of [[65_536], [4_099], [7_919, 31]]) expect(partly(path, bytes, pieces)).toEqual(said);
  });

  test('wherever a piece ends', () => {
    const samples: [string, Buffer][] = [
      ['mariadbd', elf('10.6.15-MariaDB')],
      ['nginx', elf('nginx version: nginx/1.25.3')],
      ['wget', elf('1.2.13', '1.21.3', 'GNU Wget %s')],
      ['redis-server', elf('redis_version:', '7.0.15', '7.0.15buildkitsandbox-1702957741000000000')],
      ['libc.so.6', elf('GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.')],
    ];
    for (const [path, head] of samples) {
      const bytes = Buffer.concat([head.subarray(0, 64), Buffer.alloc(65_536), head.subarray(64), Buffer.alloc(300)]);
      const said = parse(path, bytes);
      expect(said.packages).toHaveLength(1);
      for (let size = 1; size < head.length - 60; size++) expect(partly(path, bytes, [65_600, size])).toEqual(said);
    }
  });

  test('for any bytes', () => {
    const names = ['nginx', 'mariadbd', 'redis-server', 'wget', 'python3.11', 'libcrypto.so.3', 'haproxy', 'libc.so.6'];
    const words = [
      ...['nginx version: nginx/', '1.2.3', '-MariaDB', 'redis_version:', '3.11.', 'OpenSSL ', ' 1 Jan', 'version '],
      ...[
        'GNU C Library (',
        'release version ',
        'GNU Wget',
        '1.21',
        '.4',
        'abcdefghij-123',
        ', released 20',
        '\0',
        '\0',
        'p1',
      ],
    ];
    const piece = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4, unit: 'binary-ascii' }));
    const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        text,
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 }),
        (path, body, pieces) => {
          const bytes = Buffer.concat([elf(), Buffer.alloc(65_472), Buffer.from(body, 'latin1')]);
          expect(partly(path, bytes, [65_536, ...pieces])).toEqual(parse(path, bytes));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('with more marks than any program has are read as a whole', () => {
    const bytes = Buffer.concat([elf(), Buffer.alloc(65_536), Buffer.from('curl/x\0'.repeat(1_500), 'latin1')]);
    expect(partly('curl', bytes, [65_536])).toBe('again');
    expect(parse('curl', bytes)).toEqual(nothing);
  });

  test('made of nothing but marks take linear time', () => {
    const started = performance.now();
    for (const [path, unit] of [
      ['mariadbd', '-MariaDB'],
      ['mariadbd', '1.'],
      ['redis-server', '\x001.1.1'],
      ['openssl', 'OpenSSL '],
      ['libc.so.6', 'GNU C Library ('],
    ] as const) {
      parse(path, elf(unit.repeat(4_000_000 / unit.length)));
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('files with versions in them', () => {
  const others = (version: string) => [
    { ecosystem: 'golang', packages: [{ name: 'stdlib', version, presence: 'installed' }] },
  ];

  test.each([
    ['go1.22.1\ntime 2024-02-29T18:18:48Z\n', '1.22.1'],
    ['go1.20.12\n', '1.20.12'],
    ['go1.21rc2', '1.21rc2'],
    ['go1.20.12 X:strictfipsruntime\r\n', '1.20.12'],
    ['devel go1.24-0c2f7d1 Mon Jun 10 2024', '1.24-0c2f7d1'],
  ])('of the Go toolchain: %j', (text, version) => {
    expect(parse('usr/local/go/VERSION', text)).toEqual({ ...found('go', version), others: others(version) });
  });

  test.each<[string, string, Parsed]>([
    ['go/VERSION', '1.22.1', nothing],
    ['go/VERSION', 'gopher 1.2', nothing],
    ['go/VERSION', `go1.${'2'.repeat(100)}`, nothing],
    ['e/releases/26/OTP_VERSION', '26.2.5.3\n', found('erlang', '26.2.5.3')],
    ['e/releases/26/OTP_VERSION', '27.0-rc1\n', found('erlang', '27.0-rc1')],
    ['e/releases/26/OTP_VERSION', '26.2.5**\n', found('erlang', '26.2.5')],
    ['e/releases/26/OTP_VERSION', 'x', unreadable('erlang', 'e/releases/26/OTP_VERSION')],
    ['opt/j/release', 'IMPLEMENTOR="Eclipse Adoptium"\r\nJAVA_VERSION="17.0.9"\r\n', found('openjdk', '17.0.9')],
    ['opt/j/release', 'JAVA_VERSION="1.8.0_392"\nOS_ARCH="amd64"', found('openjdk', '1.8.0_392')],
    ['opt/j/release', 'JAVA_VERSION="17"\n', nothing],
    ['opt/j/release', 'IMPLEMENTOR="x"\nVERSION="17"\n', nothing],
    ['opt/j/release', 'MODULES="a"\nJAVA_VERSION=" "\n', unreadable('openjdk', 'opt/j/release')],
    ['srv/wp-includes/version.php', "<?php\n$wp_version = '6.5-RC2';", found('wordpress', '6.5-RC2')],
    ['srv/wp-includes/version.php', '<?php', nothing],
    ['srv/wp-includes/version.php', '$wp_version = x', unreadable('wordpress', 'srv/wp-includes/version.php')],
    ['julia/julia_version.h', '#define JULIA_VERSION_STRING "1.10.4"', found('julia', '1.10.4')],
  ])('%s: %j', (path, text, said) => {
    expect(parse(path, text)).toEqual(said);
  });

  test('a GraalVM is a JDK too', () => {
    const text = 'JAVA_VERSION="21.0.2"\nOS_NAME="Linux"\nGRAALVM_VERSION="23.1.2"\n';
    const packages = [...found('openjdk', '21.0.2').packages, ...found('graalvm', '23.1.2').packages];
    expect(parse('opt/graalvm/release', text)).toEqual({ packages, problems: [] });
  });

  test('random texts never throw, and what they say is a version', () => {
    const paths = [
      'go/VERSION',
      'e/releases/26/OTP_VERSION',
      'j/release',
      'wp-includes/version.php',
      'julia/julia_version.h',
    ];
    const keys = [
      'JAVA_VERSION="',
      'OS_ARCH="',
      'GRAALVM_VERSION=',
      '"\n',
      "$wp_version = '",
      "';",
      'go1.',
      '#define JULIA_VERSION_STRING "',
    ];
    const piece = fc.oneof(fc.constantFrom(...keys, '1.2', '\n'), fc.string({ maxLength: 6, unit: 'binary-ascii' }));
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.array(piece, { maxLength: 12 }), (path, parts) => {
        const { packages, problems } = parse(path, Buffer.from(parts.join('')));
        expect(packages.filter(({ version }) => !ecosystem.order.valid(version))).toEqual([]);
        expect(problems.filter(({ message }) => message.includes('\n'))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test('names for other tools, and no advisories', () => {
  const record: PackageRecord = { name: 'nginx', version: '1.25.3', presence: 'installed' };
  expect(ecosystem.purl(record, undefined)).toBe('pkg:generic/nginx@1.25.3');
  expect(ecosystem.advisories(record, undefined)).toBeUndefined();
});
