import { describe, expect, test } from 'vitest';
import { looksSecret } from '../../src/util/secret-value.ts';

describe('what looks like a secret', () => {
  test.each([
    ['DB_PASSWORD', 'hunter2'],
    ['api-key', '1234'],
    ['anything', 'https://me:hunter2@example.com/'],
    ['anything', 'ghp_hunter2hunter2hunter2'],
    ['PEM', '-----BEGIN EC PRIVATE KEY-----\nMHc'],
    ['DSN', 'Server=x;Password=hunter2'],
    ['STRIPE', 'sk_live_0123456789abcdef01'],
    ['OPTIONS', '-Xmx1g --password hunter2'],
    ['TOKEN_FILE', 'hunter2'],
    ['TOKEN', '/run/secrets/token'],
  ])('is %s with %j', (name, value) => expect(looksSecret(name, value)).toBe(true));

  test.each([
    ['DB_PASSWORD', ''],
    ['TOKENIZERS_PARALLELISM', 'false'],
    ['PasswordAuthentication', 'No'],
    ['MAX_TOKENS', '128'],
    ['TOKEN_FILE', '/run/secrets/token'],
    ['PATH', '/usr/bin:/bin'],
    ['URL', 'https://example.com/a@b'],
  ])('is not %s with %j', (name, value) => expect(looksSecret(name, value)).toBe(false));

  test('is told of a long value as well', () => {
    expect(looksSecret('TEXT', `https://me:hunter2@example.com/${'x'.repeat(1_000_000)}`)).toBe(true);
    expect(looksSecret('TEXT', 'x '.repeat(1_000_000))).toBe(false);
  });
});
