import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileFact, FileQuery } from '../../../src/model/collected.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { dockerFiles } from '../../support/image-writer.ts';
import { startRegistry } from '../../support/registry.ts';
import { dir, entry, file, hardlink, symlink } from '../../support/tar-writer.ts';
import { collected, fresh, imageFile, newCaches, settle } from './support.ts';

const query = (id: string, rest: Omit<FileQuery, 'id'>): FileQuery => ({ id, ...rest });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A fact on a file as it is unless something else is said. */
const fact = (path: string, rest: Partial<FileFact> = {}): FileFact => ({
  ...{ path, kind: 'file', size: 0, mode: 0o644, uid: 0, gid: 0, layer: 0, from: 'own', queries: ['q'] },
  ...rest,
});

/** Facts in short: path, kind, mode and layer. */
const brief = ({ collected: found }: Evidence) =>
  found?.files.map(({ path, kind, mode, layer }) => `${path} ${kind} ${mode.toString(8)} ${layer}`);

/** What could not be collected, and the queries that were. */
const told = ({ collected: found, problems }: Evidence) => ({
  queries: found?.queries,
  problems: problems
    .filter(({ code }) => !code.startsWith('data/'))
    .map(({ code, path }) => `${code} ${path ?? ''}`.trim()),
});

describe('the files of an image', () => {
  const image = imageFile([
    [
      dir('bin', { mode: 0o755 }),
      file('bin/su', 'su', { mode: 0o4755, uid: 1, gid: 2 }),
      file('bin/wall', 'wall', { mode: 0o2755 }),
      file('bin/ls', 'ls', { mode: 0o755 }),
      dir('tmp', { mode: 0o1777 }),
      file('data/a/open', 'x', { mode: 0o666 }),
      symlink('bin/sh', 'su'),
      entry('3', 'dev/null', Buffer.alloc(0), { mode: 0o666 }),
      file('gone', 'x', { mode: 0o4755 }),
      file('lower', 'x', { mode: 0o4755 }),
    ],
    [
      file('.wh.gone'),
      file('lower', 'y'),
      hardlink('bin/link', 'bin/su', { mode: 0o755 }),
      dir('data', { mode: 0o777 }),
    ],
  ]);

  test('are found by globs, permissions and kinds, as the final image has them', async () => {
    const files = [
      query('set', { paths: ['/**'], modes: ['setuid', 'setgid'], digest: true }),
      query('open', { paths: ['/**'], kinds: ['file', 'folder', 'device'], modes: ['world-writable'] }),
      query('sticky', { paths: ['/*'], kinds: ['folder'], modes: ['sticky'] }),
      query('run', { paths: ['/bin/l*'], modes: ['executable'] }),
      query('links', { paths: ['/bin/*'], kinds: ['symlink'] }),
      query('none', { paths: ['/gone', '/nothing/**'] }),
    ];
    const { collected: found, problems } = await collected(image, { files });
    expect(problems).toEqual([]);
    expect(found).toEqual({
      queries: ['links', 'none', 'open', 'run', 'set', 'sticky'],
      files: [
        fact('/bin/link', { size: 2, mode: 0o4755, layer: 1, sha256: sha256('su'), queries: ['run', 'set'] }),
        fact('/bin/ls', { size: 2, mode: 0o755, queries: ['run'] }),
        fact('/bin/sh', { kind: 'symlink', link: 'su', mode: 0o777, queries: ['links'] }),
        fact('/bin/su', { size: 2, mode: 0o4755, uid: 1, gid: 2, sha256: sha256('su'), queries: ['set'] }),
        fact('/bin/wall', { size: 4, mode: 0o2755, sha256: sha256('wall'), queries: ['set'] }),
        fact('/data', { kind: 'folder', mode: 0o777, layer: 1, queries: ['open'] }),
        fact('/data/a/open', { size: 1, mode: 0o666, queries: ['open'] }),
        fact('/dev/null', { kind: 'device', mode: 0o666, queries: ['open'] }),
        fact('/tmp', { kind: 'folder', mode: 0o1777, queries: ['open', 'sticky'] }),
      ],
    });
  });

  test('that no entry names are folders of the lowest layer that put something there', async () => {
    const built = imageFile([[file('x')], [file('a/b/c')], [file('a/d')]]);
    const evidence = await collected(built, { files: [query('q', { paths: ['/**'], kinds: ['folder'] })] });
    expect(brief(evidence)).toEqual(['/a folder 755 1', '/a/b folder 755 1']);
  });

  test('are found where links lead: no link hides a file from a rule', async () => {
    const built = imageFile([
      [
        symlink('bin', 'usr/bin'),
        file('usr/bin/su', '', { mode: 0o4755 }),
        symlink('etc/ssh/sshd_config', '/opt/real'),
        file('opt/real', 'PermitRootLogin yes\n'),
        symlink('etc/loop', 'loop'),
        symlink('etc/app/main.conf', '../../srv/main'),
        file('srv/main', 'debug on'),
        symlink('etc/app/dir', '/usr'),
      ],
    ]);
    const files = [
      query('b', { paths: ['/bin/*'] }),
      query('c', { paths: ['/etc/ssh/sshd_config', '/etc/loop'], matches: { root: '(?m)^PermitRootLogin yes$' } }),
      query('d', { paths: ['/bin/su'] }),
      query('e', { paths: ['/etc/app/*'], matches: { debug: 'debug on' } }),
      query('f', { paths: ['/etc/app/*'], digest: true }),
      query('g', { paths: ['/etc/app/*'], modes: ['setuid'], matches: { debug: 'debug on' } }),
    ];
    expect((await collected(built, { files })).collected).toEqual({
      queries: ['b', 'c', 'd', 'e', 'f', 'g'],
      files: [
        fact('/opt/real', { size: 20, matches: ['root'], queries: ['c'] }),
        fact('/srv/main', { size: 8, matches: ['debug'], queries: ['e'] }),
        fact('/usr/bin/su', { mode: 0o4755, queries: ['b', 'd'] }),
      ],
    });
  });

  test('are found behind links to folders in the middle of a glob, over several links and in circles', async () => {
    const built = imageFile([
      [
        dir('home/eve'),
        symlink('home/bob', '/data/bob'),
        symlink('data/bob/.ssh', '../keys'),
        file('data/keys/id', 'x'),
        symlink('data/keys/back', '/home/bob'),
        symlink('app/conf', '/opt/conf'),
        symlink('app/more', '/opt/conf'),
        file('opt/conf/deep/a.json', '{}'),
        symlink('opt/conf/loop', '..'),
        symlink('sbin', 'opt/sbin'),
        file('opt/sbin/init', 'x'),
        file('srv/x/login', 'x'),
        symlink('srv/y/.cloud', '../x'),
      ],
    ]);
    const files = [
      query('home', { paths: ['/home/*/.ssh/id'] }),
      query('app', { paths: ['/app/**/*.json'] }),
      query('braces', { paths: ['/{bin,sbin}/*'] }),
      query('last', { paths: ['/**/.cloud/login'] }),
      query('named', { paths: ['/app/**/more/deep/*'] }),
    ];
    const { collected: found, problems } = await collected(built, { files });
    expect(problems).toEqual([]);
    expect(found?.files.map(({ path, queries }) => `${path} ${queries.join()}`)).toEqual([
      '/data/keys/id home',
      '/opt/conf/deep/a.json app,named',
      '/opt/sbin/init braces',
      '/srv/x/login last',
    ]);
  });

  test('behind a link that leads through a process are not said to be none', async () => {
    const read = async (link: string) => {
      const built = imageFile([[file('opt/real', 'PermitRootLogin yes\n'), symlink('etc/ssh/sshd_config', link)]]);
      const evidence = await collected(built, {
        files: [query('q', { paths: ['/etc/ssh/*'], matches: { r: 'Root' } })],
      });
      return evidence.problems.filter(({ blinding }) => blinding).map(({ code, path }) => `${code} ${path}`);
    };
    const told = ['files/process-link /etc/ssh/sshd_config'];
    expect(await read('/proc/self/root/opt/real')).toEqual(told);
    expect(await read('../../proc/1/task/1/cwd/opt/real')).toEqual(told);
    expect(await read('/proc/self/mounts')).toEqual([]);
    expect(await read('/opt/real')).toEqual([]);
  });

  test('of the base are told from own ones', async () => {
    const history = [{ created_by: 'ADD a' }, { created_by: 'CMD x', empty_layer: true }, { created_by: 'COPY b' }];
    const built = imageFile([[file('a')], [file('b')]], undefined, { history });
    const { collected: found } = await collected(built, { files: [query('q', { paths: ['/*'] })] });
    expect(found?.files.map(({ path, from }) => `${path} ${from}`)).toEqual(['/a base', '/b own']);
  });

  test('of docker save and of a folder are found alike', async () => {
    const entries = [file('etc/conf', '[a]\nb = c\n'), file('bin/su', 'su', { mode: 0o4755 })];
    const files = [
      query('q', { paths: ['/etc/*'], values: { b: { format: 'ini', at: '/a/b' } }, digest: true }),
      query('r', { paths: ['/bin/*'], modes: ['setuid'] }),
    ];
    const archive = await collected(imageFile([entries], dockerFiles), { files });
    const folder = fresh('folder');
    mkdirSync(join(folder, 'etc'), { recursive: true });
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'etc/conf'), '[a]\nb = c\n');
    writeFileSync(join(folder, 'bin/su'), 'su');
    chmodSync(join(folder, 'bin/su'), 0o4755);
    chmodSync(join(folder, 'etc/conf'), 0o644);
    symlinkSync('conf', join(folder, 'etc/link'));
    const rootfs = await collected(`dir:${folder}`, { files });
    const ids = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const wanted = [
      fact('/bin/su', { size: 2, mode: 0o4755, queries: ['r'] }),
      fact('/etc/conf', { size: 10, sha256: sha256('[a]\nb = c\n'), values: { b: 'c' } }),
    ];
    expect(archive.collected).toEqual({ queries: ['q', 'r'], files: wanted });
    expect(rootfs.collected).toEqual({ queries: ['q', 'r'], files: wanted.map((one) => ({ ...one, ...ids })) });
  });
});

describe('the content of files', () => {
  test('is what each query finds in it, also where several call it the same', async () => {
    const built = imageFile([[file('etc/a', 'one\ntwo\n'), file('etc/b', 'two'), file('etc/empty')]]);
    const files = [
      query('p', { paths: ['/etc/*'] }),
      query('q', { paths: ['/etc/*'], matches: { x: '(?m)^one$', end: '\\z' } }),
      query('r', { paths: ['/etc/*'], matches: { x: 'two' } }),
      query('s', { paths: ['/etc/*'], matches: { x: 'tw[o]' } }),
    ];
    expect((await collected(built, { files })).collected).toEqual({
      queries: ['p', 'q', 'r', 's'],
      files: [
        fact('/etc/a', { size: 8, queries: ['p'] }),
        fact('/etc/a', { size: 8, matches: ['end', 'x'], queries: ['q'] }),
        fact('/etc/a', { size: 8, matches: ['x'], queries: ['r', 's'] }),
        fact('/etc/b', { size: 3, queries: ['p'] }),
        fact('/etc/b', { size: 3, matches: ['end'], queries: ['q'] }),
        fact('/etc/b', { size: 3, matches: ['x'], queries: ['r', 's'] }),
        fact('/etc/empty', { queries: ['p'] }),
        fact('/etc/empty', { matches: ['end'], queries: ['q'] }),
        fact('/etc/empty', { queries: ['r', 's'] }),
      ],
    });
  });

  test('that can not be looked into leaves its query unanswered, and others answered', async () => {
    const large = 'x'.repeat(32 * 1024 * 1024 + 1);
    const built = imageFile([
      [file('a.json', '{"a":1}'), file('b.json', '{'), file('c', large), file('d.yaml', '&a [*a]')],
    ]);
    const files = [
      query('json', { paths: ['/*.json'], values: { a: { format: 'json', at: '/a' } } }),
      query('one', { paths: ['/a.json'], values: { a: { format: 'json', at: '/a' } } }),
      query('large', { paths: ['/c'], matches: { y: 'y' } }),
      query('hashed', { paths: ['/c'], digest: true }),
      query('self', { paths: ['/*.yaml'], values: { a: { format: 'yaml', at: '' } } }),
      query('glob', { paths: ['/{a'] }),
      query('expression', { paths: ['/a.json'], matches: { a: '(' } }),
    ];
    const evidence = await collected(built, { files });
    expect(told(evidence)).toEqual({
      queries: ['hashed', 'one'],
      problems: [
        ...['files/expression', 'glob/brace', 'json/malformed /b.json', 'files/too-large /c'],
        'config/malformed /d.yaml',
      ],
    });
    expect(evidence.problems.every(({ blinding, message }) => !blinding && !message.includes('\n'))).toBe(true);
    expect(evidence.collected?.files).toEqual([
      fact('/a.json', { size: 7, values: { a: '1' }, queries: ['one'] }),
      fact('/c', { size: large.length, sha256: sha256(large), queries: ['hashed'] }),
    ]);
  });

  test('is searched in UTF-16 as well where it has its mark, and behind a mark in any case', async () => {
    const wide = Buffer.from('\ufeffPermit yes\n', 'utf16le');
    const built = imageFile([
      [
        file('a', wide),
        file('b', Buffer.from(wide).swap16()),
        file('c', '\ufeffPermit yes\n'),
        file('d', Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('Permit yes\n')])),
        file('e', Buffer.from('Permit yes\n', 'utf16le')),
      ],
    ]);
    const files = [query('q', { paths: ['/*'], matches: { yes: '(?m)^Permit yes$' } })];
    const { collected: found } = await collected(built, { files });
    expect(found?.files.map(({ path, matches }) => path + (matches ? ' yes' : ''))).toEqual([
      ...['/a yes', '/b yes', '/c yes', '/d yes', '/e'],
    ]);
  });

  test('that is a secret is not kept', async () => {
    const built = imageFile([[file('app.toml', '[db]\npassword = "hunter2"\n'), file('app.json', '{"db":hunter2}')]]);
    const values = { p: { format: 'toml', at: '/db/password' } } as const;
    const broken = { p: { format: 'json', at: '/db/password' } } as const;
    const files = [query('q', { paths: ['/app.toml'], values }), query('r', { paths: ['/app.json'], values: broken })];
    const evidence = await collected(built, { files });
    expect(evidence.collected?.files).toMatchObject([{ path: '/app.toml', values: { p: '***' } }]);
    expect(told(evidence)).toEqual({ queries: ['q'], problems: ['json/malformed /app.json'] });
    expect(JSON.stringify(evidence)).not.toContain('hunter2');
  });
});

describe('what was collected before', () => {
  test('is not collected again: no layer is read', async () => {
    const path = imageFile([[file('etc/a', 'one')], [file('bin/su', 'su', { mode: 0o4755 })]]);
    const caches = newCaches();
    await settle();
    const phrases: string[] = [];
    const options = { caches, onProgress: (phrase: string) => phrases.push(phrase) };
    const wanted = { files: [query('q', { paths: ['/**'], matches: { one: 'one' } })], accounts: true };
    const first = await collected(path, wanted, options);
    expect(phrases.filter((phrase) => phrase.startsWith('reading'))).toEqual([
      'reading layer 1 of 2 for the policy',
      'reading layer 2 of 2 for the policy',
    ]);
    phrases.length = 0;
    expect(await collected(path, wanted, options)).toEqual(first);
    expect(phrases).toEqual([]);
    const other = { files: [query('r', { paths: ['/bin/*'], digest: true })] };
    expect((await collected(path, other, options)).collected).toEqual({
      queries: ['r'],
      files: [fact('/bin/su', { size: 2, mode: 0o4755, layer: 1, sha256: sha256('su'), queries: ['r'] })],
    });
    expect(phrases).toEqual(['reading layer 2 of 2 for the policy']);
  });

  test('is collected again when the file on disk is another', async () => {
    const caches = newCaches();
    const wanted = { files: [query('q', { paths: ['/a'], digest: true })] };
    const path = imageFile([[file('a', 'one')]]);
    await settle();
    expect((await collected(path, wanted, { caches })).collected?.files).toMatchObject([{ sha256: sha256('one') }]);
    writeFileSync(path, readFileSync(imageFile([[file('a', 'two')]])));
    await settle();
    expect((await collected(path, wanted, { caches })).collected?.files).toMatchObject([{ sha256: sha256('two') }]);
  });

  test('of an image in a registry fetches again only the layers that hold what is wanted', async () => {
    const registry = await startRegistry();
    try {
      const layers = [[file('etc/a', 'one')], [file('bin/su', 'su', { mode: 0o4755 })]];
      await registry.pushOciArchive(imageFile(layers), 'team/app', '1');
      const options = { access: { insecure: false, offline: false, env: {} }, caches: newCaches() };
      const wanted = { files: [query('q', { paths: ['/bin/*'], digest: true })] };
      const blobs = async (): Promise<number[]> => {
        registry.log.length = 0;
        const { collected: found } = await collected(`${registry.host}/team/app:1`, wanted, options);
        expect(found?.files).toMatchObject([{ path: '/bin/su', sha256: sha256('su') }]);
        const asked = registry.blobRequests().map(({ path }) => path);
        return [...new Set(asked)].map((path) => asked.filter((one) => one === path).length).sort();
      };
      // The configuration, the lower layer and the upper one; then the configuration alone.
      expect(await blobs()).toEqual([1, 1, 2]);
      expect(await blobs()).toEqual([1]);
    } finally {
      await registry.close();
    }
  });

  test('is nothing where nothing is wanted', async () => {
    const path = imageFile([[file('a')]]);
    const evidence = await collected(path, {}, { wanted: () => undefined });
    expect('collected' in evidence).toBe(false);
    expect(await collected(path, {})).toEqual({ ...evidence, collected: { queries: [], files: [] } });
  });
});
