import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keep } from '../../../src/detect/documents/keep.ts';
import { claims } from '../../../src/detect/documents/paths.ts';
import { redactDocument } from '../../../src/detect/documents/redact.ts';
import type { SecretMatch } from '../../../src/model/survey.ts';

test.each([
  ...['etc/passwd', 'etc/shadow', 'etc/sudoers.d/app', 'etc/ssh/sshd_config', 'etc/nginx/conf.d/a.conf'],
  ...['usr/local/apache2/conf/httpd.conf', 'usr/local/etc/php/php.ini', 'opt/redis/redis.conf', 'php.ini'],
  ...['var/lib/postgresql/data/pg_hba.conf', 'usr/local/tomcat/conf/server.xml', 'srv/WEB-INF/web.xml'],
])('%s is kept', (path) => {
  expect(claims(path)).toBe(true);
});

test.each([
  ...['etc/hostname', 'etc/nginx/server.key', 'etc/ssl/a.pem', 'app/passwd', 'my-php.ini', 'usr/bin/nginx'],
  ...['etc/apache2/mods-available/a.load', 'home/x.conf', '', 'etc', 'sshd_config.bak'],
])('%s is not', (path) => {
  expect(claims(path)).toBe(false);
});

const match = (line: number, column: number, endLine: number, endColumn: number): SecretMatch => ({
  ...{ rule: 'r', fingerprint: 'f', shown: 's', score: 1, notes: [] },
  ...{ line, column, endLine, endColumn },
});

describe('what is kept is kept without secrets', () => {
  test.each([
    ['root:$6$salt$hash:19000:0:::::', 'root:$***:19000:0:::::'],
    ['a:!$6$x$y:1', 'a:!$***:1'],
    ['a:hash', 'a:$***'],
    ['root::1', 'root::1'],
    ['root:*:1', 'root:*:1'],
    ['root:!:1', 'root:!:1'],
    ['root:x:0:0:root:/root:/bin/sh', 'root:x:0:0:root:/root:/bin/sh'],
    ['noise', 'noise'],
  ])('of accounts: %s', (line, kept) => {
    expect(redactDocument('etc/shadow', `${line}\n${line}`, [])).toBe(`${kept}\n${kept}`);
  });

  test.each([
    ['requirepass foobared', 'requirepass ***'],
    ['password = "a b"', 'password = "***"'],
    ['  db_password: hunter2 # x', '  db_password: *** # x'],
    ['<user password="s3cret" roles="x"/>', '<user password="***" roles="x"/>'],
    ['"api_key": "abc"', '"api_key": "***"'],
    ['PasswordAuthentication yes', 'PasswordAuthentication yes'],
    ['PermitEmptyPasswords no', 'PermitEmptyPasswords no'],
    ['password_encryption = md5', 'password_encryption = md5'],
    ['password required pam_unix.so', 'password required pam_unix.so'],
    ['token = $TOKEN', 'token = $TOKEN'],
    ['host all all trust', 'host all all trust'],
  ])('of settings: %s', (line, kept) => {
    expect(redactDocument('etc/x.conf', line, [])).toBe(kept);
  });

  test('what rules have found is stars, line for line', () => {
    const text = 'a\nkey: BEGIN\nmiddle\nEND here\nb';
    expect(redactDocument('etc/x', text, [match(2, 6, 4, 4)])).toBe('a\nkey: ***\n***\n*** here\nb');
    expect(redactDocument('etc/x', 'one two one', [match(1, 1, 1, 4), match(1, 9, 1, 12)])).toBe('*** two ***');
  });

  test('private keys are hidden to their last line, however much of them a rule has matched', () => {
    const line = 'Ab1/'.repeat(16);
    const key = ['-----BEGIN RSA PRIVATE KEY-----', ...Array<string>(110).fill(line), '-----END RSA PRIVATE KEY-----'];
    const text = ['a = 1', ...key, 'b = 2'].join('\n');
    const kept = redactDocument('etc/x.conf', text, [match(2, 1, 60, 20)]).split('\n');
    expect([kept[0], new Set(kept.slice(1, -1)), kept.at(-1), kept.length]).toEqual([
      'a = 1',
      new Set(['***']),
      'b = 2',
      114,
    ]);
    const inJson = `{"k": "${key.join('\\n')}", "n": 1}`;
    expect(redactDocument('etc/x.conf', inJson, [])).toBe('{"k": "***", "n": 1}');
    expect(redactDocument('etc/x.conf', key.slice(0, -1).join('\n'), [])).not.toContain(line);
  });

  test('of what is no text nothing is kept; a byte order mark is no part of it', () => {
    const none = () => [];
    expect(keep('etc/x', Buffer.from('a\0b'), none)).toBeUndefined();
    expect(keep('etc/x', Buffer.from('\ufeffa=1'), none)).toBe('a=1');
  });
});

test('a kept document has as many lines as the file, whatever was found in it', () => {
  const path = fc.constantFrom('etc/shadow', 'etc/redis.conf');
  const line = fc.oneof(fc.string(), fc.constantFrom('a:b:c', 'password = x', 'requirepass "a', '"token":"', ':::'));
  const position = fc.tuple(fc.nat(8), fc.nat(40), fc.nat(8), fc.nat(40));
  fc.assert(
    fc.property(path, fc.array(line, { maxLength: 8 }), fc.array(position, { maxLength: 4 }), (at, lines, spots) => {
      const text = lines.join('\n');
      const found = spots.map(([a, b, c, d]) => match(a + 1, b + 1, a + 1 + (c % 3), d + 1));
      expect(redactDocument(at, text, found).split('\n')).toHaveLength(text.split('\n').length);
    }),
    { numRuns: 300 },
  );
});

test('a hostile document takes linear time', () => {
  const started = performance.now();
  for (const piece of ['password', 'a-', 'password=', '"', 'token ', 'x.y_', '_password_']) {
    redactDocument('etc/x.conf', piece.repeat((256 * 1024) / piece.length), []);
    redactDocument('etc/x.conf', `${piece.repeat(500)}\n`.repeat(60), []);
  }
  expect(performance.now() - started).toBeLessThan(3_000);
});
