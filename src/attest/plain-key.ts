import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { SluiceError } from '../util/error.ts';

/** The private half of a key pair: signs, and knows the public half. */
export interface SigningKey {
  /** A signature of exactly these bytes. */
  sign(bytes: Buffer): Buffer;
  readonly public: VerifyingKey;
}

/** The public half of a key pair. */
export interface VerifyingKey {
  /** Whether it is a signature of exactly these bytes by the private half. */
  verify(bytes: Buffer, signature: Buffer): boolean;
}

/** The largest file of a key that is read, in bytes. */
export const maxKeyBytes = 64 * 1024;

/** Kinds of keys, with the hashes under which their signatures are known; the first is the one that is made. */
const hashes = {
  /** ECDSA with P-256 (FIPS 186-5). */
  prime256v1: ['sha256'],
  /** With P-384 cosign's `verify --key` takes SHA-256 unless it is told otherwise, while others pair it with SHA-384. */
  secp384r1: ['sha256', 'sha384'],
  /** Ed25519 (RFC 8032) hashes for itself. */
  ed25519: [null],
} as const;

const kinds = 'ECDSA with P-256 or P-384, and Ed25519';

/**
 * Reads a private key in PEM (PKCS#8, RFC 5958, also encrypted; SEC 1). No message holds any of it.
 * @throws SluiceError `key/malformed`, `key/passphrase`, `key/kind`
 */
export function readSigningKey(pem: Buffer, passphrase: string | undefined): SigningKey {
  const label = onlyLabel(pem);
  if (label === 'PUBLIC KEY') throw malformed('it is a public key, and only the private one signs');
  if (/^ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY$/.test(label)) {
    throw malformed("it is in cosign's own format, and PKCS#8 is read", 'openssl genpkey makes such keys');
  }
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || pem.includes('\nProc-Type: 4,ENCRYPTED');
  if (encrypted && !passphrase) {
    throw new SluiceError('key/passphrase', 'the private key is encrypted', 'set SLUICE_KEY_PASSPHRASE');
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem', ...(encrypted ? { passphrase } : {}) });
  } catch {
    if (!encrypted) throw malformed('it is damaged');
    throw new SluiceError(
      'key/passphrase',
      'the private key can not be decrypted: it is damaged, or the passphrase is wrong',
    );
  }
  const [hash] = hashesOf(key);
  return { sign: (bytes) => sign(hash, bytes, key), public: verifyingKey(createPublicKey(key)) };
}

/**
 * Reads a public key in PEM (SubjectPublicKeyInfo, RFC 5280).
 * @throws SluiceError `key/malformed`, `key/kind`
 */
export function readVerifyingKey(pem: Buffer): VerifyingKey {
  const label = onlyLabel(pem);
  // A machine that checks has no business with what signs.
  if (label.endsWith('PRIVATE KEY')) {
    throw malformed(
      'it is a private key, which stays with who signs',
      'openssl pkey -in FILE -pubout gives the public one',
    );
  }
  if (label !== 'PUBLIC KEY') throw malformed('it is no public key');
  let key: KeyObject;
  try {
    key = createPublicKey({ key: pem, format: 'pem' });
  } catch {
    throw malformed('it is damaged');
  }
  return verifyingKey(key);
}

function verifyingKey(key: KeyObject): VerifyingKey {
  const known = hashesOf(key);
  return { verify: (bytes, signature) => known.some((hash) => verify(hash, bytes, key, signature)) };
}

function hashesOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly ['sha256' | null, ...'sha384'[]] {
  const kind = asymmetricKeyType === 'ec' ? asymmetricKeyDetails?.namedCurve : asymmetricKeyType;
  if (kind === 'prime256v1' || kind === 'secp384r1' || kind === 'ed25519') return hashes[kind];
  const shown = typeof kind === 'string' ? ` (${kind.slice(0, 30)})` : '';
  throw new SluiceError('key/kind', `the key is of a kind that is not known${shown}`, `known are ${kinds}`);
}

/** What the file holds by its first line. Of several keys one would be taken, and nobody knows which. */
function onlyLabel(pem: Buffer): string {
  const text = pem.toString('latin1');
  const labels = [...text.matchAll(/^-----BEGIN ([A-Z0-9 ]{1,60})-----/gm)];
  // Before a key of the traditional form stand the parameters of its curve.
  const keys = labels.map(([, label]) => label ?? '').filter((label) => label !== 'EC PARAMETERS');
  if (keys.length === 0) throw malformed('it is not PEM');
  if (keys.length > 1) throw malformed('it holds more than one');
  return keys[0] ?? '';
}

function malformed(why: string, hint?: string): SluiceError {
  return new SluiceError('key/malformed', `the key can't be used: ${why}`, hint);
}
