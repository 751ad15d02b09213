import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exemptionOf } from '../../src/source/no-proxy.ts';
import { type Environment, ProxyError, proxiesOf } from '../../src/source/proxy.ts';

const shown = (env: Environment, url: string) => proxiesOf(env).proxyFor(new URL(url))?.shown;
const https = 'https://registry.test/v2/';
const http = 'http://registry.test/v2/';

function refusal(env: Environment, url = https): ProxyError {
  try {
    proxiesOf(env).proxyFor(new URL(url));
  } catch (thrown) {
    if (thrown instanceof ProxyError) return thrown;
    throw thrown;
  }
  throw new Error('it should have been refused');
}

describe('which proxy applies', () => {
  test.each<[Environment, string, string | undefined]>([
    [{}, https, undefined],
    [{ HTTPS_PROXY: 'http://a.test:3128' }, https, 'http://a.test:3128'],
    [{ HTTPS_PROXY: 'http://a.test:3128' }, http, undefined],
    [{ HTTP_PROXY: 'http://a.test:3128' }, https, undefined],
    [{ HTTP_PROXY: 'http://a.test:3128/' }, http, 'http://a.test:3128'],
    [{ https_proxy: 'http://small.test:1', HTTPS_PROXY: 'http://large.test:1' }, https, 'http://small.test:1'],
    [{ https_proxy: '', HTTPS_PROXY: ' http://large.test:1\n' }, https, 'http://large.test:1'],
    [{ ALL_PROXY: 'a.test:8080' }, https, 'http://a.test:8080'],
    [{ all_proxy: 'a.test:8080' }, http, 'http://a.test:8080'],
    [{ ALL_PROXY: 'http://all.test', HTTP_PROXY: 'http://http.test' }, http, 'http://http.test'],
    [{ ALL_PROXY: 'http://all.test', HTTP_PROXY: 'http://http.test' }, https, 'http://all.test'],
    [{ HTTPS_PROXY: 'user:pass@a.test:3128' }, https, 'http://a.test:3128'],
    [{ HTTPS_PROXY: 'https://user:pass@a.test' }, https, 'https://a.test'],
    [{ HTTPS_PROXY: 'http://[fd00::1]:3128' }, https, 'http://[fd00::1]:3128'],
    [{ ALL_PROXY: 'http://a.test' }, 'https://localhost/', undefined],
    [{ ALL_PROXY: 'http://a.test' }, 'http://127.8.9.1:5000/', undefined],
    [{ ALL_PROXY: 'http://a.test' }, 'https://[::1]:5000/', undefined],
    [{ ALL_PROXY: 'http://a.test' }, 'https://localhost.test/', 'http://a.test'],
    [{ ALL_PROXY: 'http://127.0.0.1:9' }, https, 'http://127.0.0.1:9'],
    [{ ALL_PROXY: 'http://a.test', NO_PROXY: 'registry.test' }, https, undefined],
    [{ ALL_PROXY: 'http://a.test', no_proxy: 'other.test', NO_PROXY: 'registry.test' }, https, 'http://a.test'],
    [{ ALL_PROXY: 'socks5://a.test', NO_PROXY: '*' }, https, undefined],
  ])('%j for %s: %s', (env, url, expected) => {
    expect(shown(env, url)).toBe(expected);
  });

  test.each([
    ['http://a.test', 'a.test', 80, false],
    ['https://a.test', 'a.test', 443, true],
    ['https://[fd00::1]:8443', 'fd00::1', 8443, true],
  ])('%s leads to %s, port %i', (value, host, port, secure) => {
    expect(proxiesOf({ ALL_PROXY: value }).proxyFor(new URL(https))).toEqual({
      shown: value,
      secure,
      host,
      port,
      authorization: undefined,
    });
  });
});

describe('NO_PROXY', () => {
  test.each<[string, string, boolean]>([
    ['', https, false],
    [' , ,', https, false],
    ['*', https, true],
    ['registry.test', https, true],
    ['REGISTRY.Test', https, true],
    ['registry.test.', https, true],
    ['registry.test', 'https://registry.test./', true],
    ['registry.test', 'https://a.b.registry.test/', true],
    ['registry.test', 'https://myregistry.test/', false],
    ['registry.test', 'https://registry.test.evil/', false],
    ['.test', https, true],
    ['.registry.test', https, false],
    ['*.registry.test', https, false],
    ['*.registry.test', 'https://a.registry.test/', true],
    ['est', https, false],
    ['other.test,registry.test', https, true],
    ['other.test registry.test', https, true],
    ['other.test;registry.test', https, false],
    ['registry.test:443', https, true],
    ['registry.test:443', http, false],
    ['registry.test:80', http, true],
    ['registry.test:5000', 'https://registry.test:5000/', true],
    ['registry.test:5000', https, false],
    ['https://registry.test', https, false],
    ['bücher.test', 'https://bücher.test/', true],
    ['10.1.2.3', 'https://10.1.2.3:5000/', true],
    ['10.1.2.3:5000', 'https://10.1.2.3:5000/', true],
    ['10.1.2.3:5001', 'https://10.1.2.3:5000/', false],
    ['10.1.2.3', 'https://10.1.2.30/', false],
    ['2.3', 'https://10.1.2.3/', false],
    ['.3', 'https://10.1.2.3/', false],
    ['10.0.0.0/8', 'https://10.1.2.3/', true],
    ['10.0.0.0/8', 'https://11.1.2.3/', false],
    ['10.0.0.0/8', 'https://10.test/', false],
    ['10.0.0.0/33', 'https://10.0.0.0/', false],
    ['fd00::1', 'https://[fd00::1]/', true],
    ['FD00:0:0::1', 'https://[fd00::1]:5000/', true],
    ['[fd00::1]', 'https://[fd00::1]:5000/', true],
    ['[fd00::1]:5000', 'https://[fd00::1]:5000/', true],
    ['[fd00::1]:5000', 'https://[fd00::1]/', false],
    ['fd00::/8', 'https://[fd12::1]/', true],
    ['fd00::/129', 'https://[fd00::]/', false],
  ])('%j exempts %s: %s', (text, url, expected) => {
    expect(exemptionOf(text)(new URL(url))).toBe(expected);
  });

  test('any text is read', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('.', '*', ':', '[', ']', '/', '10.0.0.0/', 'fd00::', 'a.test'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const exempt = exemptionOf(pieces.join(''));
        for (const url of [https, 'http://10.0.0.1/', 'https://[fd00::1]/'])
          expect(exempt(new URL(url))).toBeTypeOf('boolean');
      }),
    );
  });
});

describe('the credentials of a proxy', () => {
  const authorization = (value: string) => proxiesOf({ HTTPS_PROXY: value }).proxyFor(new URL(https))?.authorization;
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

  test.each([
    ['http://user:pass@a.test', 'user:pass'],
    ['http://user@a.test', 'user:'],
    ['http://:pass@a.test', ':pass'],
    ['http://us%40er:p%3Aa%2Fs%25s@a.test', 'us@er:p:a/s%s'],
    ['http://user:100%@a.test', 'user:100%'],
    ['http://user:p@ss@a.test', 'user:p@ss'],
    ['http://üser:pässword@a.test', 'üser:pässword'],
    // It stays one value of one header, whatever is in it.
    ['http://user:x%0d%0aHost:%20evil.test%0d%0a%0d%0a@a.test', 'user:x\r\nHost: evil.test\r\n\r\n'],
  ])('%s are %j', (value, pair) => {
    expect(authorization(value)).toBe(basic(pair));
    expect(authorization(value)).toMatch(/^Basic [A-Za-z0-9+/]+=*$/);
  });

  test.each([
    'http://user:hunter2\r\nX-Evil: 1@a.test',
    'http://user:hunter2\n@a.test',
    'http://user:hunter2@a.test\u0000',
    'http://user:hun ter2@a.test',
    'http://user:12/hunter2@a.test',
    'http://user:12?hunter2@a.test',
    'http://user:12#hunter2@a.test',
    'http://user:12\\hunter2@a.test',
    'http://user:hunter2@',
    'http://user:hunter2@a.test:0',
    'http://user:hunter2@a.test:99999',
    'http://user:hunter2@a.test/path',
    'socks5://user:hunter2@a.test:1080',
    'ftp://user:hunter2@a.test',
    '://user:hunter2@a.test',
    'user:hunter2@',
  ])('%j is refused, and nothing of it shown', (value) => {
    const error = refusal({ HTTPS_PROXY: value });
    expect(error.message).toBe('HTTPS_PROXY is not the URL of an HTTP proxy');
    expect(`${error.hint}`).toMatch(/^write it as http:\/\/proxy\.example:3128;/);
    expect(error.retryable).toBe(false);
  });

  test('are named as secrets in every form; what cannot be read has none', () => {
    const env = {
      HTTPS_PROXY: 'http://user:p%40ss@a.test',
      http_proxy: 'http://b.test',
      ALL_PROXY: 'socks5://u:pw@c.test',
    };
    expect(proxiesOf(env).secrets()).toEqual(['p%40ss', 'p@ss', basic('user:p@ss').slice(6)]);
    expect(proxiesOf({ HTTPS_PROXY: 'http://user:abc@a.test' }).secrets()).toEqual([basic('user:abc').slice(6)]);
  });

  test('never get into a message, whatever the setting is', () => {
    fc.assert(
      fc.property(fc.constantFrom('http://', 'https://', '', 'x://'), fc.string(), fc.string(), (scheme, one, two) => {
        const secret = 'qqsecretqq';
        const env = { ALL_PROXY: `${scheme}${one}:${secret}${two}@proxy.test:3128` };
        try {
          expect(shown(env, https) ?? '').not.toContain(secret);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(ProxyError);
          expect(`${(thrown as ProxyError).message} ${(thrown as ProxyError).hint}`).not.toContain(secret);
        }
      }),
    );
  });
});
