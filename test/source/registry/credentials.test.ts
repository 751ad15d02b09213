import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askHelper } from '../../../src/source/registry/credential-helper.ts';
import { createCredentialFinder } from '../../../src/source/registry/credentials.ts';
import { startRegistry, type TestRegistry } from '../../support/registry.ts';
import { appOf, errorOf, manifestBytes, manifestType, probe } from './support.ts';

let folder: string;
let env: Record<string, string>;

/** A helper that is a shell script; it finds what it was asked in `$asked`. */
function helper(name: string, script: string): void {
  const path = join(folder, `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\nread -r asked\nprintf '%s %s\\n' "$1" "$asked" >> '${folder}/asked'\n${script}\n`);
  chmodSync(path, 0o755);
}

function configFile(value: unknown): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const asked = () =>
  existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n') : [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-helper-'));
  env = { PATH: `${folder}:/usr/bin:/bin` };
  helper('good', `echo '{"ServerURL":"x","Username":"me","Secret":"pw:1"}'`);
  helper('identity', `echo '{"ServerURL":"x","Username":"<token>","Secret":"idt"}'`);
  helper('none', `echo 'credentials not found in native keychain'; exit 1`);
  helper('broken', `echo 'top secret'; echo 'top secret' >&2; exit 1`);
  helper('garbage', `echo 'top secret'`);
  helper('null', 'echo null');
  helper('numbers', `echo '{"Username":1,"Secret":2}'`);
  helper('chatty', 'yes');
  helper('slow', 'sleep 20');
});
beforeEach(() => rmSync(join(folder, 'asked'), { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a credential helper', () => {
  const ask = (name: string, timeoutMs = 10_000) => askHelper({ name, server: 'reg.example', env, timeoutMs });

  test('is asked for the server on its input', async () => {
    expect(await ask('good')).toEqual({ kind: 'basic', username: 'me', password: 'pw:1' });
    expect(asked()).toEqual(['get reg.example']);
  });

  test('may give an identity token, or have nothing', async () => {
    expect(await ask('identity')).toEqual({ kind: 'identity', username: '', token: 'idt' });
    expect(await ask('none')).toBeUndefined();
  });

  test.each([
    ['broken', 'docker-credential-broken failed'],
    ['garbage', 'docker-credential-garbage answered something other than JSON'],
    ['null', 'docker-credential-null answered without Username and Secret'],
    ['numbers', 'docker-credential-numbers answered without Username and Secret'],
    ['chatty', 'docker-credential-chatty printed too much'],
    ['absent', 'docker-credential-absent is not on the PATH'],
    ['../../bin/sh', 'a credential helper has a name with characters that are refused'],
    ['a b', 'a credential helper has a name with characters that are refused'],
    ['a;id', 'a credential helper has a name with characters that are refused'],
    ['', 'a credential helper has a name with characters that are refused'],
  ])('%s fails without a word of what it printed', async (name, message) => {
    await expect(ask(name)).rejects.toMatchObject({ code: 'registry/credentials', message });
  });

  test('that hangs is stopped', async () => {
    const started = performance.now();
    await expect(ask('slow', 300)).rejects.toMatchObject({
      message: 'docker-credential-slow did not answer within 0.3 s',
    });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('where credentials are looked for', () => {
  const troubles: string[] = [];
  const find = (config: unknown, more: Record<string, string> = {}) => {
    troubles.length = 0;
    return createCredentialFinder({
      env: { ...env, ...more },
      dockerConfigPath: configFile(config),
      onTrouble: (message) => void troubles.push(message),
    });
  };
  const file = { kind: 'basic', username: 'file', password: 'pw' };
  const entry = { username: 'file', password: 'pw' };

  test('variables first', async () => {
    const given = { SLUICE_REGISTRY_USERNAME: 'env', SLUICE_REGISTRY_PASSWORD: 'pw' };
    const ours = { kind: 'basic', username: 'env', password: 'pw' };
    const config = { auths: { 'a.example': entry }, credsStore: 'good' };
    expect((await find(config, given)('a.example')).credentials).toEqual(ours);
    expect(asked()).toEqual([]);
    const limited = find({ auths: { 'a.example': entry } }, { ...given, SLUICE_REGISTRY_HOST: 'B.example' });
    expect((await limited('a.example')).credentials).toEqual(file);
    expect((await limited('b.example')).credentials).toEqual(ours);
  });

  test.each(['SLUICE_REGISTRY_USERNAME', 'SLUICE_REGISTRY_PASSWORD'])('%s alone is an error', (name) => {
    expect(() => find({}, { [name]: 'x' })).toThrowError(expect.objectContaining({ code: 'registry/credentials' }));
  });

  test("then the registry's helper, the general one, the file", async () => {
    const finder = find({
      auths: { 'a.example': entry, 'b.example': entry },
      credHelpers: { 'a.example': 'good', 'c.example': 'identity' },
      credsStore: 'none',
    });
    expect((await finder('a.example')).credentials).toEqual({ kind: 'basic', username: 'me', password: 'pw:1' });
    expect((await finder('b.example')).credentials).toEqual(file);
    expect((await finder('c.example')).credentials).toMatchObject({ kind: 'identity' });
    expect(await finder('d.example')).toEqual({ credentials: undefined, trouble: undefined });
    await finder('a.example');
    expect(asked()).toEqual(['get a.example', 'get b.example', 'get c.example', 'get d.example']);
    expect(troubles).toEqual([]);
  });

  test('Docker Hub by the name that docker gives it', async () => {
    const finder = find({ credsStore: 'good' });
    expect((await finder('docker.io')).credentials).toMatchObject({ username: 'me' });
    expect(asked()).toEqual(['get https://index.docker.io/v1/']);
    const inFile = find({ auths: { 'https://index.docker.io/v1/': entry } });
    expect((await inFile('docker.io')).credentials).toEqual(file);
  });

  test('what cannot be asked is told and passed over', async () => {
    const finder = find({ auths: { 'a.example': entry }, credsStore: 'broken' });
    const trouble = 'docker-credential-broken failed';
    expect(await finder('a.example')).toEqual({ credentials: file, trouble });
    expect(await finder('b.example')).toEqual({ credentials: undefined, trouble });
    expect(troubles).toEqual([trouble, trouble]);
    const broken = "docker's configuration is not a JSON object";
    expect(await find('oops')('a.example')).toEqual({ credentials: undefined, trouble: broken });
    expect(troubles).toEqual([broken]);
  });
});

describe('a helper that fails', () => {
  const user = { username: 'me', password: 'pw:1' };
  const running: TestRegistry[] = [];
  afterEach(async () => {
    for (const registry of running.splice(0)) await registry.close();
  });
  const start = async (token: Parameters<typeof startRegistry>[0]) => {
    const registry = await startRegistry(token);
    running.push(registry);
    registry.putManifest('team/app', '1', manifestBytes, manifestType);
    return registry;
  };

  test('does not stop what anybody may pull', async () => {
    const registry = await start({ token: {} });
    const { client, events } = probe({ env, dockerConfigPath: configFile({ credsStore: 'broken' }) });
    await client.manifest(appOf(registry));
    expect(events).toEqual([{ kind: 'warning', message: 'docker-credential-broken failed' }]);
  });

  test.each([{ basic: user }, { token: { user } }])('is named once the registry refuses: %j', async (options) => {
    const registry = await start(options);
    const { client } = probe({ env, dockerConfigPath: configFile({ credsStore: 'broken' }) });
    const error = await errorOf(client.manifest(appOf(registry)));
    expect(error.code).toBe('registry/unauthorized');
    expect(error.message).toMatch(/; docker-credential-broken failed$/);
    expect(error.message).not.toContain('top secret');
  });

  test('but one that answers opens the door, and is not run where nobody asks', async () => {
    const registry = await start({ token: { user } });
    const open = await start({});
    const dockerConfigPath = configFile({ credHelpers: { [registry.host]: 'good' }, credsStore: 'broken' });
    const { client, events } = probe({ env, dockerConfigPath });
    await client.manifest(appOf(registry));
    await client.manifest(appOf(open));
    expect(asked()).toEqual([`get ${registry.host}`]);
    expect(events).toEqual([]);
  });
});
