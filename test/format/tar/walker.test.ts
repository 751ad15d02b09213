import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TarWalker } from '../../../src/format/tar/walker.ts';
import {
  base256,
  dir,
  end,
  entry,
  file,
  gnuLongLink,
  gnuLongName,
  hardlink,
  pax,
  paxGlobal,
  symlink,
  tar,
} from '../../support/tar-writer.ts';
import { cut, failureOf, only, type Walked, walk } from './support.ts';

function plain(path: string, more: Partial<Walked> = {}): Walked {
  return { path, type: 'file', size: 0, mode: 0o644, uid: 0, gid: 0, link: '', body: Buffer.alloc(0), ...more };
}

describe('entries', () => {
  test('every type, in order', () => {
    const archive = tar(
      dir('etc'),
      file('etc/a', 'hello', { mode: 0o4755, uid: 10, gid: 20 }),
      symlink('etc/b', '../a b'),
      hardlink('etc/c', 'etc/a'),
      entry('3', 'dev/null'),
      entry('4', 'dev/sda'),
      entry('6', 'pipe'),
      entry('7', 'contiguous', 'x'),
      entry('Z', 'strange', 'body'),
    );
    expect(walk([archive])).toEqual([
      plain('etc/', { type: 'dir', mode: 0o755 }),
      plain('etc/a', { mode: 0o4755, uid: 10, gid: 20, size: 5, body: Buffer.from('hello') }),
      plain('etc/b', { type: 'symlink', mode: 0o777, link: '../a b' }),
      plain('etc/c', { type: 'hardlink', link: 'etc/a' }),
      plain('dev/null', { type: 'char' }),
      plain('dev/sda', { type: 'block' }),
      plain('pipe', { type: 'fifo' }),
      plain('contiguous', { size: 1, body: Buffer.from('x') }),
      plain('strange', { type: 'other', size: 4, body: Buffer.from('body') }),
    ]);
  });

  test('links, folders and devices have no body, whatever size their header gives', () => {
    for (const type of ['1', '2', '3', '4', '5', '6']) {
      const archive = tar(entry(type, 'x', '', { size: 5000 }), file('after', 'z'));
      expect(walk([archive]).map(({ path, size }) => [path, size])).toEqual([
        ['x', 0],
        ['after', 1],
      ]);
    }
  });

  test('only the type flag of v7 makes a folder of a name that ends in a slash', () => {
    expect(only(tar(entry('\0', 'old/', '', { format: 'v7', mode: 0o755 })))).toEqual(
      plain('old/', { type: 'dir', mode: 0o755 }),
    );
    // A runtime unpacks this as a file with its body; so it must not be a folder here.
    expect(only(tar(file('lib/apk/db/installed/', 'P:x')))).toEqual(
      plain('lib/apk/db/installed/', { size: 3, body: Buffer.from('P:x') }),
    );
  });

  test('the prefix of ustar and star, and none of GNU', () => {
    expect(only(tar(file('name', '', { prefix: 'a/b' }))).path).toBe('a/b/name');
    expect(only(tar(file('name', '', { prefix: 'p'.repeat(131), format: 'star' }))).path).toBe(
      `${'p'.repeat(131)}/name`,
    );
    expect(only(tar(file('name', '', { prefix: 'a/b', format: 'gnu' }))).path).toBe('name');
    expect(only(tar(file('n'.repeat(100), '', { prefix: 'p'.repeat(155) }))).path).toBe(
      `${'p'.repeat(155)}/${'n'.repeat(100)}`,
    );
  });

  test('an archive ends at a block of zeros, or without one, or holds nothing', () => {
    expect(walk([Buffer.concat([file('a'), end, file('b')])]).map(({ path }) => path)).toEqual(['a']);
    expect(walk([file('a', 'x')]).map(({ path }) => path)).toEqual(['a']);
    expect(walk([end])).toEqual([]);
    expect(walk([])).toEqual([]);
  });

  test('numbers in base 256', () => {
    const owner = { at: 108, bytes: base256(3_000_000_000n, 8) };
    expect(only(tar(file('a', '12345', { size: base256(5n, 12), patch: [owner] })))).toEqual(
      plain('a', { uid: 3_000_000_000, size: 5, body: Buffer.from('12345') }),
    );
  });

  test('a checksum over a header full of the largest bytes', () => {
    const full = { link: Buffer.alloc(100, 0xff), prefix: Buffer.alloc(155, 0xff) };
    for (const checksum of [undefined, 'signed'] as const) {
      const { path, link } = only(tar(file(Buffer.alloc(100, 0xff), '', checksum ? { ...full, checksum } : full)));
      expect([path, link]).toEqual([`${'\\xff'.repeat(155)}/${'\\xff'.repeat(100)}`, '\\xff'.repeat(100)]);
    }
  });

  test('a checksum over signed characters, as some old programs wrote it', () => {
    const name = Buffer.from('é');
    expect(only(tar(file(name, '', { checksum: 'signed' }))).path).toBe('é');
  });
});

describe('extensions', () => {
  const long = `${'d'.repeat(300)}/${'f'.repeat(82)}`;

  test('names of 383 bytes, by pax and by GNU', () => {
    expect(long).toHaveLength(383);
    expect(only(tar(pax(['path', long], ['linkpath', `../${long}`]), symlink('cut', 'cut')))).toEqual(
      plain(long, { type: 'symlink', mode: 0o777, link: `../${long}` }),
    );
    expect(only(tar(gnuLongLink(`../${long}`), gnuLongName(long), symlink('cut', 'cut')))).toEqual(
      plain(long, { type: 'symlink', mode: 0o777, link: `../${long}` }),
    );
  });

  test('they are for one entry alone', () => {
    const archive = tar(pax(['path', 'x'], ['uid', '7']), gnuLongLink('y'), symlink('1', 'a'), symlink('2', 'b'));
    expect(walk([archive]).map(({ path, link, uid }) => [path, link, uid])).toEqual([
      ['x', 'y', 7],
      ['2', 'b', 0],
    ]);
  });

  test('a GNU long name outranks pax, the second of two pax headers the first, as in the runtimes', () => {
    expect(only(tar(pax(['path', 'pax']), gnuLongName('gnu'), file('header'))).path).toBe('gnu');
    expect(only(tar(gnuLongName('gnu'), pax(['path', 'pax']), file('header'))).path).toBe('gnu');
    expect(only(tar(pax(['path', 'first'], ['uid', '5']), pax(['gid', '6']), file('header')))).toEqual(
      plain('header', { gid: 6 }),
    );
  });

  test('an empty name takes nothing away', () => {
    expect(only(tar(pax(['path', ''], ['size', '']), file('a', 'x')))).toEqual(
      plain('a', { size: 1, body: Buffer.from('x') }),
    );
    expect(only(tar(gnuLongName(''), file('a'))).path).toBe('a');
    expect(only(tar(pax(['GNU.sparse.name', '']), file('a'))).path).toBe('a');
  });

  test('a global header changes nothing and takes the extensions before it with it, as in the runtimes', () => {
    expect(only(tar(paxGlobal(['path', 'evil'], ['size', '9']), file('a', 'x'))).path).toBe('a');
    expect(only(tar(gnuLongName('harmless'), paxGlobal(['comment', 'x']), file('lib/apk/db/installed'))).path).toBe(
      'lib/apk/db/installed',
    );
    expect(only(tar(pax(['path', 'harmless']), paxGlobal(['comment', 'x']), file('real'))).path).toBe('real');
  });

  test('pax sizes and owners', () => {
    const archive = tar(pax(['size', '5'], ['uid', '4000000000'], ['gid', '-2']), file('a', 'hello', { size: 0 }));
    expect(only(archive)).toEqual(plain('a', { size: 5, uid: 4_000_000_000, gid: -2, body: Buffer.from('hello') }));
  });

  test('a value may hold line ends, equals signs and bytes that are no text', () => {
    expect(only(tar(pax(['SCHILY.xattr.user.x', '\n=\n'], ['path', 'a=b\nc']), file('x'))).path).toBe('a=b\nc');
    expect(only(tar(pax(['path', Buffer.from([0x61, 0xff])]), file('x'))).path).toBe('a\\xff');
    expect(only(tar(file(Buffer.from([0xc3, 0xa9, 0x5c, 0x80])))).path).toBe('é\\x5c\\x80');
  });
});

describe('what is refused', () => {
  test.each([
    ['a wrong checksum', tar(file('a', '', { checksum: Buffer.from('0000000\0') })), 'tar/checksum'],
    [
      'a wrong checksum behind a good one',
      tar(file('a'), file('b', '', { checksum: Buffer.from('0000000\0') })),
      'tar/checksum',
    ],
    ['text', Buffer.alloc(2048, 'hello world '), 'tar/not-tar'],
    ['a negative size', tar(file('a', '', { size: base256(-1n, 12) })), 'tar/size'],
    ['a size of 2^63-1', tar(file('a', '', { size: base256(2n ** 63n - 1n, 12) })), 'tar/size'],
    ['a size of 8 GiB that is not there', tar(file('a', 'x', { size: 0o77777777777 })), 'tar/truncated'],
    [
      'a number that is none',
      tar(file('a', '', { patch: [{ at: 108, bytes: Buffer.from('12x4567\0') }] })),
      'tar/number',
    ],
    ['an end inside of a header', tar(file('a')).subarray(0, 300), 'tar/truncated'],
    ['an end inside of a body', tar(file('a', 'hello')).subarray(0, 514), 'tar/truncated'],
    ['an end inside of the padding', tar(file('a', 'hello')).subarray(0, 600), 'tar/truncated'],
    ['a pax header above 1 MiB', tar(pax(['comment', 'x'.repeat(1024 * 1024)]), file('a')), 'tar/meta-too-large'],
    ['a long name above 4096 bytes', tar(gnuLongName('x'.repeat(4097)), file('a')), 'tar/name-too-long'],
    ['a pax name above 4096 bytes', tar(pax(['path', 'x/'.repeat(3000)]), file('a')), 'tar/name-too-long'],
    ['a NUL in a pax name', tar(pax(['path', 'a\0b']), file('a')), 'tar/pax'],
    ['a pax size that is none', tar(pax(['size', '5x']), file('a')), 'tar/pax'],
    ['a negative pax size', tar(pax(['size', '-5']), file('a')), 'tar/pax'],
    ['a pax record without an end', tar(entry('x', 'p', '12 path=x'), file('a')), 'tar/pax'],
    ['a pax record without a length', tar(entry('x', 'p', 'path=x\n'), file('a')), 'tar/pax'],
    ['a pax record of length 0', tar(entry('x', 'p', '0 path=x\n'), file('a')), 'tar/pax'],
    ['a pax record without a value', tar(entry('x', 'p', '7 path\n'), file('a')), 'tar/pax'],
    ['a pax record with an endless length', tar(entry('x', 'p', `${'9'.repeat(5000)} a=b\n`), file('a')), 'tar/pax'],
  ])('%s', (_what, archive, code) => {
    expect(failureOf(archive)).toBe(code);
  });
});

const name = fc
  .array(fc.constantFrom('a', 'bin', 'lib64', 'é', '.', '..', ' ', 'x'.repeat(120), 'ÿ\n'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join('/'));
const body = fc
  .oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 400, maxLength: 1700 }))
  .map(Buffer.from);
const anyEntry = fc.oneof(
  fc.tuple(name, body).map(([path, bytes]) => Buffer.concat([pax(['path', path]), file('x', bytes)])),
  fc.tuple(name, body).map(([path, bytes]) => Buffer.concat([gnuLongName(path), file('x', bytes)])),
  body.map((bytes) => file('short', bytes)),
  name.map((target) => Buffer.concat([gnuLongLink(target), symlink('link', 'x')])),
  fc.constant(dir('folder')),
);

describe('in pieces', () => {
  const archives = fc.array(anyEntry, { maxLength: 6 }).map((entries) => tar(...entries));

  test('of any size it tells the same', () => {
    fc.assert(
      fc.property(
        archives,
        fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 5 }),
        (archive, sizes) => {
          expect(walk(cut(archive, sizes))).toEqual(walk([archive]));
        },
      ),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(archives, fc.constantFrom(1, 511, 512, 513, 65_536), (archive, size) => {
        expect(walk(cut(archive, [size]))).toEqual(walk([archive]));
      }),
      { numRuns: 40 },
    );
  });

  test('that are passed over where nobody wants them it tells the same', () => {
    fc.assert(
      fc.property(archives, fc.integer({ min: 1, max: 900 }), fc.boolean(), (archive, most, all) => {
        const seen: unknown[] = [];
        const walker = new TarWalker({
          entry: (told) => {
            seen.push([told, walker.position]);
            return undefined;
          },
        });
        let at = 0;
        while (at < archive.length) {
          const skip = Math.min(walker.skippable, all ? Number.POSITIVE_INFINITY : most, archive.length - at);
          walker.skip(skip);
          at += skip;
          const step = Math.min(most, walker.skippable || most, archive.length - at);
          walker.write(archive.subarray(at, at + step));
          at += step;
        }
        walker.finish();
        const starts: unknown[] = [];
        const straight = new TarWalker({
          entry: (told) => {
            starts.push([told, straight.position]);
            return undefined;
          },
        });
        straight.write(archive);
        straight.finish();
        expect(seen).toEqual(starts);
      }),
      { numRuns: 100 },
    );
  });

  test('a body that is refused half way is passed over', () => {
    const paths: string[] = [];
    let ended = 0;
    const walker = new TarWalker({
      entry: ({ path }) => {
        paths.push(path);
        return {
          write: (bytes) => bytes.length < 10,
          end: () => {
            ended++;
          },
        };
      },
    });
    for (const piece of cut(tar(file('a', 'x'.repeat(2000)), file('b', 'tiny'), file('c')), [700])) walker.write(piece);
    walker.finish();
    expect([paths, ended]).toEqual([['a', 'b', 'c'], 2]);
  });
});

describe('hostile bytes', () => {
  test('random bytes and changed archives are read or refused, never worse', () => {
    const good = tar(
      pax(['path', 'a/b']),
      file('x', 'hello'),
      gnuLongName('long'),
      file('y', 'z'.repeat(600)),
      dir('d'),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(failureOf(Buffer.from(bytes))).toMatch(/^(?:none|tar\/[a-z-]+)$/);
      }),
      { numRuns: 100 },
    );
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(good.length), (changes, length) => {
        const bytes = Buffer.from(good.subarray(0, length));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        expect(failureOf(resummed(bytes))).toMatch(/^(?:none|tar\/[a-z-]+)$/);
      }),
      { numRuns: 400 },
    );
  });
});

/** The first header's checksum made right, so that changes behind it are reached. */
function resummed(bytes: Buffer): Buffer {
  if (bytes.length < 512) return bytes;
  bytes.fill(0x20, 148, 156);
  const sum = bytes.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return bytes;
}
