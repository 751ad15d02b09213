import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/model/evidence.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { file, symlink } from '../../support/tar-writer.ts';
import { collected, imageFile, newCaches } from './support.ts';

const digest = (algorithm: string, text: string, as: 'hex' | 'base64' = 'hex') =>
  createHash(algorithm).update(text).digest(as);

/** Codes and paths of what could not be told. */
const told = ({ problems }: Evidence) =>
  problems
    .filter(({ code }) => code.startsWith('files/'))
    .map(({ code, path, blinding }) => `${code} ${path} ${blinding}`);

describe('the accounts of an image', () => {
  test('are those of its files, over links', async () => {
    const image = imageFile([
      [
        symlink('etc/passwd', '../opt/users'),
        file('opt/users', 'root:x:0:0::/root:/bin/sh\n'),
        file('etc/shadow', 'root::1:0\n'),
      ],
      [file('etc/group', 'root:x:0:\n')],
    ]);
    const { collected: found, problems } = await collected(image, { accounts: true });
    expect(problems).toEqual([]);
    expect(found).toEqual({
      queries: [],
      files: [],
      accounts: [{ name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh', groups: ['root'], password: 'none' }],
    });
  });

  test('are not said to be none where their file is outside of the image', async () => {
    const read = async (...entries: Buffer[]) => told(await collected(imageFile([entries]), { accounts: true }));
    expect(await read(symlink('etc/passwd', '/proc/self/root/opt/users'))).toEqual(['files/accounts /etc/passwd true']);
    expect(await read(symlink('etc', 'mnt/etc'))).toEqual(['files/accounts /etc/passwd true']);
    expect(await read(symlink('etc/shadow', '/dev/null'), file('etc/passwd'))).toEqual([]);
  });

  test('of Alpine are those that musl reads', async () => {
    const lines = '#a:x:0:0::/:/bin/sh\n';
    const names = async (...entries: Buffer[]) => {
      const image = imageFile([[file('etc/passwd', lines), ...entries]]);
      return (await collected(image, { accounts: true })).collected?.accounts?.map(({ name }) => name);
    };
    expect(await names()).toEqual([]);
    expect(await names(file('usr/lib/ld-musl-x86_64.so.1'), symlink('lib', 'usr/lib'))).toEqual(['#a']);
  });

  test('are none in an image without, and are not told in part', async () => {
    expect((await collected(imageFile([[file('app')]]), { accounts: true })).collected).toEqual({
      queries: [],
      files: [],
      accounts: [],
    });
    const large = await collected(imageFile([[file('etc/passwd', '#'.repeat(5 * 1024 * 1024))]]), { accounts: true });
    expect(large.collected).toEqual({ queries: [], files: [] });
    expect(told(large)).toEqual(['files/accounts /etc/passwd true']);
  });
});

/** An Alpine database of one package with these files, and one of Debian. */
const apk = (files: Record<string, string>) =>
  `P:tool\nV:1.0-r0\nA:x86_64\n${Object.entries(files)
    .map(([path, text]) => {
      const slash = path.lastIndexOf('/');
      return `F:${path.slice(0, slash)}\nR:${path.slice(slash + 1)}\nZ:Q1${digest('sha1', text, 'base64')}\n`;
    })
    .join('')}\n`;
const release = file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.1\n');

describe('the files of packages', () => {
  test('that are other ones, or none any more, are told', async () => {
    const files = {
      ...{
        'usr/bin/same': 'a',
        'usr/bin/other': 'b',
        'usr/bin/gone': 'c',
        'usr/bin/link': 'd',
        'usr/bin/emptied': 'e',
      },
      ...{ 'etc/tool.conf': 'f', 'etc/gone.conf': 'g', 'usr/share/doc/tool': 'h', 'usr/share/man/tool.1': 'i' },
      ...{ 'usr/lib/empty': '', 'usr/bin/moved': 'j', 'var/cache/tool': 'k' },
    };
    const image = imageFile([
      [release, file('lib/apk/db/installed', apk(files)), file('usr/bin/same', 'a'), file('usr/bin/other', 'b')],
      [
        file('usr/bin/other', 'B'),
        symlink('usr/bin/link', '/opt/evil'),
        file('usr/bin/emptied'),
        file('etc/tool.conf', 'F'),
        file('usr/lib/empty'),
        symlink('usr/bin/moved', 'same'),
        file('var/cache/tool', 'K'),
      ],
    ]);
    const { collected: found, problems } = await collected(image, { packageFiles: true });
    const tool = 'pkg:apk/alpine/tool@1.0-r0?arch=x86_64&distro=alpine-3.18.1';
    expect(problems.filter(({ code }) => code.startsWith('files/'))).toEqual([]);
    expect(found).toEqual({
      queries: [],
      files: [],
      packageFiles: [
        { path: '/usr/bin/emptied', package: tool, state: 'changed', layer: 1 },
        { path: '/usr/bin/gone', package: tool, state: 'missing' },
        { path: '/usr/bin/link', package: tool, state: 'changed', layer: 1 },
        { path: '/usr/bin/moved', package: tool, state: 'changed', layer: 1 },
        { path: '/usr/bin/other', package: tool, state: 'changed', layer: 1 },
      ],
    });
  });

  test('are told by the path that the package says, though its folder is a link now', async () => {
    const image = imageFile([
      [release, file('lib/apk/db/installed', apk({ 'bin/a': 'a', 'usr/sbin/z': 'z' })), file('usr/sbin/z', 'z')],
      [file('usr/.wh.sbin'), symlink('bin', 'usr/bin'), file('usr/bin/a', 'A')],
      [symlink('usr/sbin', '/opt/x'), file('opt/x/z', 'Z')],
    ]);
    const { collected: found } = await collected(image, { packageFiles: true });
    expect(found?.packageFiles?.map(({ path, state, layer }) => `${path} ${state} ${layer}`)).toEqual([
      '/usr/bin/a changed 1',
      '/usr/sbin/z changed 2',
    ]);
  });

  test('of an image that was put together without a package manager are not missed, and compared', async () => {
    const sums = `${digest('md5', 'a')}  usr/bin/tool\n${digest('md5', 'b')}  usr/bin/left-out\n`;
    const image = imageFile([
      [
        file('etc/os-release', 'ID=debian\nVERSION_ID=12\n'),
        file('var/lib/dpkg/status.d/tool', 'Package: tool\nVersion: 1\nArchitecture: amd64\n'),
        file('var/lib/dpkg/status.d/tool.md5sums', sums),
        file('usr/bin/tool', 'A'),
      ],
    ]);
    expect((await collected(image, { packageFiles: true })).collected?.packageFiles).toEqual([
      {
        path: '/usr/bin/tool',
        package: 'pkg:deb/debian/tool@1?arch=amd64&distro=debian-12',
        state: 'changed',
        layer: 0,
      },
    ]);
  });

  test('have their package as owner; what a list alone names has none', async () => {
    const image = imageFile([
      [
        release,
        file('lib/apk/db/installed', apk({ 'bin/box': 'a' })),
        file('bin/box', 'a'),
        symlink('bin/sh', '/bin/box'),
        file('bin/own', 'x'),
        file('var/lib/dpkg/info/ghost.list', '/bin/own\n'),
      ],
    ]);
    const files = [{ id: 'q', paths: ['/bin/*'], kinds: ['file', 'symlink'] as const }];
    const owner = 'pkg:apk/alpine/tool@1.0-r0?arch=x86_64&distro=alpine-3.18.1';
    const { collected: found } = await collected(image, { files });
    expect(found?.files.map((one) => [one.path, one.owner])).toEqual([
      ['/bin/box', owner],
      ['/bin/own', undefined],
      ['/bin/sh', owner],
    ]);
  });

  const caches = newCaches();
  const clean = ['alma-8-micro', 'alpine-3.18', 'debian-12-slim', 'distroless-like'];
  test.skipIf(!hasShared).each(clean)('of %s are as they say', async (name) => {
    const evidence = await collected(shared('images', `${name}.oci.tar`), { packageFiles: true }, { caches });
    expect(evidence.collected).toEqual({ queries: [], files: [], packageFiles: [] });
  });
});

describe('the certificates that an image trusts', () => {
  const pem = (text: string) =>
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(text).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const certificate = (text: string, path: string) => ({ fingerprint: digest('sha256', text), subject: '', path });

  test('are those of its folders, of links there and behind linked folders, each once', async () => {
    const image = imageFile([
      [
        file('etc/ssl/certs/z.pem', pem('one') + pem('two')),
        file('etc/ssl/certs/a.pem', pem('two')),
        symlink('etc/ssl/certs/evil.pem', '/opt/evil'),
        file('opt/evil', pem('evil')),
        symlink('usr/share/ca-certificates', '/srv/more'),
        file('srv/more/x/y.pem', pem('more')),
        file('app/not.pem', pem('other')),
      ],
    ]);
    const { collected: found } = await collected(image, { certificates: true });
    const wanted = [
      certificate('one', '/etc/ssl/certs/z.pem'),
      certificate('two', '/etc/ssl/certs/a.pem'),
      certificate('evil', '/opt/evil'),
      certificate('more', '/srv/more/x/y.pem'),
    ];
    wanted.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
    expect(found).toEqual({ queries: [], files: [], certificates: wanted });
  });

  test('are not told in part', async () => {
    const image = imageFile([[file('etc/ssl/certs/a.pem', '#'.repeat(5 * 1024 * 1024))]]);
    const evidence = await collected(image, { certificates: true });
    expect(evidence.collected).toEqual({ queries: [], files: [] });
    expect(told(evidence)).toEqual(['files/certificates /etc/ssl/certs/a.pem true']);
  });
});
