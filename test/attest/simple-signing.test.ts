import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSigningKey, type SigningKey } from '../../src/attest/plain-key.ts';
import { simpleSigner, simpleVerifier } from '../../src/attest/simple-signing.ts';
import { digestOfHex } from '../../src/model/digest.ts';

const manifest = digestOfHex('ab'.repeat(32));
const other = digestOfHex('cd'.repeat(32));

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return readSigningKey(Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })), undefined);
}

const key = newKey();

/** What a verifier says of a payload that its own key signed. */
function refusalOf(payload: string): string | undefined {
  const bytes = Buffer.from(payload);
  return simpleVerifier([key.public]).refusal({ payload: bytes, signature: key.sign(bytes) }, manifest);
}

describe('the payload', () => {
  test("is cosign's", () => {
    const { payload } = simpleSigner(key).sign(manifest, 'registry.example.org/team/data');
    expect(JSON.parse(payload.toString())).toEqual({
      critical: {
        identity: { 'docker-reference': 'registry.example.org/team/data' },
        image: { 'docker-manifest-digest': manifest },
        type: 'cosign container image signature',
      },
      optional: {},
    });
  });

  const critical = (type: unknown, digest: unknown) =>
    JSON.stringify({ critical: { type, image: { 'docker-manifest-digest': digest } }, optional: { note: 1 } });
  const kind = 'cosign container image signature';

  test.each([
    [critical(kind, manifest), undefined],
    [` ${critical(kind, manifest)}\n`, undefined],
    [critical(kind, other), `it is of another manifest (${other})`],
    [critical(kind, manifest.slice(7)), 'what it signs names no manifest'],
    [critical(kind, [manifest]), 'what it signs names no manifest'],
    [critical(kind, undefined), 'what it signs names no manifest'],
    [critical('atomic container signature', manifest), 'what it signs is no container image signature'],
    [critical([kind], manifest), 'what it signs is no container image signature'],
    ['null', 'what it signs is no container image signature'],
    ['[]', 'what it signs is no container image signature'],
    ['{"critical":null}', 'what it signs is no container image signature'],
    [`{"_type":"https://in-toto.io/Statement/v1","subject":[]}`, 'what it signs is no container image signature'],
    ['<html>', 'what it signs is not plain JSON'],
    ['', 'what it signs is not plain JSON'],
    ['['.repeat(100_000), 'what it signs is not plain JSON'],
    [critical(kind, manifest).replace('"critical"', '"critical":1,"critical"'), 'what it signs is not plain JSON'],
  ])('%s', (payload, refusal) => {
    expect(refusalOf(payload)).toBe(refusal);
  });

  test('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(typeof refusalOf(text)).toBe('string');
      }),
    );
  });
});

describe('a signature', () => {
  const signature = simpleSigner(key).sign(manifest, '');

  test('counts by any of the keys, for its manifest alone', () => {
    const [second, third] = [newKey(), newKey()];
    expect(simpleSigner(key).refusal(signature, manifest)).toBeUndefined();
    expect(simpleVerifier([second.public, key.public]).refusal(signature, manifest)).toBeUndefined();
    expect(simpleVerifier([second.public]).refusal(signature, manifest)).toBe('it is not by the given key');
    expect(simpleVerifier([second.public, third.public]).refusal(signature, manifest)).toBe(
      'it is by none of the given keys',
    );
    expect(simpleVerifier([]).refusal(signature, manifest)).toBe('it is by none of the given keys');
    expect(simpleVerifier([key.public]).refusal(signature, other)).toBe(`it is of another manifest (${manifest})`);
  });

  test('is of exactly its bytes: the same JSON written in another way is not signed', () => {
    const payload = Buffer.from(JSON.stringify(JSON.parse(signature.payload.toString()), null, 1));
    expect(simpleVerifier([key.public]).refusal({ ...signature, payload }, manifest)).toBe(
      'it is not by the given key',
    );
  });
});
