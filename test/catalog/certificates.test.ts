import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  holdsCertificates,
  readCertificates,
  type TrustedCertificate,
} from '../../src/catalog/compare/certificates.ts';

const begin = (label = 'CERTIFICATE') => `-----BEGIN ${label}-----`;
const end = (label = 'CERTIFICATE') => `-----END ${label}-----`;
const pem = (text: string, label?: string) =>
  `${begin(label)}\n${Buffer.from(text).toString('base64')}\n${end(label)}\n`;
const print = (text: string) => createHash('sha256').update(text).digest('hex');

function read(text: string | Buffer, path = 'etc/ssl/certs/ca.pem'): TrustedCertificate[] {
  const into = new Map<string, TrustedCertificate>();
  readCertificates(path, Buffer.from(text), into);
  return [...into.values()];
}

/** A certificate of its own key (P-256), valid for a day, made once. */
const real = `-----BEGIN CERTIFICATE-----
MIIBmjCCAT+gAwIBAgIUZDuuUfNLZEhTJbUitp92eXwTN1cwCgYIKoZIzj0EAwIw
IjEPMA0GA1UECgwGU2x1aWNlMQ8wDQYDVQQDDAZBIFRlc3QwHhcNMjYxMTIxMTUz
NTQ5WhcNMjYxMTIyMTUzNTQ5WjAiMQ8wDQYDVQQKDAZTbHVpY2UxDzANBgNVBAMM
BkEgVGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNsgYHGjNupXQwnD/sEj
B9HSpY9tthhoBYF9sZzykYxsS9yZa6asa08x/9b8wZlc48NtSoDlwM5ET4N2sPK1
Y22jUzBRMB0GA1UdDgQWBBTFEUPJWBZxVT0N25ydNe4543yEcjAfBgNVHSMEGDAW
gBTFEUPJWBZxVT0N25ydNe4543yEcjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
BAMCA0kAMEYCIQDllB+xKDrVKgTCsYAq8y01Tj3YIGzuycA9b3m19aDUMwIhAMew
vWPl3u6C1kVx0Oo7xkgIeXNEq7cau3g1COdVgyTe
-----END CERTIFICATE-----
`;

describe('readCertificates', () => {
  test('has each certificate once, with its subject', () => {
    expect(read(`# a remark\n${real}${real}`)).toEqual([
      {
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        subject: 'O=Sluice, CN=A Test',
        path: 'etc/ssl/certs/ca.pem',
      },
    ]);
  });

  test('has what OpenSSL calls otherwise too, and what is no certificate without a subject', () => {
    const text = pem('one') + pem('two', 'X509 CERTIFICATE') + pem('three', 'TRUSTED CERTIFICATE') + pem('four', 'KEY');
    expect(read(text).map(({ fingerprint, subject }) => [fingerprint, subject])).toEqual(
      ['one', 'two', 'three'].map((body) => [print(body), '']),
    );
  });

  test('takes the last beginning before an end, and leaves out what does not end or is too long', () => {
    expect(read(`${begin()}\n${pem('one')}${begin()}`).map(({ fingerprint }) => fingerprint)).toEqual([print('one')]);
    expect(read(begin() + 'A'.repeat(100_000) + end())).toEqual([]);
    expect(read(end() + begin())).toEqual([]);
  });

  test.each([
    ['beginnings', begin().repeat(80_000) + end()],
    ['beginnings without an end', begin().repeat(80_000)],
    ['ends', begin() + end().repeat(80_000)],
    ['beginnings and ends apart', begin().repeat(2_000) + 'A'.repeat(60_000) + end().repeat(2_000)],
  ])('reads many %s in linear time', (_what, text) => {
    const started = performance.now();
    read(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom(begin(), end(), begin('TRUSTED CERTIFICATE'), end('TRUSTED CERTIFICATE'), '\n', real),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        for (const one of read(pieces.join(''))) expect(one.fingerprint).toHaveLength(64);
      }),
    );
  });
});

test.each([
  ['etc/ssl/cert.pem', true],
  ['usr/local/share/ca-certificates/own.crt', true],
  ['app/ca.pem', false],
])('%s holds certificates: %s', (path, holds) => {
  expect(holdsCertificates(path)).toBe(holds);
});
