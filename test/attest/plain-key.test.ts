import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSigningKey, readVerifyingKey } from '../../src/attest/plain-key.ts';
import { SluiceError } from '../../src/util/error.ts';

const message = Buffer.from('what is signed');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ed25519 = generateKeyPairSync('ed25519');

const pkcs8 = (key: KeyObject) => Buffer.from(key.export({ type: 'pkcs8', format: 'pem' }));
const spki = (key: KeyObject) => Buffer.from(key.export({ type: 'spki', format: 'pem' }));
const encrypted = (key: KeyObject) =>
  Buffer.from(key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }));

/** The code, message and hint of a failure. */
function failure(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof SluiceError)
      return `${thrown.code}: ${thrown.message}${thrown.hint ? ` (${thrown.hint})` : ''}`;
    throw thrown;
  }
  return 'none';
}

describe.each([
  ['ECDSA with P-256', p256],
  ['ECDSA with P-384', p384],
  ['Ed25519', ed25519],
])('a key of %s', (_kind, pair) => {
  const key = readSigningKey(pkcs8(pair.privateKey), undefined);
  const open = readVerifyingKey(spki(pair.publicKey));

  test('signs what its public half verifies, to the bit', () => {
    const signature = key.sign(message);
    expect([open.verify(message, signature), key.public.verify(message, signature)]).toEqual([true, true]);
    for (const at of [0, 5, message.length - 1]) {
      const other = Buffer.from(message);
      other[at] = other[at]! ^ 1;
      expect(open.verify(other, signature)).toBe(false);
    }
    for (let at = 0; at < signature.length; at++) {
      const other = Buffer.from(signature);
      other[at] = other[at]! ^ 1;
      expect(open.verify(message, other)).toBe(false);
    }
    const another = readVerifyingKey(spki(generateKeyPairSync('ed25519').publicKey));
    expect(another.verify(message, signature)).toBe(false);
  });

  test('may be encrypted', () => {
    const pem = encrypted(pair.privateKey);
    expect(open.verify(message, readSigningKey(pem, 'open sesame').sign(message))).toBe(true);
    expect(failure(() => readSigningKey(pem, undefined))).toBe(
      'key/passphrase: the private key is encrypted (set SLUICE_KEY_PASSPHRASE)',
    );
    expect(failure(() => readSigningKey(pem, ''))).toMatch(/^key\/passphrase: the private key is encrypted/);
    expect(failure(() => readSigningKey(pem, 'open barley'))).toBe(
      'key/passphrase: the private key can not be decrypted: it is damaged, or the passphrase is wrong',
    );
  });

  test('takes no bytes for a signature that are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(open.verify(message, Buffer.from(bytes))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

test('P-384 verifies with either hash, and signs with the one that cosign expects', () => {
  const open = readVerifyingKey(spki(p384.publicKey));
  expect(open.verify(message, sign('sha384', message, p384.privateKey))).toBe(true);
  expect(open.verify(message, sign('sha512', message, p384.privateKey))).toBe(false);
  const p256Open = readVerifyingKey(spki(p256.publicKey));
  expect(p256Open.verify(message, sign('sha384', message, p256.privateKey))).toBe(false);
});

/** Signatures that others made (RFC 6979 appendix A.2.5 and A.2.6, RFC 8032 section 7.1). */
describe('a published signature is verified', () => {
  const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');
  const der = (r: string, s: string) => {
    const integer = (text: string) => {
      const bytes = hex(text);
      const body = bytes[0]! > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
      return Buffer.concat([Buffer.from([2, body.length]), body]);
    };
    const body = Buffer.concat([integer(r), integer(s)]);
    return Buffer.concat([Buffer.from([0x30, body.length]), body]);
  };
  const pemOf = (jwk: { kty: string; crv: string; x: string; y?: string }) =>
    spki(createPublicKey({ key: jwk, format: 'jwk' }));
  const url = (text: string) => hex(text).toString('base64url');

  test('ECDSA, P-256 and SHA-256', () => {
    const key = readVerifyingKey(
      pemOf({
        kty: 'EC',
        crv: 'P-256',
        x: url('60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6'),
        y: url('7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299'),
      }),
    );
    const signature = der(
      'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716',
      'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
    );
    expect(key.verify(Buffer.from('sample'), signature)).toBe(true);
    expect(key.verify(Buffer.from('Sample'), signature)).toBe(false);
  });

  test('ECDSA, P-384 and SHA-256 or SHA-384', () => {
    const key = readVerifyingKey(
      pemOf({
        kty: 'EC',
        crv: 'P-384',
        x: url('EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13'),
        y: url('8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720'),
      }),
    );
    const signatures = [
      der(
        '21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33BDE1E888E63355D92FA2B3C36D8FB2CD',
        'F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEBEFDC63ECCD1AC42EC0CB8668A4FA0AB0',
      ),
      der(
        '94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46',
        '99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8',
      ),
    ];
    expect(signatures.map((signature) => key.verify(Buffer.from('sample'), signature))).toEqual([true, true]);
  });

  test('Ed25519', () => {
    const x = url('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    const key = readVerifyingKey(pemOf({ kty: 'OKP', crv: 'Ed25519', x }));
    const signature = hex(
      `e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
       5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b`,
    );
    expect(key.verify(Buffer.alloc(0), signature)).toBe(true);
  });
});

describe('a key file that is of no use', () => {
  const begin = '-----BEGIN';
  const block = (label: string) => Buffer.from(`${begin} ${label}-----\nAAAA\n-----END ${label}-----\n`);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-521' });
  const known = 'known are ECDSA with P-256 or P-384, and Ed25519';

  test('is refused for verifying', () => {
    const cases: [Buffer, string][] = [
      [Buffer.from('x'), "key/malformed: the key can't be used: it is not PEM"],
      [Buffer.alloc(0), "key/malformed: the key can't be used: it is not PEM"],
      [
        pkcs8(p256.privateKey),
        "key/malformed: the key can't be used: it is a private key, which stays with who signs (openssl pkey -in FILE -pubout gives the public one)",
      ],
      [block('CERTIFICATE'), "key/malformed: the key can't be used: it is no public key"],
      [block('PUBLIC KEY'), "key/malformed: the key can't be used: it is damaged"],
      [
        Buffer.concat([spki(p256.publicKey), spki(p384.publicKey)]),
        "key/malformed: the key can't be used: it holds more than one",
      ],
      [spki(rsa.publicKey), `key/kind: the key is of a kind that is not known (rsa) (${known})`],
      [spki(other.publicKey), `key/kind: the key is of a kind that is not known (secp521r1) (${known})`],
    ];
    for (const [pem, why] of cases) expect(failure(() => readVerifyingKey(pem))).toBe(why);
  });

  test('is refused for signing', () => {
    const cases: [Buffer, string][] = [
      [
        spki(p256.publicKey),
        "key/malformed: the key can't be used: it is a public key, and only the private one signs",
      ],
      [
        block('ENCRYPTED SIGSTORE PRIVATE KEY'),
        "key/malformed: the key can't be used: it is in cosign's own format, and PKCS#8 is read (openssl genpkey makes such keys)",
      ],
      [block('PRIVATE KEY'), "key/malformed: the key can't be used: it is damaged"],
      [pkcs8(rsa.privateKey), `key/kind: the key is of a kind that is not known (rsa) (${known})`],
    ];
    for (const [pem, why] of cases) expect(failure(() => readSigningKey(pem, undefined))).toBe(why);
  });

  test('is never shown, nor is its passphrase', () => {
    const pem = pkcs8(p256.privateKey);
    const [, secret = ''] = pem.toString().split('\n');
    const cut = Buffer.from(pem.toString().replace(secret.slice(0, 8), ''));
    const locked = encrypted(p256.privateKey);
    const said = [
      failure(() => readSigningKey(cut, undefined)),
      failure(() => readVerifyingKey(pem)),
      failure(() => readSigningKey(locked, 'wrong passphrase')),
    ].join('\n');
    expect(said).not.toContain(secret.slice(10, 20));
    expect(said).not.toContain('wrong passphrase');
  });

  test('of the traditional form is read', () => {
    const sec1 = Buffer.from(p256.privateKey.export({ type: 'sec1', format: 'pem' }));
    const parameters = `${begin} EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n`;
    for (const pem of [sec1, Buffer.from(parameters + sec1.toString())]) {
      expect(readVerifyingKey(spki(p256.publicKey)).verify(message, readSigningKey(pem, undefined).sign(message))).toBe(
        true,
      );
    }
  });
});
