import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckedMatch } from '../../../../src/detect/secrets/checks/contract.ts';
import { checks } from '../../../../src/detect/secrets/checks/list.gen.ts';
import { base62 } from '../../../../src/detect/secrets/checks/support/crc.ts';
import { fileKind, isPublished } from '../../../../src/detect/secrets/checks/support/file-kind.ts';
import { isPlaceholder } from '../../../../src/detect/secrets/checks/support/placeholder.ts';
import { isRandom } from '../../../../src/detect/secrets/checks/support/random.ts';
import { expandSample } from '../../../support/secret-samples.ts';

function answer(check: string, value: string, more: Partial<CheckedMatch> = {}) {
  return checks.get(check)!({ value, match: value, line: value, path: 'srv/shop/.env', ...more });
}

const none = { real: false, notes: [] };

describe('checks without a network', () => {
  test('a checksum that holds makes a token sure; another makes it none', () => {
    const token = expandSample('{{github-checksum:ghp_}}', 'one');
    expect(answer('github', token)).toEqual({ score: 99, notes: ['its checksum holds'] });
    expect(answer('github', `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)).toEqual(none);
    const npm = expandSample('{{github-checksum:npm_}}', 'one');
    expect(answer('npm', npm)).toEqual({ score: 99, notes: ['its checksum holds'] });
    expect(answer('npm', npm.replace('npm_', 'npm_a').slice(0, -1))).toEqual(none);
  });

  test('base 62 has digits, then capitals, then small letters', () => {
    expect([base62(0, 6), base62(61, 1), base62(62, 2), base62(35, 1)]).toEqual(['000000', 'z', '10', 'Z']);
  });

  test('a macaroon is read whole; one that is cut is none', () => {
    const token = expandSample('{{pypi-token}}', 'one');
    expect(answer('pypi', token)).toEqual({ score: 97, notes: ['it is a whole macaroon', 'its use is restricted'] });
    expect(answer('pypi', token.slice(0, -8))).toEqual(none);
  });

  test('the account of a newer AWS key is told; a documented key is none', () => {
    const id = expandSample('AKIAY{{base32:15}}', 'one');
    expect(answer('aws', id)).toMatchObject({ notes: [expect.stringMatching(/^of the AWS account \d{12}$/)] });
    // The example of Amazon's documentation on unique ids: this account.
    const published = 'ASIAQNZGKIQY56JQ7WML'; // sluice:allow
    expect(answer('aws', published)).toEqual({ score: 94, notes: ['of the AWS account 029608264753'] });
    expect(answer('aws', 'AKIAIOSFODNN7EXAMPLE')).toEqual(none);
  });

  test.each([
    ['RSA PRIVATE KEY', 97, ['an RSA key of 2048 bits', 'the key is not encrypted']],
    ['PRIVATE KEY', 97, ['an RSA key', 'the key is not encrypted']],
    ['EC PRIVATE KEY', 97, ['an elliptic-curve key', 'the key is not encrypted']],
    ['OPENSSH PRIVATE KEY', 97, ['an OpenSSH key', 'the key is not encrypted']],
    ['ENCRYPTED PRIVATE KEY', 80, ['a private key', 'the key is encrypted']],
  ])('%s is told as what it is', (label, score, notes) => {
    const key = expandSample(`{{pem:${label}}}`, 'one');
    expect(answer('private-key', key)).toEqual({ score, notes });
    // Joined in source code, the same key.
    const joined = key.split('\n').join('\\n" +\n      "');
    expect(answer('private-key', joined)).toEqual({ score, notes });
    // Cut short, it is a picture of a key.
    expect(answer('private-key', `${key.slice(0, Math.min(110, key.length / 2))}\n-----END ${label}-----`)).toEqual(
      none,
    );
  });

  test('a private key of an installed package’s tests is nobody’s', () => {
    const key = expandSample('{{pem:RSA PRIVATE KEY}}', 'one');
    expect(answer('private-key', key, { path: 'app/node_modules/tls/test/key.pem' })).toEqual(none);
    expect(answer('private-key', key, { path: 'app/test/key.pem' })).toMatchObject({ score: 97 });
  });

  test('a token says when it ends; one that nobody signed is none', () => {
    const token = expandSample('{{jwt:{"sub":"shop-7","exp":1900000000}}}', 'one');
    expect(answer('jwt', token)).toEqual({ score: 72, notes: [], expires: '2030-03-17T17:46:40.000Z' });
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`;
    expect(answer('jwt', unsigned)).toEqual(none);
    const huge = expandSample('{{jwt:{"sub":"shop-7","exp":1e300}}}', 'one');
    expect(answer('jwt', huge)).toEqual({ score: 72, notes: [] });
  });

  test.each([
    'changeme',
    '$DB_PASSWORD',
    '<password>',
    'my-secret-token',
    '{{ vault }}',
    '%(password)s',
    'process.env.KEY',
  ])('%s stands for a secret and is none', (value) => {
    expect(isPlaceholder(value)).toBe(true);
    expect(answer('config-password', value)).toEqual(none);
  });

  test('what a machine draws is random, names and words are not', () => {
    const names = [
      'getElementsByTagName',
      'user_password_field',
      'PBKDF2PasswordHasher',
      'abcdefghijklmnop1234',
      'xK9xK9xK9xK9xK9x',
    ];
    expect(names.filter(isRandom)).toEqual([]);
    const drawn = ['alnum:24', 'hex:40', 'base64url:32', 'lowernum:32'].flatMap((form) =>
      Array.from({ length: 50 }, (_, at) => expandSample(`{{${form}}}`, `${form} ${at}`)),
    );
    // A few of what is drawn look like words by chance.
    expect(drawn.filter(isRandom).length).toBeGreaterThanOrEqual(drawn.length * 0.95);
  });

  test.each([
    ['srv/.env.production', 'settings'],
    ['etc/shop/shop.conf', 'settings'],
    ['Dockerfile', 'shell'],
    ['src/index.ts', 'code'],
    ['README.md', 'prose'],
    ['dist/app.min.js', 'made'],
    ['environment', 'settings'],
  ] as const)('%s is of the kind %s', (path, kind) => {
    expect(fileKind(path)).toBe(kind);
  });

  test('tests of installed packages are published, those of the application are not', () => {
    expect(isPublished('usr/lib/python3/dist-packages/twisted/test/server.pem')).toBe(true);
    expect(isPublished('srv/app/test/server.pem')).toBe(false);
    expect(isPublished('srv/node_modules/jose/dist/index.js')).toBe(false);
  });

  test('no check throws or hangs on any text', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300, unit: 'binary' }),
      fc.base64String({ maxLength: 400 }),
      fc.constantFrom(...mutants()),
    );
    fc.assert(
      fc.property(text, fc.string({ maxLength: 40 }), (value, path) => {
        for (const [name, check] of checks) {
          const { score = 50, notes } = check({ value, match: `k=${value}`, line: `k=${value}`, path });
          expect({ name, score: score >= 0 && score <= 100, notes: Array.isArray(notes) }).toEqual({
            name,
            score: true,
            notes: true,
          });
        }
      }),
      { numRuns: 100 },
    );
  });

  test('a megabyte of the same takes no check longer than a moment', () => {
    for (const value of ['a', '=', '\\', 'A.', '-', '["', '0@']) {
      const long = value.repeat(500_000);
      const start = process.cpuUsage();
      for (const check of checks.values())
        check({ value: long, match: long, line: long.slice(0, 2_000), path: 'srv/.env' });
      expect(process.cpuUsage(start).user / 1_000).toBeLessThan(2_000);
    }
  });
});

/** Good values with a part cut out. */
function mutants(): readonly string[] {
  const forms = [
    '{{pem:RSA PRIVATE KEY}}',
    '{{pem:OPENSSH PRIVATE KEY}}',
    '{{pypi-token}}',
    '{{jwt:{"sub":"x"}}}',
    '{{putty:none}}',
    '{{pgp}}',
  ];
  return forms.flatMap((form) => {
    const value = expandSample(form, form);
    return [30, 60, 200, 700].map((at) => value.slice(0, at) + value.slice(at + 7));
  });
}
