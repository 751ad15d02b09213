import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../support/cli.ts';

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'sluice.mjs');

/** Offers one ecosystem whose export never ends. */
const server = createServer((request, response) => {
  if (request.url?.endsWith('.txt')) return response.end('Debian\n');
  response.writeHead(200, { 'content-length': '1000000000' });
  return response.write(Buffer.alloc(64 * 1024, 'PK'));
});

beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s in an update leaves no half download', async (signal) => {
  const cache = scratchFolder();
  const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [bin, 'db', 'update', '-q', '--from', from, '--cache-dir', cache]);
  const ended = new Promise((done) => child.on('exit', (code, by) => done(by ?? code)));
  const folder = join(cache, 'db');
  const files = () => (existsSync(folder) ? readdirSync(folder) : []);
  await expect.poll(files, { timeout: 10_000 }).toEqual([expect.stringMatching(/^\.tmp-/)]);
  child.kill(signal);
  expect(await ended).toBe(signal);
  expect(files()).toEqual([]);
});
