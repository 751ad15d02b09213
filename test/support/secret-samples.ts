import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';

const alnum = upper + lower + digits;

/** The letters of each kind of random text in a sample (rules/secrets/README.md). */
const alphabets: Readonly<Record<string, string>> = {
  alnum,
  letters: upper + lower,
  lower,
  upper,
  digits,
  hex: `${digits}abcdef`,
  uphex: `${digits}ABCDEF`,
  lowernum: lower + digits,
  uppernum: upper + digits,
  base32: `${upper}234567`,
  base32lower: `${lower}234567`,
  base64: `${upper}${lower}${digits}+/`,
  base64url: `${upper}${lower}${digits}-_`,
  bech32: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  django: `${lower}${digits}!@#$%^&*(-_=+)`,
};

/** Draws the same bytes for the same seed, for ever: SHA-256 over the seed and a number. */
class Draw {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** So many bytes. */
  bytes(length: number): Buffer {
    const parts: Buffer[] = [];
    for (let size = 0; size < length; size += 32)
      parts.push(
        createHash('sha256')
          .update(`${this.#seed}\0${this.#count++}`)
          .digest(),
      );
    return Buffer.concat(parts).subarray(0, length);
  }

  /** A text of letters of an alphabet that holds capitals, small letters and digits where the alphabet and its length do. */
  text(alphabet: string, length: number): string {
    for (let tries = 0; ; tries++) {
      const text = [...this.bytes(length * 2)]
        .filter((_, at) => at % 2 === 0)
        .map((byte, at) => alphabet[(byte * 7 + at * 13) % alphabet.length])
        .join('');
      if (tries > 50 || length < 12 || isMixed(text, alphabet)) return text;
    }
  }
}

function isMixed(text: string, alphabet: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/].filter((kind) => kind.test(alphabet));
  return kinds.every((kind) => kind.test(text)) && !/(.)\1\1/.test(text);
}

/** Puts random text in the place of each `{{kind:argument}}` of a sample. The same seed gives the same text. */
export function expandSample(template: string, seed: string): string {
  return expand(template, new Draw(seed));
}

function expand(template: string, draw: Draw): string {
  let text = '';
  let at = 0;
  for (;;) {
    const start = template.indexOf('{{', at);
    if (start < 0) return text + template.slice(at);
    const end = closing(template, start);
    const form = /^([a-z][a-z0-9-]*)(?::([\s\S]*))?$/.exec(template.slice(start + 2, end - 2));
    if (form === null) throw new Error(`a sample holds ${JSON.stringify(template.slice(start, end))}`);
    text += template.slice(at, start) + make(form[1]!, expand(form[2] ?? '', draw), draw);
    at = end;
  }
}

/** Where the braces close that open at a place. */
function closing(template: string, start: number): number {
  let depth = 0;
  for (let at = start; at < template.length; at++) {
    if (template[at] === '{') depth++;
    else if (template[at] === '}' && --depth === 0) return at + 1;
  }
  throw new Error(`a sample has no end of ${JSON.stringify(template.slice(start, start + 20))}`);
}

function make(kind: string, argument: string, draw: Draw): string {
  const alphabet = alphabets[kind];
  if (alphabet !== undefined) return draw.text(alphabet, Number(argument));
  const maker = makers[kind];
  if (maker === undefined) throw new Error(`a sample asks for ${kind}`);
  return maker(argument, draw);
}

const makers: Readonly<Record<string, (argument: string, draw: Draw) => string>> = {
  uuid: (_, draw) => uuid(draw),
  'base64-of': (text) => Buffer.from(text).toString('base64'),
  'github-checksum': (prefix, draw) => withChecksum(prefix, draw),
  'pypi-token': (_, draw) => pypiToken(draw),
  jwt: (claims, draw) => jwt(claims, draw),
  wireguard: (_, draw) => draw.bytes(32).toString('base64'),
  pem: (label, draw) => pem(label, keyBytes(label, draw)),
  'pem-rsa': (size, draw) => pem('RSA PRIVATE KEY', rsaBytes(Number(size), draw)),
  'pem-in-json': (label, draw) => JSON.stringify(pem(label, keyBytes(label, draw))).slice(1, -1),
  'pem-encrypted': (label, draw) =>
    pem(label, draw.bytes(1_200)).replace(
      '\n',
      '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B2C3D4E5F60718293A4B5C6D7E8F9\n\n',
    ),
  pgp: (_, draw) => pem('PGP PRIVATE KEY BLOCK', Buffer.concat([Buffer.of(0x95, 0x03), draw.bytes(500)])),
  putty: (cipher, draw) => putty(cipher, draw),
};

function uuid(draw: Draw): string {
  const hex = draw.bytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function withChecksum(prefix: string, draw: Draw): string {
  const body = draw.text(alnum, 30);
  const order = digits + upper + lower;
  let check = '';
  for (let rest = crc32(body); check.length < 6; rest = Math.floor(rest / 62)) check = order[rest % 62] + check;
  return prefix + body + check;
}

function pypiToken(draw: Draw): string {
  const packet = (type: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.of(type, bytes.length), bytes]);
  const identifier = packet(2, Buffer.from(uuid(draw)));
  const caveat = packet(2, Buffer.from('[3, "7b1a9f60-7f0c-4e0a-a0d3-7a1c5d1f0f11"]'));
  const [end, signature] = [Buffer.of(0), packet(6, draw.bytes(32))];
  const bytes = [Buffer.of(2), packet(1, Buffer.from('pypi.org')), identifier, end, caveat, end, end, signature];
  return `pypi-${Buffer.concat(bytes).toString('base64url')}`;
}

function jwt(claims: string, draw: Draw): string {
  const part = (text: string): string => Buffer.from(text).toString('base64url');
  return `${part('{"alg":"HS256","typ":"JWT"}')}.${part(claims)}.${draw.bytes(32).toString('base64url')}`;
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g)!;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}

/** A key by its outer form alone: the numbers in it are drawn, so nobody can use it. */
function keyBytes(label: string, draw: Draw): Buffer {
  if (label === 'OPENSSH PRIVATE KEY') return openSshBytes(draw);
  if (label === 'EC PRIVATE KEY')
    return der(0x30, number(1), der(4, draw.bytes(32)), der(0xa0, der(6, Buffer.from('2a8648ce3d030107', 'hex'))));
  if (label === 'PUBLIC KEY' || label === 'CERTIFICATE') return der(0x30, draw.bytes(290));
  const rsa = rsaBytes(256, draw);
  if (label === 'RSA PRIVATE KEY') return rsa;
  if (label === 'ENCRYPTED PRIVATE KEY')
    return der(0x30, der(0x30, der(6, Buffer.from('2a864886f70d01050d', 'hex'))), der(4, draw.bytes(300)));
  const algorithm = der(0x30, der(6, Buffer.from('2a864886f70d010101', 'hex')), Buffer.of(5, 0));
  return der(0x30, number(0), algorithm, der(4, rsa));
}

/** An RSA key with a modulus of so many bytes. */
function rsaBytes(size: number, draw: Draw): Buffer {
  const half = size / 2;
  return der(0x30, number(0), ...[size, 3, size, half, half, half, half, half].map((bytes) => big(draw.bytes(bytes))));
}

function openSshBytes(draw: Draw): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.of(0, 0, 0, value.length), Buffer.from(value)]);
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    Buffer.of(0, 0, 0, 1),
    draw.bytes(200),
  ]);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const head = size < 128 ? [tag, size] : size < 256 ? [tag, 0x81, size] : [tag, 0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function number(value: number): Buffer {
  return der(2, Buffer.of(value));
}

function big(bytes: Buffer): Buffer {
  return der(2, Buffer.of(0), bytes);
}

function putty(cipher: string, draw: Draw): string {
  const lines = draw
    .bytes(144)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return [
    'PuTTY-User-Key-File-2: ssh-ed25519',
    `Encryption: ${cipher}`,
    'Comment: deploy',
    `Public-Lines: ${lines.length}`,
    ...lines,
    'Private-Lines: 1',
    draw.bytes(36).toString('base64'),
    `Private-MAC: ${draw.bytes(20).toString('hex')}`,
  ].join('\n');
}
