import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readOciArchive } from './oci-archive.ts';

const binary = '/usr/bin/docker-registry';

/** Whether the real registry (Debian's package docker-registry) is there: `test.skipIf(!hasDockerRegistry)(...)`. */
export const hasDockerRegistry = existsSync(binary);

/** A running docker-registry. */
export interface RealRegistry {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts docker-registry on a free port of 127.0.0.1, with its storage in a temporary folder. */
export async function startDockerRegistry(): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const config = [
    'version: 0.1',
    'log: { level: error }',
    `storage: { filesystem: { rootdirectory: ${JSON.stringify(join(folder, 'storage'))} } }`,
    `http: { addr: ${host}, secret: test }`,
  ];
  writeFileSync(join(folder, 'config.yml'), `${config.join('\n')}\n`);
  const child = spawn(binary, ['serve', join(folder, 'config.yml')], { stdio: 'ignore', env: {} });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://${host}`;
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (
      await fetch(`${url}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { host, url, close };
    await delay(50);
  }
  await close();
  throw new Error('docker-registry did not start');
}

/** Pushes an OCI layout archive by the HTTP API; returns the digest that the tag stands for. */
export async function pushToRegistry(baseUrl: string, repo: string, tag: string, ociArchive: string): Promise<string> {
  const { blobs, manifests, root } = await readOciArchive(ociArchive);
  for (const { digest, bytes } of blobs) {
    const started = await expect(202, `${baseUrl}/v2/${repo}/blobs/uploads/`, 'POST');
    const target = new URL(started.headers.get('location') ?? '', baseUrl);
    target.searchParams.set('digest', digest);
    await expect(201, target.href, 'PUT', bytes, 'application/octet-stream');
  }
  for (const { digest, bytes, mediaType } of manifests) {
    await expect(201, `${baseUrl}/v2/${repo}/manifests/${digest}`, 'PUT', bytes, mediaType);
  }
  const { headers } = await expect(201, `${baseUrl}/v2/${repo}/manifests/${tag}`, 'PUT', root.bytes, root.mediaType);
  return headers.get('docker-content-digest') ?? '';
}

async function expect(status: number, url: string, method: string, body?: Buffer, type?: string): Promise<Response> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
  });
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${method} ${url}: ${answer.status} ${text.slice(0, 200)}`);
  return answer;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
