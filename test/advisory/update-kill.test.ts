import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const bench = resolve(import.meta.dirname, '..', '..', 'bench', 'kill.mjs');

/** What the bench says of its run. */
interface Kills {
  readonly kills: number;
  readonly old: number;
  readonly new: number;
}

test('ten kill -9 at random moments of an update leave the data of before or of after each time', async () => {
  const child = spawn(process.execPath, [bench, '--kills', '10', '--records', '300'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let wrong = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    wrong += text;
  });
  const [code] = await once(child, 'close');
  expect({ code, wrong }).toEqual({ code: 0, wrong: '' });
  const counts = JSON.parse(said) as Kills;
  expect(counts.kills).toBe(10);
  expect(counts.old + counts.new).toBe(10);
}, 120_000);
