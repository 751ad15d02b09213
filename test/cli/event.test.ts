import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sluiceCheck } from '../report/schemas.ts';
import { bad, type Ended, mirrorOfBad, runIn, workspace } from '../support/ci-run.ts';
import { scratchFolder } from '../support/cli.ts';

const root = scratchFolder();
const mirror = mirrorOfBad();
const checkEvent = sluiceCheck('sluice-event-v1');

beforeAll(() => mirror.listen());
afterAll(() => mirror.close());

const run = (folder: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> =>
  runIn(folder, { SLUICE_FROM: mirror.base, ...env }, args);
const read = (path: string): string => readFileSync(path, 'utf8');

describe('--event', () => {
  test('of scan and gate tells verdicts and failures at the end of a file, one a line', async () => {
    const folder = workspace(root, bad);
    const env = { SLUICE_EVENT: join(folder, 'events'), TRACEPARENT: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` };
    const ages = ['--data-age', '99999h:99999h'];
    const codes = [
      await run(folder, env, 'scan', 'shop.tar', '--update', ...ages, '-q', '-o', 'json=r.json'),
      await run(folder, env, 'gate', 'r.json', '-q', '--fail-on', 'never', ...ages),
      await run(folder, env, 'scan', 'missing.tar'),
      await run(folder, env, 'scan', '--no-such-flag'),
      await run(folder, env, 'gate', 'r.json', 'missing.json', '-q', ...ages),
    ].map(({ code }) => code);
    const events = read(join(folder, 'events'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.flatMap(checkEvent)).toEqual([]);
    expect(codes).toEqual([2, 0, 1, 1, 2]);
    expect(events.map((event) => [event.command, event.class, event.verdict, event.exitCode])).toEqual([
      ['scan', 'policy', 'stop', 2],
      ['gate', 'pass', 'warn', 0],
      ['scan', 'defect', null, 1],
      ['scan', 'defect', null, 1],
      ['gate', 'policy', 'stop', 2],
      ['gate', 'defect', null, 1],
    ]);
    expect(new Set(events.map(({ traceId }) => traceId))).toEqual(new Set(['ab'.repeat(16)]));
  });

  test('to standard error leaves standard output alone', async () => {
    const folder = workspace(root, bad);
    const { stdout, stderr, code } = await run(
      folder,
      {},
      'scan',
      'shop.tar',
      '--update',
      '-o',
      'json',
      '--event=stderr',
      '-q',
    );
    expect([code, checkEvent(JSON.parse(stderr)), sluiceCheck()(JSON.parse(stdout))]).toEqual([2, [], []]);
  });
});
