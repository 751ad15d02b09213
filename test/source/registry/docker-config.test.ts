import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  dockerConfigFile,
  parseDockerConfig,
  readDockerConfig,
  registryKeys,
} from '../../../src/source/registry/docker-config.ts';
import { RegistryFailure } from '../../../src/source/registry/failure.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const auths = (value: unknown) => [...parseDockerConfig(JSON.stringify({ auths: value })).auths];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('where it lies', () => {
  test.each([
    [{ DOCKER_CONFIG: '/d', HOME: '/h' }, '/d/config.json'],
    [{ DOCKER_CONFIG: '', HOME: '/h' }, '/h/.docker/config.json'],
    [{ USERPROFILE: '/u' }, '/u/.docker/config.json'],
    [{}, undefined],
  ])('%j', (env, expected) => {
    expect(dockerConfigFile(env)).toBe(expected);
  });

  test('absent: empty; a folder, too large or broken: an error without a path', () => {
    expect(readDockerConfig(join(folder, 'none.json'))).toEqual({
      auths: new Map(),
      credHelpers: new Map(),
      credsStore: undefined,
    });
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'large.json'), ' '.repeat(1024 * 1024 + 1));
    writeFileSync(join(folder, 'broken.json'), '{"auths": "secret');
    writeFileSync(join(folder, 'good.json'), '{"credsStore":"desktop"}');
    for (const name of ['folder', 'large.json', 'broken.json']) {
      const read = () => readDockerConfig(join(folder, name));
      expect(read).toThrowError(expect.objectContaining({ code: 'registry/credentials' }));
      expect(read).not.toThrowError(new RegExp(`${folder}|secret`));
    }
    expect(readDockerConfig(join(folder, 'good.json')).credsStore).toBe('desktop');
  });
});

describe('auths', () => {
  test.each<[string, unknown, unknown]>([
    ['a password with colons', { auth: base64('me:a:b:c') }, { kind: 'basic', username: 'me', password: 'a:b:c' }],
    ['an empty password', { auth: base64('me:') }, { kind: 'basic', username: 'me', password: '' }],
    ['padding of NUL', { auth: base64('me:pw\0\0') }, { kind: 'basic', username: 'me', password: 'pw' }],
    ['not ASCII', { auth: base64('mé:pä') }, { kind: 'basic', username: 'mé', password: 'pä' }],
    ['plain fields', { username: 'me', password: 'pw' }, { kind: 'basic', username: 'me', password: 'pw' }],
    ['identity token', { identitytoken: 'i' }, { kind: 'identity', username: '', token: 'i' }],
    [
      'identity token with a user',
      { auth: base64('me:'), identitytoken: 'i' },
      { kind: 'identity', username: 'me', token: 'i' },
    ],
    ['the user <token>', { auth: base64('<token>:i') }, { kind: 'identity', username: '', token: 'i' }],
    ['registry token', { auth: base64('me:pw'), registrytoken: 'r' }, { kind: 'bearer', token: 'r' }],
  ])('%s', (_name, entry, expected) => {
    expect(auths({ 'reg.example': entry })).toEqual([['reg.example', expected]]);
  });

  test.each([
    [{}],
    [{ auth: '' }],
    [{ auth: 5 }],
    [{ auth: base64('nocolon') }],
    [{ auth: base64(':pw') }],
    [null],
    ['x'],
    [[]],
  ])('nothing usable: %j', (entry) => {
    expect(auths({ 'reg.example': entry })).toEqual([]);
  });

  test('names of registries', () => {
    const entry = (name: string) => ({ username: name, password: 'p' });
    const read = auths({
      'https://index.docker.io/v1/': entry('hub'),
      'https://Reg.example:5000/v2/': entry('scheme'),
      'http://old.example': entry('http'),
      'both.example/v1': entry('path'),
      'both.example': entry('exact'),
      'narrow.example/team/app': entry('narrow'),
      ['__proto__']: entry('proto'),
    });
    expect(read.map(([name, value]) => [name, 'username' in value && value.username])).toEqual([
      ['https://index.docker.io/v1/', 'hub'],
      ['reg.example:5000', 'scheme'],
      ['old.example', 'http'],
      ['both.example', 'exact'],
      ['__proto__', 'proto'],
    ]);
    expect(registryKeys('reg.example')).toEqual(['reg.example']);
    expect(registryKeys('docker.io')[0]).toBe('https://index.docker.io/v1/');
  });
});

test('helpers', () => {
  const text = '{"credHelpers":{"Reg.example":"a","bad.example":5},"credsStore":""}';
  expect(parseDockerConfig(text)).toEqual({
    auths: new Map(),
    credHelpers: new Map([['reg.example', 'a']]),
    credsStore: undefined,
  });
});

test('any JSON and any text is read or refused', () => {
  const entries = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.record({ auth: fc.base64String() })));
  const config = fc.record({ auths: entries, credHelpers: fc.jsonValue(), credsStore: fc.jsonValue() });
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    config.map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(text, (input) => {
      try {
        const { auths: read, credHelpers } = parseDockerConfig(input);
        expect([...read.values(), ...credHelpers.values()].every((value) => value !== undefined)).toBe(true);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(RegistryFailure);
      }
    }),
    { numRuns: 300 },
  );
});
