import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { osReleaseLimit, parseOsRelease } from '../../src/format/os-release.ts';

function parse(text: string) {
  return parseOsRelease(Buffer.from(text));
}

describe('os-release', () => {
  test('names the distribution', () => {
    expect(
      parse(
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
      ),
    ).toEqual({ id: 'debian', version: '12', like: [], name: 'Debian GNU/Linux 12 (bookworm)', codename: 'bookworm' });
    expect(parse('NAME="AlmaLinux"\nID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.8"\n')).toEqual({
      id: 'almalinux',
      version: '8.8',
      like: ['rhel', 'centos', 'fedora'],
      name: 'AlmaLinux',
    });
  });

  test('is read as the shell would', () => {
    const name = (value: string) => parse(`ID=x\nPRETTY_NAME=${value}\n`)?.name;
    expect(name('"a \\"b\\" \\$c \\`d\\` \\\\ \\e"')).toBe('a "b" $c `d` \\ \\e');
    expect(name('\'a "b" \\$c\'')).toBe('a "b" \\$c');
    expect(name('a\\ b c')).toBe('a b');
    expect(name('"open')).toBe('open');
    expect(name('a=b')).toBe('a=b');
    expect(parse('# ID=no\n\n  ID=Alpine\r\nVERSION_ID=\'3.18.9\' # comment\r\nID_LIKE=""\n')).toEqual({
      id: 'alpine',
      version: '3.18.9',
      like: [],
      name: 'alpine',
    });
    expect(parse('ID=one\nID=two')).toEqual({ id: 'two', version: '', like: [], name: 'two' });
  });

  test('says nothing where there is no usable ID', () => {
    const bodies = [
      '',
      'NAME=x',
      'ID=',
      'ID="a b"',
      'ID=../etc',
      'ID=a/b',
      'ID="$(id)"',
      `ID=${'a'.repeat(65)}`,
      'id=debian',
      '=x',
    ];
    expect(bodies.map(parse)).toEqual(bodies.map(() => undefined));
  });

  test('leaves out what has other signs than the specification allows', () => {
    expect(
      parse('ID=debian\nVERSION_ID="12/../.."\nVERSION_CODENAME="a b"\nID_LIKE="ok a/b é"\nNAME="a\u001b[31m\u202eb"'),
    ).toEqual({
      id: 'debian',
      version: '',
      like: ['ok'],
      name: 'a[31mb',
    });
    expect(parse('ID=alpine\nVERSION_ID=3.21_alpha20240807')?.version).toBe('3.21_alpha20240807');
    expect(parse('__proto__=x\nconstructor=y\nID=debian')).toEqual({
      id: 'debian',
      version: '',
      like: [],
      name: 'debian',
    });
  });

  test('is bounded', () => {
    expect(parse(`${'#'.repeat(osReleaseLimit)}\nID=debian\n`)).toBeUndefined();
    expect(parse(`ID=x\nID_LIKE="${'a '.repeat(1000)}"\nNAME=${'n'.repeat(1000)}`)).toEqual({
      id: 'x',
      version: '',
      like: Array(16).fill('a'),
      name: 'n'.repeat(200),
    });
  });

  test('survives any bytes', () => {
    const piece = fc.constantFrom(
      'ID=',
      'VERSION_ID=',
      'NAME=',
      '"',
      "'",
      '\\',
      '\n',
      'debian',
      '1.2',
      ' ',
      '\u0000',
      'é',
      '$',
    );
    const text = fc.array(piece, { maxLength: 20 }).map((parts) => Buffer.from(parts.join('')));
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(text, random), (bytes) => {
        const found = parseOsRelease(bytes);
        if (found === undefined) return;
        expect(found.id).toMatch(/^[a-z0-9._-]+$/);
        expect(found.version).toMatch(/^[a-z0-9._-]*$/);
        expect(found.name).not.toMatch(/\p{Cc}/u);
        expect(found.name).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});
