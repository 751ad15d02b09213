import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/rpm/index.ts';
import type { Distribution, PackageRecord } from '../../src/model/package.ts';
import { changed, database, makeHeader } from '../format/rpm/support.ts';
import { hasShared, shared, sharedJson } from '../support/shared.ts';

const head = { size: 4096, mode: 0o644 };
const databasePath = 'var/lib/rpm/rpmdb.sqlite';
const manifestPath = 'var/lib/rpmmanifest/container-manifest-2';

function parse(bytes: Buffer, path = databasePath) {
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
}

function distribution(id: string, version: string, name = ''): Distribution {
  return { id, version, like: [], name };
}

/** What the fixtures hold: `plain-libs` was removed, and a signing key is no package. */
const vendor = 'Example Linux';
const fixturePackages: readonly PackageRecord[] = [
  {
    name: 'epochal',
    version: '1:0-4.el8',
    presence: 'installed',
    origin: { name: 'epochal', version: '1:0-4.el8' },
    arch: 'x86_64',
    vendor,
    license: 'GPLv2+ and BSD',
  },
  {
    name: 'large',
    version: '3-1.fc39',
    presence: 'installed',
    origin: { name: 'large', version: '3-1.fc39' },
    arch: 'noarch',
    vendor,
    license: 'LGPL-2.1-or-later',
  },
  {
    name: 'modular',
    version: '10.24.0-1.module_el8.4.0+2521+c668cc9f',
    presence: 'installed',
    origin: { name: 'modular', version: '10.24.0-1.module_el8.4.0+2521+c668cc9f' },
    arch: 'noarch',
    module: 'nodejs:10:8040020210817133458:522a0ee4',
    vendor,
    license: 'MIT',
  },
  {
    name: 'plain',
    version: '1.2.3-4.el9',
    presence: 'installed',
    origin: { name: 'plain', version: '1.2.3-4.el9' },
    arch: 'noarch',
    vendor,
    license: 'MIT',
  },
  {
    name: 'tilde-caret',
    version: '2.0~rc1^20240101gitabcdef-1',
    presence: 'installed',
    origin: { name: 'tilde-caret', version: '2.0~rc1^20240101gitabcdef-1' },
    arch: 'noarch',
    vendor,
    license: 'Apache-2.0',
  },
];

describe('claims', () => {
  test.each([
    'var/lib/rpm/Packages',
    'var/lib/rpm/Packages.db',
    'var/lib/rpm/rpmdb.sqlite',
    'usr/lib/sysimage/rpm/Packages',
    'usr/lib/sysimage/rpm/Packages.db',
    'usr/lib/sysimage/rpm/rpmdb.sqlite',
    'usr/share/rpm/Packages',
    'usr/share/rpm/Packages.db',
    'usr/share/rpm/rpmdb.sqlite',
    'usr/share/rpm/rpmdb.sqlite-wal',
    manifestPath,
  ])('%s', (path) => {
    expect(ecosystem.claims(path, head)).toBe(true);
  });

  test.each([
    '',
    'var/lib/rpm',
    'var/lib/rpm/Name',
    'var/lib/rpm/rpmdb.sqlite-shm',
    'rootfs/var/lib/rpm/Packages',
    'usr/lib/rpm/Packages',
    'var/lib/rpmmanifest/container-manifest-1',
  ])('not %j', (path) => {
    expect(ecosystem.claims(path, head)).toBe(false);
  });

  test('not the empty log that rpm leaves behind, but an empty database', () => {
    expect(ecosystem.claims('var/lib/rpm/rpmdb.sqlite-wal', { size: 0, mode: 0o644 })).toBe(false);
    expect(ecosystem.claims('var/lib/rpm/rpmdb.sqlite', { size: 0, mode: 0o644 })).toBe(true);
  });
});

describe('parse', () => {
  test.each(['sqlite', 'ndb', 'bdb-big', 'bdb-little'])('reads %s, by its content and not by its name', (name) => {
    const { packages, problems } = parse(database(name), 'usr/share/rpm/Packages');
    expect([...packages].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(fixturePackages);
    expect(problems).toEqual([]);
  });

  test('takes only what the source package says for the origin', () => {
    const headers = [undefined, '(none)', 'bash.src.rpm', 'bash-5.src.rpm', '-5-1.src.rpm', 'b-a-5-1.nosrc.rpm'];
    const origins = headers.map((sourceRpm) => parse(ndbOf(sourceRpm)).packages.map((record) => record.origin));
    expect(origins).toEqual([
      [undefined],
      [undefined],
      [undefined],
      [undefined],
      [undefined],
      [{ name: 'b-a', version: '2:5-1' }],
    ]);
  });

  test('reads the manifest of an image without a database', () => {
    const line =
      'openssl\t1.1.1k-28.cm2\t1\t2\tMicrosoft Corporation\t(none)\t3\tx86_64\t2\topenssl-1.1.1k-28.cm2.src.rpm\n';
    expect(parse(Buffer.from(line), manifestPath)).toEqual({
      packages: [
        {
          name: 'openssl',
          version: '2:1.1.1k-28.cm2',
          presence: 'installed',
          origin: { name: 'openssl', version: '2:1.1.1k-28.cm2' },
          arch: 'x86_64',
          vendor: 'Microsoft Corporation',
        },
      ],
      problems: [],
    });
  });

  test.each([
    ['an empty file', Buffer.alloc(0), databasePath, 'rpm/empty', 'the package database is an empty file'],
    [
      'a file of another kind',
      Buffer.from('<html>'),
      databasePath,
      'rpm/unreadable',
      'the package database is of no known kind (sqlite, ndb, Berkeley DB hash)',
    ],
    [
      'a log with changes',
      Buffer.alloc(600, 1),
      `${databasePath}-wal`,
      'rpm/unfinished-log',
      'the log of the package database holds changes that are not in the database yet',
    ],
  ])('is blinded by %s', (_, bytes, path, code, message) => {
    expect(parse(bytes, path)).toEqual({ packages: [], problems: [{ code, message, path, blinding: true }] });
  });

  test('has nothing to say of a log without changes', () => {
    expect(parse(Buffer.alloc(40), `${databasePath}-wal`)).toEqual({ packages: [], problems: [] });
  });

  test('names each kind of damage once, however often it happens, and keeps what it could read', () => {
    const bytes = changed(database('ndb'), (copy) => {
      for (const slot of [32, 48]) copy.writeUInt8(0, copy.readUInt32LE(slot + 8) * 16);
    });
    const { packages, problems } = parse(bytes);
    expect(packages.map((record) => record.name).sort()).toEqual(['large', 'modular', 'plain']);
    expect(problems).toEqual([
      {
        code: 'rpm/page-damaged',
        message: 'the blob of package 1 is damaged (and 1 more like it)',
        path: databasePath,
        blinding: true,
      },
    ]);
  });
});

describe('purl', () => {
  const record = (name: string): PackageRecord => fixturePackages.find((each) => each.name === name)!;

  test('has the epoch as a qualifier', () => {
    expect(ecosystem.purl(record('epochal'), distribution('almalinux', '8.8'))).toBe(
      'pkg:rpm/almalinux/epochal@0-4.el8?arch=x86_64&distro=almalinux-8.8&epoch=1',
    );
  });

  test('has the modularity label as a qualifier', () => {
    expect(ecosystem.purl(record('modular'), distribution('rocky', '8.9'))).toBe(
      'pkg:rpm/rocky/modular@10.24.0-1.module_el8.4.0%2B2521%2Bc668cc9f' +
        '?arch=noarch&distro=rocky-8.9&rpmmod=nodejs:10:8040020210817133458:522a0ee4',
    );
  });

  test('does without a distribution or its version', () => {
    expect(ecosystem.purl(record('tilde-caret'), undefined)).toBe(
      'pkg:rpm/tilde-caret@2.0~rc1%5E20240101gitabcdef-1?arch=noarch',
    );
    expect(ecosystem.purl(record('plain'), distribution('fedora', ''))).toBe(
      'pkg:rpm/fedora/plain@1.2.3-4.el9?arch=noarch&distro=fedora',
    );
  });
});

describe('advisories', () => {
  const record: PackageRecord = {
    name: 'libgcc',
    version: '11.4.1-2.1.el9',
    presence: 'installed',
    origin: { name: 'gcc', version: '11.4.1-2.1.el9' },
  };
  const key = (ecosystemName: string, name: string) => ({ ecosystem: ecosystemName, name, version: record.version });

  test.each([
    [distribution('almalinux', '8.8'), key('AlmaLinux:8', 'libgcc')],
    [distribution('almalinux', '10'), key('AlmaLinux:10', 'libgcc')],
    [distribution('rocky', '9.3'), key('Rocky Linux:9', 'gcc')],
    [distribution('azurelinux', '3.0'), key('Azure Linux:3', 'gcc')],
    [distribution('mageia', '9'), key('Mageia:9', 'gcc')],
    [distribution('opensuse-leap', '15.6'), key('openSUSE:Leap 15.6', 'gcc')],
    [distribution('opensuse-tumbleweed', '20240801'), key('openSUSE:Tumbleweed', 'gcc')],
    [distribution('openeuler', '22.03', 'openEuler 22.03 (LTS-SP3)'), key('openEuler:22.03-LTS-SP3', 'gcc')],
    [distribution('openeuler', '23.09', 'openEuler 23.09'), undefined],
    [distribution('almalinux', ''), undefined],
    [distribution('sles', '15.5'), undefined],
    [distribution('photon', '5.0'), key('Photon OS:5.0', 'gcc')],
    [distribution('mariner', '2.0'), key('Azure Linux:2', 'gcc')],
    [distribution('opensuse-leap-micro', '5.5'), key('openSUSE:Leap Micro 5.5', 'gcc')],
    [distribution('opensuse-microos', '20240801'), undefined],
    [distribution('centos', '9'), undefined],
    [distribution('ol', '9.4'), undefined],
    [distribution('amzn', '2023'), undefined],
    [distribution('fedora', '40'), undefined],
    [distribution('bottlerocket', '1.20.0'), undefined],
    [undefined, undefined],
  ])('of %o', (where, expected) => {
    expect(ecosystem.advisories(record, where)).toEqual(expected);
  });

  test('a package that names no source is its own', () => {
    const own: PackageRecord = { name: 'curl', version: '8-1', presence: 'installed' };
    expect(ecosystem.advisories(own, distribution('rocky', '9.3'))).toEqual({
      ecosystem: 'Rocky Linux:9',
      name: 'curl',
      version: '8-1',
    });
  });
});

describe('package URLs', () => {
  const record: PackageRecord = { name: 'curl', version: '1:8-1', presence: 'installed' };

  test.each([
    ['rhel', '9.4', 'redhat'],
    ['sles', '15.5', 'suse'],
    ['sle_hpc', '15.5', 'suse'],
    ['opensuse-leap', '15.6', 'opensuse'],
    ['opensuse-tumbleweed', '20240801', 'opensuse'],
    ['almalinux', '9.4', 'almalinux'],
    ['amzn', '2', 'amzn'],
    ['somebody', '1', 'somebody'],
  ])('of %s %s are in the namespace %s', (id, version, vendor) => {
    expect(ecosystem.purl(record, distribution(id, version))).toBe(
      `pkg:rpm/${vendor}/curl@8-1?distro=${id}-${version}&epoch=1`,
    );
  });

  test.each(['rhel', 'sles', 'sle_hpc', 'opensuse-microos', 'bottlerocket', 'amzn', 'ol', 'photon'])(
    'and %s keeps its packages so',
    (id) => {
      expect(ecosystem.native?.(distribution(id, '1'))).toBe(true);
      expect(ecosystem.native?.({ ...distribution('derived', '1'), like: [id] })).toBe(!id.startsWith('opensuse'));
    },
  );
});

describe('what packages need and own', () => {
  const made = gunzipSync(
    readFileSync(join(import.meta.dirname, '../fixtures/rpm/rpm-4.18/in/var/lib/rpm/rpmdb.sqlite.fixture.gz')),
  );
  const told = (bytes: Buffer, path = databasePath, digests = true) => {
    const found: unknown[] = [];
    const file = { path, bytes, size: bytes.length, mode: 0o644 };
    ecosystem.ownership?.read(file, (...said) => found.push(said), digests);
    return found;
  };

  test('is read from a database that rpm made', () => {
    expect(parse(made).packages.map(({ name, needs }) => [name, needs])).toEqual([
      ['tiny-libs', ['tiny']],
      ['tiny', ['bash', 'coreutils', 'shadow-utils']],
    ]);
    const libs = { name: 'tiny-libs', version: '2:1.0-3.el9', arch: 'x86_64' };
    const tiny = { name: 'tiny', version: '2:1.0-3.el9', arch: 'x86_64' };
    const metadata = 'usr/lib/python3.9/site-packages/tinymod-1.0.dist-info/METADATA';
    // The document was not installed, the log is only reserved.
    expect(told(made)).toEqual([
      [libs, 'usr/lib64/libtiny.so.1'],
      [libs, 'usr/lib64/libtiny.so.1.0', 'sha256:a325dcacb80b202a014b420b93fc19061900018f8ce216d0a0cb00d610ec7f97'],
      [tiny, 'etc/tiny.conf'],
      [tiny, 'usr/bin/tiny', 'sha256:a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf'],
      [tiny, metadata, 'sha256:1be18730bccf6c40f7d801d5425c4eae395380e0797e5bd38a6d4237c9c4ba53'],
    ]);
    expect(told(made, databasePath, false)).toEqual(told(made).map((said) => (said as unknown[]).slice(0, 2)));
  });

  test('leaves out what names no package', () => {
    const requires = [
      'b',
      'libc.so.6(GLIBC_2.4)(64bit)',
      '/bin/sh',
      'rpmlib(X)',
      'a',
      'config(x)',
      '(a if b)',
      'n',
      'libx.so',
    ];
    const header = makeHeader([
      ...['n', '1', '2'].map((value, at) => ({ tag: 1000 + at, value })),
      { tag: 1049, value: [...requires, 'a'] },
    ]);
    expect(parse(ndbWith(header)).packages).toEqual([
      { name: 'n', version: '1-2', presence: 'installed', needs: ['a', 'b'] },
    ]);
  });

  test('is nothing in what is no database, and bounded in a hostile one', () => {
    expect(told(Buffer.from('not a database'))).toEqual([]);
    expect(told(Buffer.alloc(0))).toEqual([]);
    expect(ecosystem.ownership?.claims(manifestPath, head, true)).toBe(false);
    const many = 50_000;
    const header = makeHeader([
      ...['n', '1', '2'].map((value, at) => ({ tag: 1000 + at, value })),
      { tag: 1116, value: Array<number>(many).fill(0) },
      { tag: 1117, value: Array<string>(many).fill('x') },
      { tag: 1118, value: [`/${'d'.repeat(5000)}/`] },
    ]);
    expect(told(ndbWith(header))).toEqual([]);
  });
});

interface Truth {
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly arch: string;
    readonly source: { readonly name: string; readonly version: string };
    readonly paths: readonly string[];
  }[];
}

describe.skipIf(!hasShared)('real images', () => {
  test.each([
    ['alma-8-micro', 'oci'],
    ['alma-8-rpmdb-le', 'oci'],
    ['alma-9-micro', 'oci'],
    ['matching-alma-8', 'docker'],
    ['matching-alma-9', 'docker'],
  ])('%s', async (name, kind) => {
    const truth = sharedJson<Truth>('images', `${name}.packages.json`).packages;
    const found: unknown[] = [];
    for (const [path, bytes] of await filesOf(readFileSync(shared('images', `${name}.${kind}.tar`)))) {
      if (!ecosystem.claims(path, { size: bytes.length, mode: 0o644 })) continue;
      const { packages, problems } = parse(bytes, path);
      expect(problems).toEqual([]);
      for (const each of packages) {
        found.push({
          name: each.name,
          version: each.version,
          arch: each.arch,
          source: each.origin,
          paths: [`/${path}`],
        });
      }
    }
    const expected = truth.map((each) => ({
      name: each.name,
      version: each.version,
      arch: each.arch,
      source: each.source,
      paths: each.paths,
    }));
    expect(found).toHaveLength(expected.length);
    expect(new Set(found.map((each) => JSON.stringify(each)))).toEqual(
      new Set(expected.map((each) => JSON.stringify(each))),
    );
  });
});

/** The files of an image's layers: of the archives inside of the archive. */
async function filesOf(archive: Buffer): Promise<[string, Buffer][]> {
  const files: [string, Buffer][] = [];
  for (const [, body] of await untar(archive)) {
    const layer = body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
    if (layer.subarray(257, 262).toString() === 'ustar') files.push(...(await untar(layer)));
  }
  return files;
}

async function untar(bytes: Buffer): Promise<[string, Buffer][]> {
  const files: [string, Buffer][] = [];
  const archive = extract();
  archive.end(bytes);
  for await (const entry of archive) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    if (entry.header.type === 'file') files.push([entry.header.name, Buffer.concat(pieces)]);
  }
  return files;
}

/** An ndb database of one package with epoch 2 and this source package. */
function ndbOf(sourceRpm: string | undefined): Buffer {
  const header = makeHeader([
    { tag: 1000, value: 'a' },
    { tag: 1001, value: '5' },
    { tag: 1002, value: '1' },
    { tag: 1003, value: 2 },
    ...(sourceRpm === undefined ? [] : [{ tag: 1044, value: sourceRpm }]),
  ]);
  return ndbWith(header);
}

/** An ndb database with one header. */
function ndbWith(header: Buffer): Buffer {
  const blocks = Math.ceil((header.length + 28) / 16);
  const bytes = Buffer.alloc(4096 + blocks * 16);
  bytes.write('RpmP', 0);
  bytes.writeUInt32LE(1, 12);
  for (let at = 32; at < 4096; at += 16) bytes.write('Slot', at);
  bytes.writeUInt32LE(1, 36);
  bytes.writeUInt32LE(256, 40);
  bytes.writeUInt32LE(blocks, 44);
  bytes.write('BlbS', 4096);
  bytes.writeUInt32LE(1, 4100);
  bytes.writeUInt32LE(header.length, 4108);
  header.copy(bytes, 4112);
  bytes.writeUInt32LE(header.length, bytes.length - 8);
  bytes.write('BlbE', bytes.length - 4);
  return bytes;
}
