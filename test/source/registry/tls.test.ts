import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseReference } from '../../../src/model/reference.ts';
import { isLoopback } from '../../../src/source/proxy.ts';
import { checkScheme, registryHost } from '../../../src/source/registry/endpoint.ts';
import { startRegistry, type TestRegistry, type TestRegistryOptions } from '../../support/registry.ts';
import { redirect } from '../../support/registry-faults.ts';
import { appOf, errorOf, manifestBytes, manifestType, probe } from './support.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'registry');
const cert = readFileSync(join(fixtures, 'localhost.cert.pem'), 'utf8');
const tls = { key: readFileSync(join(fixtures, 'localhost.key.pem'), 'utf8'), cert };
const env = { SLUICE_REGISTRY_USERNAME: 'robot', SLUICE_REGISTRY_PASSWORD: 'secret' };
const running: TestRegistry[] = [];

afterEach(async () => {
  for (const registry of running.splice(0)) await registry.close();
});

async function start(options: TestRegistryOptions): Promise<TestRegistry> {
  const registry = await startRegistry(options);
  running.push(registry);
  registry.putManifest('team/app', '1', manifestBytes, manifestType);
  return registry;
}

describe('https', () => {
  test('is used where the server speaks it, this machine and the insecure option included', async () => {
    const registry = await start({ tls });
    for (const insecure of [false, true]) {
      expect((await probe({ ca: cert, insecure }).client.manifest(appOf(registry))).bytes).toEqual(manifestBytes);
    }
    expect(registry.log).toHaveLength(2);
  });

  test.each([false, true])('a certificate of nobody is refused, insecure: %s', async (insecure) => {
    const registry = await start({ tls });
    const { client, pauses } = probe({ insecure });
    expect(await errorOf(client.manifest(appOf(registry)))).toMatchObject({
      code: 'registry/certificate',
      message: expect.stringContaining('its certificate cannot be trusted (DEPTH_ZERO_SELF_SIGNED_CERT)'),
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(pauses).toEqual([]);
    expect(registry.log).toEqual([]);
  });

  test('a certificate of another host is refused', async () => {
    const registry = await start({ tls });
    const reference = parseReference(`127.0.0.2:${registry.host.split(':')[1]}/team/app:1`);
    const onAll = await errorOf(probe({ ca: cert }).client.manifest(reference));
    expect(['registry/certificate', 'registry/network']).toContain(onAll.code);
    expect(registry.log).toEqual([]);
  });

  test('is not left for http by a redirect', async () => {
    const registry = await start({ tls });
    const plain = await start({});
    registry.fault('manifests', redirect(plain.url));
    expect(await errorOf(probe({ ca: cert }).client.manifest(appOf(registry)))).toMatchObject({
      code: 'registry/redirect',
      message: expect.stringContaining(`from https to http://${plain.host}, which is refused`),
    });
    expect(plain.log).toEqual([]);
    registry.fault('manifests', redirect(plain.url));
    await probe({ ca: cert, insecure: true }).client.manifest(appOf(registry));
    expect(plain.log).toHaveLength(1);
  });

  test.each([false, true])('a realm over http gets nothing, insecure: %s', async (insecure) => {
    const plain = await start({});
    const registry = await start({ tls, token: { realm: `${plain.url}/token` } });
    expect(await errorOf(probe({ ca: cert, env, insecure }).client.manifest(appOf(registry)))).toMatchObject({
      code: 'registry/auth-challenge',
      message: expect.stringContaining(`token from http://${plain.host}, which is not https`),
    });
    expect(plain.log).toEqual([]);
  });

  test('a realm over https gets the credentials', async () => {
    const registry = await start({ tls, token: { user: { username: 'robot', password: 'secret' } } });
    expect((await probe({ ca: cert, env }).client.manifest(appOf(registry))).bytes).toEqual(manifestBytes);
  });
});

describe('which hosts may be asked in clear', () => {
  test.each([
    ['localhost', true],
    ['LOCALHOST', true],
    ['127.0.0.1', true],
    ['127.1', true],
    ['127.255.1.2:80', true],
    ['[::1]:5000', true],
    ['[0:0:0:0:0:0:0:1]', true],
    ['localhost.example', false],
    ['127.0.0.1.example', false],
    ['128.0.0.1', false],
    ['[::2]', false],
    ['[::ffff:127.0.0.1]', false],
    ['0.0.0.0', false],
  ])('%s: %s', (host, expected) => {
    const url = new URL(`http://${host}/`);
    expect(isLoopback(url)).toBe(expected);
    const check = () => checkScheme(url, false);
    if (expected) expect(check).not.toThrow();
    else expect(check).toThrowError(expect.objectContaining({ code: 'registry/insecure' }));
    expect(() => checkScheme(url, true)).not.toThrow();
    expect(() => checkScheme(new URL('ftp://localhost/'), true)).toThrowError(/neither http nor https/);
  });

  test('Docker Hub has another host than its name', () => {
    expect(registryHost('docker.io')).toBe('registry-1.docker.io');
    expect(registryHost('localhost:5000')).toBe('localhost:5000');
  });
});
