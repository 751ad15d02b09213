import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Run, scratchFolder, sluice } from '../../support/cli.ts';
import { OsvMirror } from '../../support/osv-mirror.ts';

const bin = resolve(import.meta.dirname, '..', '..', '..', 'bin', 'sluice.mjs');
const mirror = new OsvMirror();
const folder = scratchFolder();
let cache = '';
let round = 0;

function advisory(id: string, details = ''): Buffer {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }];
  const affected = [{ package: { ecosystem: 'npm', name: 'a' }, ranges }];
  return Buffer.from(JSON.stringify({ id, modified: '2026-01-01T00:00:00Z', details, affected }));
}

const update = (...more: string[]): Promise<Run> =>
  sluice(['db', 'update', '--from', mirror.base, '--ecosystem', 'npm', '--cache-dir', cache, ...more]);

beforeAll(() => mirror.listen());
afterAll(() => mirror.close());

beforeEach(async () => {
  mirror.fault = undefined;
  mirror.lists = true;
  cache = join(folder, `cache-${round++}`);
  mirror.offer('npm', new Map([['X-1', advisory('X-1')]]));
});

/** Puts the last check so many hours back. */
function age(hours: number): void {
  const path = join(cache, 'db', 'current.json');
  const time = new Date(Date.now() - hours * 3_600_000).toISOString();
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"checkedAt": "[^"]+"/, `"checkedAt": "${time}"`));
}

function forbid(): void {
  mirror.fault = (_request, response) => void response.writeHead(403).end() === undefined;
}

describe('db update', () => {
  test('shows what there is, and what was updated', async () => {
    expect(await update()).toMatchObject({
      code: 0,
      stdout:
        'ECOSYSTEM  RECORDS  NEWEST\nnpm              1  2026-01-01  updated\n1 records for 1 ecosystems: 1 updated, 0 unchanged\n',
      stderr: '',
    });
    expect((await update('--quiet')).stdout).toBe('');
  });

  test('that fails is a warning as long as the data in force is good enough', async () => {
    await update();
    forbid();
    const said = `npm was not updated: ${mirror.base}/npm/all.zip: the server answered 403; its data of`;
    expect(await update()).toMatchObject({
      code: 0,
      stderr: `sluice: warning: ${said} just now stays in force [advisory/http-status]\n`,
    });
    age(119);
    expect(await update()).toMatchObject({
      code: 0,
      stderr: `sluice: warning: ${said} 4 days ago stays in force [advisory/http-status]\n`,
    });
    expect((await update('--strict')).code).toBe(1);
    age(121);
    const { code, stderr } = await update();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^sluice: npm: .* stays in force/)]);
    mirror.fault = undefined;
    expect((await update('--strict')).code).toBe(0);
  });

  test('that fails where there is no data ends with 1', async () => {
    forbid();
    const { code, stderr } = await update();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^sluice: npm: .*; there is no data for it \[advisory/)]);
  });

  test('of a place that is out of reach is a warning too', async () => {
    await update();
    forbid();
    const { code, stderr } = await sluice(['db', 'update', '--from', mirror.base, '--cache-dir', cache]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^sluice: warning: npm was not updated: .*ecosystems\.txt/),
    ]);
  });

  test('tells of a list of changes that can not be read', async () => {
    mirror.serve('npm/modified_id.csv', '<html>');
    const { code, stderr } = await update();
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^sluice: warning: npm: .*line 1, byte 0: an HTML or XML page; .*\[advisory\/list-malformed\]\n$/,
      ),
    ]);
  });

  test('that is interrupted is gone on with by the next', async () => {
    mirror.offer('npm', new Map([['X-1', advisory('X-1', randomBytes(300_000).toString('hex'))]]));
    const zip = mirror.body('npm/all.zip')!;
    let half: () => void = () => {};
    const isHalf = new Promise<void>((done) => {
      half = done;
    });
    mirror.fault = (request, response) => {
      if (!request.url?.endsWith('/all.zip')) return false;
      response.writeHead(200, { etag: mirror.etag('npm/all.zip')!, 'content-length': zip.length });
      response.write(zip.subarray(0, 200_000), () => half());
      return true;
    };
    const args = [bin, 'db', 'update', '--from', mirror.base, '--ecosystem', 'npm', '--cache-dir', cache];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await isHalf;
    const partSize = () =>
      readdirSync(join(cache, 'db')).some((name) => name.startsWith('.part-') && !name.includes('-free-'));
    await expect.poll(partSize).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGTERM');
    expect((await ended)[1]).toBe('SIGTERM');
    expect(readdirSync(join(cache, 'db'))).toEqual([expect.stringMatching(/^\.part-[0-9a-f]{32}-free-/)]);
    mirror.fault = undefined;
    mirror.count();
    expect((await update()).code).toBe(0);
    expect(mirror.asked.at(-1)).toMatch(/^npm\/all\.zip bytes=1\d{5}-$/);
    expect(mirror.sent).toBeLessThan(zip.length - 150_000);
  });
});
