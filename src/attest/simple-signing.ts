import type { Signature, Signer, Verifier } from '../advisory/artifact/contract.ts';
import { type Digest, digestIn } from '../model/digest.ts';
import { readPlainJson } from '../source/manifest.ts';
import { asRecord } from '../util/json.ts';
import type { SigningKey, VerifyingKey } from './plain-key.ts';

/*
 * The payload that cosign signs (containers/image, "atomic container signature", as far as cosign uses it): which
 * manifest is meant, and what the signature is for. The reference in it is a remark that nobody checks.
 */

const payloadKind = 'cosign container image signature';

/** The payload that names a manifest. */
function encodePayload(manifest: Digest, repository: string): Buffer {
  const critical = {
    identity: { 'docker-reference': repository },
    image: { 'docker-manifest-digest': manifest },
    type: payloadKind,
  };
  return Buffer.from(JSON.stringify({ critical, optional: {} }));
}

/** Why a payload whose signature is good does not speak for the manifest; undefined when it does. */
function payloadRefusal(payload: Buffer, manifest: Digest): string | undefined {
  let value: unknown;
  try {
    value = readPlainJson(payload, 'what it signs');
  } catch {
    return 'what it signs is not plain JSON';
  }
  const critical = asRecord(asRecord(value)?.critical);
  // The same key may sign other things, which must not be taken for this.
  if (critical?.type !== payloadKind) return 'what it signs is no container image signature';
  const named = digestIn(asRecord(critical.image)?.['docker-manifest-digest']);
  if (named === manifest) return undefined;
  return named === undefined ? 'what it signs names no manifest' : `it is of another manifest (${named})`;
}

/** Accepts a signature by any of the keys. The bytes are looked into only when one of the keys vouches for them. */
export function simpleVerifier(keys: readonly VerifyingKey[]): Verifier {
  return {
    refusal({ payload, signature }, manifest) {
      if (keys.some((key) => key.verify(payload, signature))) return payloadRefusal(payload, manifest);
      return keys.length === 1 ? 'it is not by the given key' : 'it is by none of the given keys';
    },
  };
}

/** Signs manifests with a key. */
export function simpleSigner(key: SigningKey): Signer {
  const { refusal } = simpleVerifier([key.public]);
  return {
    refusal,
    sign(manifest, repository): Signature {
      const payload = encodePayload(manifest, repository);
      return { payload, signature: key.sign(payload) };
    },
  };
}
