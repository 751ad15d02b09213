import { type DerValue, derTags, readDer, readDerBegin, readSequence } from './der.ts';

/** What a private key says of itself. */
export interface KeyFacts {
  /** `an RSA key of 2048 bits`. */
  readonly kind: string;
  /** Undefined: it does not say. */
  readonly encrypted: boolean | undefined;
}

/** Longest key that is read: UTF-16 units of its text. */
const longestKey = 65_536;
/** Most values of one sequence in a key: an RSA key has nine. */
const mostParts = 12;

/** Bytes of the smallest key in DER: one of Ed25519 has 48. */
const shortestKey = 40;
/** Letters of base 64 of the smallest key, without those that a pattern leaves away. */
const leastLetters = 60;
/** Most bytes that a pattern leaves away at the end of a key: it takes five letters at a time. */
const mostCut = 4;
/** Bytes from which on the begin of a key tells enough. */
const leastBegin = 480;
/** Bytes of the smallest RSA modulus that anybody used. */
const leastModulus = 64;

/** Object identifiers of kinds of key, as DER's bytes in hex. */
const algorithms: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010101', 'an RSA key'],
  ['2a864886f70d01010a', 'an RSA key'],
  ['2a8648ce3d0201', 'an elliptic-curve key'],
  ['2a8648ce380401', 'a DSA key'],
  ['2b6570', 'an Ed25519 key'],
  ['2b6571', 'an Ed448 key'],
  ['2b656e', 'an X25519 key'],
  ['2b656f', 'an X448 key'],
]);

/** Tells what a key in PEM, OpenSSH's, PuTTY's or OpenPGP's form is; undefined where it is none, such as a shortened one. */
export function describeKey(text: string): KeyFacts | undefined {
  if (text.length > longestKey) return undefined;
  if (text.startsWith('PuTTY-User-Key-File-')) return describePutty(text);
  // In JSON, YAML and source code, line ends are written as `\n`, and lines stand between quotes.
  const plain = text.replace(/\\[nrt]/g, '\n');
  const label = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(plain)?.[1];
  if (label === undefined) return undefined;
  // A pattern's match may end before the key's last line does, or before a long key does.
  const end = plain.indexOf('-----END ');
  const body = plain.slice(label.length + 16, end < 0 ? undefined : end);
  const encrypted = body.includes('Proc-Type: 4,ENCRYPTED');
  const bytes = bytesOf(body);
  if (bytes === undefined) return undefined;
  if (encrypted) return bytes.length >= 48 ? { kind: kindOf(label), encrypted } : undefined;
  return describeBytes(label, bytes, end < 0 && (bytes.length >= leastBegin || isNearlyWhole(bytes)));
}

/** Whether all but the last few bytes of a value are there. */
function isNearlyWhole(bytes: Buffer): boolean {
  const outer = readDer(bytes, 0, Number.MAX_SAFE_INTEGER);
  return outer !== undefined && bytes.length >= shortestKey && outer.to - bytes.length <= mostCut;
}

/** `isBegin`: the bytes may end before the key does. */
function describeBytes(label: string, bytes: Buffer, isBegin: boolean): KeyFacts | undefined {
  if (label.startsWith('PGP')) return describePgp(bytes);
  if (label.startsWith('OPENSSH')) return describeOpenSsh(bytes);
  if (/COSIGN|SIGSTORE|SSH2/.test(label))
    return bytes.length >= 48 ? { kind: kindOf(label), encrypted: true } : undefined;
  const outer = isBegin ? readDerBegin(bytes) : readDer(bytes, 0);
  if (outer === undefined || outer.tag !== derTags.sequence) return undefined;
  const parts = readSequence(bytes, outer, mostParts, isBegin);
  if (parts === undefined || parts.length < 2) return undefined;
  if (parts[0]!.tag === derTags.sequence) return describeEncrypted(parts);
  if (parts[0]!.tag !== derTags.integer) return undefined;
  return parts[1]!.tag === derTags.sequence ? describePkcs8(bytes, parts, isBegin) : describeTraditional(label, parts);
}

/** The bytes of a body in base 64, without its headers; undefined where it is too short, or holds what base 64 has not. */
function bytesOf(body: string): Buffer | undefined {
  const lines = body.replace(/^[\s"',+\\]*(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n[\s"',+\\]*){0,8}/, '');
  // The checksum of OpenPGP's armour (RFC 9580, 6.1) is no part of the key.
  const letters = lines
    .replace(/\n=[A-Za-z0-9+/]{4}\s*$/, '')
    // Texts that are joined: the sign between quotes is none of the key's letters.
    .replace(/["'][ \t\r\n]{0,80}\+[ \t\r\n]{0,80}["']/g, '')
    .replace(/[\s"'\\,]+/g, '');
  if (letters.length < leastLetters || !/^[A-Za-z0-9+/]+={0,2}$/.test(letters)) return undefined;
  return Buffer.from(letters, 'base64');
}

/** PKCS#1, SEC 1 and OpenSSL's form of DSA. */
function describeTraditional(label: string, parts: readonly DerValue[]): KeyFacts | undefined {
  const integers = parts.filter(({ tag }) => tag === derTags.integer).length;
  const isRsa = integers >= 9 || (label.startsWith('RSA') && integers >= 2 && lengthOf(parts[1]!) >= leastModulus);
  if (isRsa) return { kind: `an RSA key of ${bitsOf(parts[1]!)} bits`, encrypted: false };
  if (integers === 6) return { kind: `a DSA key of ${bitsOf(parts[1]!)} bits`, encrypted: false };
  if (parts[1]!.tag === derTags.octets && lengthOf(parts[1]!) >= 14)
    return { kind: 'an elliptic-curve key', encrypted: false };
  return label === 'RSA PRIVATE KEY' || integers > 0 ? undefined : { kind: kindOf(label), encrypted: undefined };
}

/** PrivateKeyInfo (RFC 5958). */
function describePkcs8(bytes: Buffer, parts: readonly DerValue[], isBegin: boolean): KeyFacts | undefined {
  const oid = readDer(bytes, parts[1]!.from, parts[1]!.to);
  const key = parts[2];
  if (oid?.tag !== derTags.oid || (key === undefined ? !isBegin : key.tag !== derTags.octets || lengthOf(key) < 16))
    return undefined;
  const kind = algorithms.get(bytes.subarray(oid.from, oid.to).toString('hex')) ?? 'a private key';
  return { kind, encrypted: false };
}

/** EncryptedPrivateKeyInfo (RFC 5958). */
function describeEncrypted(parts: readonly DerValue[]): KeyFacts | undefined {
  const [, data] = parts;
  if (parts.length !== 2 || data?.tag !== derTags.octets || lengthOf(data) < 32) return undefined;
  return { kind: 'a private key', encrypted: true };
}

/** `openssh-key-v1`: behind the mark the name of the cipher. */
function describeOpenSsh(bytes: Buffer): KeyFacts | undefined {
  const mark = 'openssh-key-v1\0';
  if (bytes.length < 64 || bytes.toString('latin1', 0, mark.length) !== mark) return undefined;
  const size = bytes.readUInt32BE(mark.length);
  const cipher = bytes.toString('latin1', mark.length + 4, mark.length + 4 + Math.min(size, 32));
  return { kind: 'an OpenSSH key', encrypted: cipher !== 'none' };
}

/** The first packet is a secret key (RFC 9580, 4.2 and 5.5.1.3): tag 5, or 7 for a subkey. */
function describePgp(bytes: Buffer): KeyFacts | undefined {
  const first = bytes[0]!;
  const tag = first & 0x40 ? first & 0x3f : (first >> 2) & 0x0f;
  return (first & 0x80) !== 0 && (tag === 5 || tag === 7)
    ? { kind: 'an OpenPGP key', encrypted: undefined }
    : undefined;
}

function describePutty(text: string): KeyFacts | undefined {
  const cipher = /\nEncryption: ([\w-]{1,32})/.exec(text)?.[1];
  if (cipher === undefined || !/\nPrivate-Lines: [1-9]/.test(text)) return undefined;
  return { kind: 'a PuTTY key', encrypted: cipher !== 'none' };
}

function kindOf(label: string): string {
  if (label.startsWith('RSA')) return 'an RSA key';
  if (label.startsWith('EC ')) return 'an elliptic-curve key';
  return label.startsWith('DSA') ? 'a DSA key' : 'a private key';
}

function lengthOf({ from, to }: DerValue): number {
  return to - from;
}

/** Bits of a positive number, of which DER writes a zero in front where its first bit is set; keys have whole bytes. */
function bitsOf(value: DerValue): number {
  return Math.floor(lengthOf(value) / 8) * 64;
}
