import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAccountFacts } from '../../../src/catalog/collect/accounts.ts';

const bytes = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text));
const read = (passwd?: string, group?: string, shadow?: string) =>
  readAccountFacts({ passwd: bytes(passwd), group: bytes(group), shadow: bytes(shadow) });

describe('the users of an image', () => {
  test('have their groups and what is known of their password', () => {
    const passwd = [
      'root:x:0:0:root:/root:/bin/bash',
      'daemon:x:1:1::/usr/sbin:/usr/sbin/nologin\r',
      'app:x:1000:1000:App,,,:/home/app:/bin/sh',
      'open::1001:7::/:/bin/sh',
      'star:*:1002:7',
      'old:$1$salt$hash:1003:7::/:/bin/sh',
      'lost:x:1004:7::/:',
    ].join('\n');
    const group = 'root:x:0:\napps:x:1000:\nwheel:x:10:app,root\n# no:x:1:app\ndocker:x:999:app,app,ghost\n';
    const shadow = 'root:$6$salt$hash:19000:0:99999:7:::\ndaemon:*:19000::::::\napp:!!:19000::::::\n';
    const facts = read(passwd, group, shadow);
    expect(facts).toEqual([
      {
        ...{ name: 'app', uid: 1000, gid: 1000, home: '/home/app', shell: '/bin/sh' },
        ...{ groups: ['apps', 'docker', 'wheel'], password: 'locked' },
      },
      {
        ...{ name: 'daemon', uid: 1, gid: 1, home: '/usr/sbin', shell: '/usr/sbin/nologin' },
        ...{ groups: [], password: 'locked' },
      },
      { name: 'lost', uid: 1004, gid: 7, home: '/', shell: '', groups: [], password: 'unknown' },
      { name: 'old', uid: 1003, gid: 7, home: '/', shell: '/bin/sh', groups: [], password: 'set' },
      { name: 'open', uid: 1001, gid: 7, home: '/', shell: '/bin/sh', groups: [], password: 'none' },
      {
        ...{ name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' },
        ...{ groups: ['root', 'wheel'], password: 'set' },
      },
      { name: 'star', uid: 1002, gid: 7, home: '', shell: '', groups: [], password: 'locked' },
    ]);
    expect(JSON.stringify(facts)).not.toContain('hash');
  });

  test('tell of names that stand twice and of numbers that several have', () => {
    const passwd = ['root:x:0:0', 'app:x:5:5', 'toor:x:0:0', 'app:x:6:6', 'web:x:5:9', ' web:x:8:9'].join('\n');
    expect(read(passwd)?.map(({ name, uid, repeated, sameId }) => [name, uid, repeated, sameId])).toEqual([
      ['app', 5, true, ['web']],
      ['root', 0, undefined, ['toor']],
      ['toor', 0, undefined, ['root']],
      ['web', 5, undefined, ['app']],
      ['web', 8, undefined, undefined],
    ]);
    const many = Array.from({ length: 3000 }, (_, i) => `u${i}:x:7:7`).join('\n');
    expect(new Set(read(many)?.map(({ sameId }) => sameId?.length))).toEqual(new Set([10]));
  });

  test('are none where there is no file', () => {
    expect(read()).toEqual([]);
    expect(read(undefined, 'root:x:0:', 'root::1:')).toEqual([]);
  });

  test.each([
    ['+0', 0],
    ['-0', 0],
    [' 0', 0],
    ['00', 0],
    ['4294967295', 4_294_967_295],
    ['-1', 4_294_967_295],
  ])('have the number %j that the C library reads', (text, uid) => {
    expect(read(`a:x:${text}:5`)).toMatchObject([{ name: 'a', uid, gid: 5 }]);
  });

  test.each(['', '0x0', '1a', '4294967296', '--1', '+', '１'])(
    'with the number %j are root, as to one who reads them',
    (text) => {
      expect(read(`a:x:${text}:5\nb:x:5:${text}`)).toMatchObject([
        { name: 'a', uid: 0, gid: 5 },
        { name: 'b', uid: 5, gid: 0 },
      ]);
    },
  );

  test('are those of lines that are cut short or end at a null byte', () => {
    expect(read('a\nb:x\nc:x:1\nd::0:0\0:d:/:/bin/sh')).toMatchObject([
      { name: 'a', uid: 0, gid: 0, password: 'none' },
      { name: 'b', uid: 0, gid: 0, password: 'unknown' },
      { name: 'c', uid: 1, gid: 0 },
      { name: 'd', uid: 0, gid: 0, password: 'none', shell: '' },
    ]);
  });

  test('of one name are the first, and lines of NIS and comments are none', () => {
    const special = '+nis::0:0\n-b::0:0\n:x:0:0\n#c::0:0';
    expect(read(`a:x:1:1\na::0:0\n${special}`, '', 'a:!:1\na::1')).toMatchObject([
      { name: 'a', uid: 1, password: 'locked' },
    ]);
    const musl = readAccountFacts({ passwd: bytes(special), group: undefined, shadow: undefined, musl: true });
    expect(musl?.map(({ name, uid }) => `${name} ${uid}`)).toEqual(['#c 0', '+nis 0', '-b 0']);
  });

  test('hide behind no blanks, in front of a name or of a member', () => {
    const facts = read(' root::0:0\nroot:x:0:0\nopen:x:5:5', 'wheel:x:10:a, open', 'open:!:1\n\topen::1\nroot:*:1');
    expect(facts?.map(({ name, password, groups }) => [name, password, groups.join()])).toEqual([
      ['open', 'none', 'wheel'],
      ['root', 'none', ''],
      ['root', 'locked', ''],
    ]);
  });

  test('have the password that shadow says, by whatever refers to it', () => {
    const facts = read('a:##a:1:1\nb:*:2:2\nc:*:3:3\nd:##a:4:4', '', 'a::1\nb::1');
    expect(facts?.map(({ password }) => password)).toEqual(['none', 'none', 'locked', 'set']);
  });

  test('that are too many are not told in part', () => {
    const lines = Array.from({ length: 50_001 }, (_, i) => `u${i}:x:${i}:0`);
    expect(read(lines.join('\n'))).toBeUndefined();
    expect(read('a:x:1:1', `g:x:1:${'a,'.repeat(50_001)}`)).toBeUndefined();
    expect(read('a:x:1:1', lines.join('\n'))).toBeUndefined();
    expect(read('a:x:1:1', '', lines.join('\n'))).toBeUndefined();
  });

  test('are the same that were written', () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,12}$/);
    const id = fc.nat(65_535);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, id, id), { selector: ([one]) => one }), (users) => {
        const facts = read(users.map(([user, uid, gid]) => `${user}:x:${uid}:${gid}::/h/${user}:/bin/sh`).join('\n'));
        const wanted = users.map(([user, uid, gid]) => ({ name: user, uid, gid, home: `/h/${user}` }));
        wanted.sort((a, b) => (a.name < b.name ? -1 : 1));
        expect(facts?.map(({ name: user, uid, gid, home }) => ({ name: user, uid, gid, home }))).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  test('of any bytes are read without a failure, and sorted', () => {
    const pieces = fc.constantFrom('root', ':', '\n', 'x', '0', '-1', ',', '+', '\r\n', '\0', 'é', '*', '!');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, text, text, (passwd, group, shadow) => {
        const names = (read(passwd, group, shadow) ?? []).map(({ name }) => name);
        expect(names).toEqual([...names].sort());
      }),
      { numRuns: 300 },
    );
  });
});
