import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { secretRules } from '../../../src/detect/secrets/rules.gen.ts';
import { openScanner } from '../../../src/detect/secrets/scanner.ts';
import { expandSample } from '../../support/secret-samples.ts';

const scanner = await openScanner([secretRules]);
const github = expandSample('{{github-checksum:ghp_}}', 'places');
const npm = expandSample('{{github-checksum:npm_}}', 'places');
const drawn = expandSample('{{alnum:18}}', 'places');
const holds = 'its checksum holds';

const notesOf = (text: string, path: string) => scanner.search(text, path).map(({ notes }) => notes);
const rulesOf = (text: string, path: string) => scanner.search(text, path).map(({ rule }) => rule);

describe('what is said of the place of a secret is true', () => {
  test.each([
    ['an address of a registry is no comment', `//registry.npmjs.org/:_authToken=${npm}`, 'root/.npmrc'],
    ['a host that is called example says nothing', `//npm.shop.example/:_authToken=${npm}`, 'root/.npmrc'],
    ['nor does one of example.com', `H=example.com T=${npm} U=https://example.com/x`, 'srv/.env'],
    ['the history of an image is no documentation', `RUN npm login ${npm}`, 'history'],
    ['nor is a page', `<p>${npm}</p>`, 'srv/www/index.html'],
    ['a line of a crontab is no comment', `* * * * * root T=${npm} run`, 'etc/cron.d/x'],
    ['nor is a macro', `#define TOKEN "${npm}"`, 'src/a.c'],
    ['nor a selector', `#a { b: '${npm}' }`, 'src/a.css'],
    ['a specification of a pod is no test', `token: ${npm}`, 'srv/pod-spec.yaml'],
  ])('%s', (_, text, path) => {
    expect(notesOf(text, path)).toEqual([[holds]]);
  });

  test.each([
    [`# T=${npm}`, 'srv/.env', 'in a comment'],
    [`  // ${npm}`, 'src/a.js', 'in a comment'],
    [`an example: ${npm}`, 'srv/.env', 'said to be an example'],
    [`T=${npm}`, 'srv/docs/a.env', 'in a test, an example or documentation'],
    [`T=${npm}`, 'HISTORY.md', 'in a test, an example or documentation'],
    [`T=${npm}`, 'src/a.spec.ts', 'in a test, an example or documentation'],
  ])('%s in %s: %s', (text, path, note) => {
    expect(notesOf(text, path)).toEqual([[note, holds].sort()]);
  });
});

test('a password in the history of an image is told as one in a setting', () => {
  expect(rulesOf('ENV DB_PASSWORD=Sommer2031!', 'history')).toEqual(['secret/password-assignment']);
  expect(rulesOf('password: Sommer2031!', 'srv/metadata.yaml')).toEqual(['secret/password-assignment']);
});

test('the id of an AWS key has one fingerprint wherever it stands', () => {
  for (let at = 0; at < 20; at++) {
    const id = expandSample('AKIA{{base32:16}}', `id ${at}`);
    const places = [`AWS_ACCESS_KEY_ID=${id}`, `[default]\naws_access_key_id = ${id}\n`];
    const prints = places.flatMap((text, i) =>
      scanner.search(text, `place/${i}`).map(({ fingerprint }) => fingerprint),
    );
    expect([prints.length, new Set(prints).size, id]).toEqual([2, 1, id]);
  }
});

test('a password that begins as a variable does is one, and a variable is none', () => {
  for (const sign of ['$', '%', '@'])
    expect(rulesOf(`DB_PASSWORD='${sign}x${drawn}'`, 'srv/.env')).toEqual(['secret/password-assignment']);
  for (const name of ['$DB_PASSWORD', '%DB_PASSWORD%', '@dbPassword@', '$x'])
    expect(rulesOf(`DB_PASSWORD='${name}'`, 'srv/.env')).toEqual([]);
});

describe('private keys are found whatever their size and however they are written', () => {
  const spki = { type: 'spki', format: 'pem' } as const;
  const curve = (namedCurve: string, type: 'sec1' | 'pkcs8') =>
    generateKeyPairSync('ec', { namedCurve, privateKeyEncoding: { type, format: 'pem' }, publicKeyEncoding: spki })
      .privateKey;
  const keys: readonly (readonly [string, string])[] = [
    ...['P-256', 'P-384', 'P-521'].flatMap((name) => [
      [`${name} SEC 1`, curve(name, 'sec1')] as const,
      [`${name} PKCS#8`, curve(name, 'pkcs8')] as const,
    ]),
    [
      'Ed25519',
      generateKeyPairSync('ed25519', { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: spki })
        .privateKey,
    ],
    ['RSA of 8192 bits', expandSample('{{pem-rsa:1024}}', 'places')],
    ['RSA of 16384 bits', expandSample('{{pem-rsa:2048}}', 'places')],
  ];
  test.each(keys)('%s', (_, key) => {
    const forms = [
      ['LF', key],
      ['CRLF', key.replaceAll('\n', '\r\n')],
      ['JSON', JSON.stringify({ key })],
      ...[1, 2, 3, 4, 5].map(
        (depth) => [`YAML ${depth}`, `key: |\n${key.replaceAll(/^/gm, ' '.repeat(depth))}`] as const,
      ),
      ['one line', `K="${key.replaceAll('\n', ' ')}"`],
    ] as const;
    for (const [form, text] of forms)
      expect([form, rulesOf(text, 'etc/tls/site.pem')]).toEqual([form, ['secret/private-key']]);
  });
});

test('a token is found in any way of writing text', () => {
  const text = `A=1\r\nT=${github}\r\n`;
  const scan = (bytes: Buffer) => {
    const reader = scanner.open('srv/.env', bytes.length)!;
    reader.write(bytes);
    return reader.end().matches.map(({ rule, line }) => `${rule} ${line}`);
  };
  const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
  const late = Buffer.concat([Buffer.from('x\n'.repeat(5_000)), Buffer.of(0), Buffer.from(text)]);
  expect(scan(Buffer.from(`\ufeff${text}`))).toEqual(['secret/github-token 2']);
  expect(scan(wide)).toEqual(['secret/github-token 2']);
  expect(scan(Buffer.from(wide).swap16())).toEqual(['secret/github-token 2']);
  expect(scan(late)).toEqual(['secret/github-token 5002']);
});

test('a hash of a password and what is sealed for a cluster are no passwords', () => {
  for (const value of [
    `$2y$10$${expandSample('{{alnum:53}}', 'hash')}`,
    `$argon2id$v=19$m=65536$${expandSample('{{alnum:22}}', 'hash')}`,
    `{SSHA}${expandSample('{{base64:32}}', 'hash')}`,
    `AgB${expandSample('{{base64:300}}', 'hash')}`,
  ])
    expect([
      value,
      rulesOf(`password: '${value.slice(0, 100)}'`, 'k8s/a.yaml'),
      rulesOf(`password: ${value}`, 'a.yaml'),
    ]).toEqual([value, [], []]);
});
