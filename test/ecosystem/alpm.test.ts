import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/alpm/index.ts';
import type { Distribution, PackageRecord } from '../../src/model/package.ts';
import { blinding } from '../../src/model/problem.ts';

const folder = 'var/lib/pacman/local/tiny-1:1.0-2';
const path = `${folder}/desc`;
const local = join(import.meta.dirname, '../fixtures/alpm/pacman-6.0/in/var/lib/pacman/local');
const head = { size: 1, mode: 0o644 };

const tiny: PackageRecord = {
  name: 'tiny',
  version: '1:1.0-2',
  presence: 'installed',
  arch: 'x86_64',
  license: 'GPL-2.0-or-later, BSD-3-Clause',
  needs: ['python', 'sh', 'tiny-libs'],
};

function fileOf(name: string): Buffer {
  return readFileSync(join(local, name));
}

function parse(body: string | Buffer) {
  const bytes = Buffer.from(body);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
}

function told(name: string, body: string | Buffer, digests = true) {
  const bytes = Buffer.from(body);
  const found: unknown[] = [];
  const file = { path: `${folder}/${name}`, bytes, size: bytes.length, mode: 0o644 };
  ecosystem.ownership?.read(file, (...said) => found.push(said), digests);
  return found;
}

function distribution(id: string, version = '', like: readonly string[] = []): Distribution {
  return { id, version, like, name: id };
}

describe("pacman's database", () => {
  test('is claimed a folder a package', () => {
    const yes = [path, 'var/lib/pacman/local/a-1-1/desc'];
    const lists = [`${folder}/files`, `${folder}/mtree`];
    const no = ['var/lib/pacman/local/desc', 'var/lib/pacman/local/a/b/desc', 'var/lib/pacman/sync/a/desc', `/${path}`];
    const others = [`x/${path}`, 'var/lib/pacman/local/ALPM_DB_VERSION', `${folder}/desc.old`, `${folder}/install`];
    const all = [...yes, ...lists, ...no, ...others];
    expect(all.filter((one) => ecosystem.claims(one, head))).toEqual(yes);
    const claimed = (digests: boolean) => all.filter((one) => ecosystem.ownership?.claims(one, head, digests));
    expect(claimed(true)).toEqual(lists);
    expect(claimed(false)).toEqual([`${folder}/files`]);
    expect(ecosystem.claims('var/lib/pacman/local//desc', head)).toBe(false);
  });

  test('becomes packages', () => {
    expect(readdirSync(local).sort()).toEqual(['ALPM_DB_VERSION', 'tiny-1:1.0-2', 'tiny-libs-1:1.0-2']);
    expect(parse(fileOf('tiny-1:1.0-2/desc'))).toEqual({ packages: [tiny], problems: [] });
    expect(parse(fileOf('tiny-1:1.0-2/desc').toString().replaceAll('\n', '\r\n'))).toEqual({
      packages: [tiny],
      problems: [],
    });
    expect(parse(fileOf('tiny-libs-1:1.0-2/desc')).packages).toEqual([
      {
        name: 'tiny-libs',
        version: '1:1.0-2',
        presence: 'installed',
        origin: { name: 'tiny', version: '1:1.0-2' },
        arch: 'x86_64',
        license: 'MIT',
      },
    ]);
  });

  test('blinds where a package has no name or two', () => {
    const unnamed = blinding('alpm/unreadable', 'the description of a package names no package or no version', path);
    for (const body of [
      '',
      'x',
      '%NAME%\n\n%VERSION%\n1-1\n',
      '%NAME%\na\n',
      '%NAME%\na b\n\n%VERSION%\n1\n',
      '\0\xff',
    ]) {
      expect(parse(body)).toEqual({ packages: [], problems: [unnamed] });
    }
    const two = blinding('alpm/malformed', 'the description of a package says two things of its name or version', path);
    const record = { name: 'a', version: '1-1', presence: 'installed' };
    for (const body of [
      '%NAME%\na\n\n%VERSION%\n1-1\n2-1\n',
      '%NAME%\na\n\n%VERSION%\n1-1\n\n%NAME%\nb\n',
      `%NAME%\na\n\n%VERSION%\n1-1\n\n%ARCH%\n${'x'.repeat(5000)}\n`,
    ]) {
      expect(parse(body)).toEqual({ packages: [record], problems: [two] });
    }
  });

  test('survives any bytes', () => {
    const good = fileOf('tiny-1:1.0-2/desc');
    const mutated = fc.array(fc.tuple(fc.nat(good.length - 1), fc.constantFrom(0, 10, 13, 37, 255)), { maxLength: 12 });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all)),
      mutated.map((edits) => {
        const copy = Buffer.from(good);
        for (const [at, byte] of edits) copy[at] = byte;
        return copy;
      }),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        const { packages, problems } = parse(body);
        expect(packages.length + problems.length).toBeGreaterThan(0);
        expect(packages.every(({ name, version }) => name !== '' && version !== '')).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(parse(`%DEPENDS%\n${'a\n'.repeat(200_000)}\n%NAME%\nb\n\n%VERSION%\n1\n`).packages).toEqual([
      { name: 'b', version: '1', presence: 'installed', needs: ['a'] },
    ]);
  });
});

describe('the files of pacman packages', () => {
  const owner = { name: 'tiny', version: '1:1.0-2' };
  const metadata = 'usr/lib/python3.12/site-packages/tinymod-1.0.dist-info/METADATA';

  test('are told without folders', () => {
    expect(told('files', fileOf('tiny-1:1.0-2/files'))).toEqual([
      [owner, 'etc/tiny.conf'],
      [owner, 'usr/bin/tiny'],
      [owner, metadata],
      [owner, 'usr/share/tiny/with blank é'],
    ]);
    expect(told('files', 'usr/x\n%FILES%\nusr/\n../../y\n\n%BACKUP%\netc/z\tabc\n')).toEqual([[owner, 'y']]);
  });

  test('are told with their digests, but for settings and links', () => {
    expect(told('mtree', fileOf('tiny-1:1.0-2/mtree'))).toEqual([
      [owner, 'etc/tiny.conf'],
      [owner, 'usr/bin/tiny', 'sha256:a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf'],
      [owner, metadata, 'sha256:1be18730bccf6c40f7d801d5425c4eae395380e0797e5bd38a6d4237c9c4ba53'],
      [owner, 'usr/share/tiny/with blank é', 'sha256:0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f'],
    ]);
    const tree = [
      '#mtree',
      '/set type=dir',
      './usr',
      './x type=file md5digest=D41D8CD98F00B204E9800998ECF8427E',
      './y type=link link=x sha256digest=1',
      './.PKGINFO type=file',
      './a\\134\\9 type=file',
      'usr/no type=file',
    ].join('\n');
    expect(told('mtree', gzipSync(tree))).toEqual([
      [owner, 'x', 'md5:d41d8cd98f00b204e9800998ecf8427e'],
      [owner, 'y'],
      [owner, 'a\\\\9'],
    ]);
  });

  test('are none of what is packed badly, inflates without end or is in no package', () => {
    expect(told('mtree', 'not packed')).toEqual([]);
    expect(told('mtree', gzipSync('./x\n').subarray(0, 12))).toEqual([]);
    expect(told('mtree', gzipSync(Buffer.alloc(65 * 1024 * 1024, 0x78)))).toEqual([]);
    const file = { path: 'var/lib/pacman/local/noversion/files', bytes: Buffer.from('%FILES%\nx\n'), ...head };
    const found: unknown[] = [];
    ecosystem.ownership?.read(file, (...said) => found.push(said), true);
    expect(found).toEqual([]);
  });

  test('of any bytes are clean paths', () => {
    const line = fc.constantFrom(
      '%FILES%',
      'a',
      '../b',
      '',
      './c type=file',
      '/set type=link',
      './\\057x',
      './\\056\\056/y',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.boolean(), (lines, packed) => {
        const text = Buffer.from(lines.join('\n'));
        for (const said of packed ? told('mtree', gzipSync(text)) : told('files', text)) {
          const file = (said as [unknown, string])[1];
          expect(file !== '' && !file.startsWith('/') && !file.split('/').includes('..')).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('pacman packages', () => {
  test('have a package URL in the namespace of the distribution', () => {
    expect(ecosystem.purl(tiny, distribution('arch'))).toBe('pkg:alpm/arch/tiny@1:1.0-2?arch=x86_64&distro=arch');
    expect(ecosystem.purl({ ...tiny, name: 'Tiny' }, distribution('manjaro', '24.0'))).toBe(
      'pkg:alpm/manjaro/tiny@1:1.0-2?arch=x86_64&distro=manjaro-24.0',
    );
    expect(ecosystem.purl({ name: 'a', version: '1', presence: 'installed' }, undefined)).toBe('pkg:alpm/a@1');
  });

  test('are those of Arch Linux and all that is like it, for which OSV has no advisories', () => {
    expect(ecosystem.native?.(distribution('arch'))).toBe(true);
    expect(ecosystem.native?.(distribution('steamos', '3.5', ['arch']))).toBe(true);
    expect(ecosystem.native?.(distribution('debian', '12'))).toBe(false);
    expect(ecosystem.advisories(tiny, distribution('arch'))).toBeUndefined();
  });
});
