import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCurrent } from '../../src/advisory/read-current.ts';
import { makeFolder } from '../../src/advisory/store-files.ts';
import { inTurn } from '../../src/advisory/turn.ts';
import { scratch } from './support.ts';

/** A process that publishes data of its own ecosystem again and again, and says when data that it published is lost. */
const program = `
import { writeFileSync } from 'node:fs';
import { hash } from 'node:crypto';
import { readCurrent } from './src/advisory/read-current.ts';
import { publish } from './src/advisory/store.ts';
import { filePath } from './src/advisory/store-files.ts';
const [folder, ecosystem, rounds] = process.argv.slice(2);
let last;
for (let round = 0; round < Number(rounds); round++) {
  const found = readCurrent(folder)?.sources.find((one) => one.ecosystem === ecosystem);
  if (found?.digest !== last) throw new Error(ecosystem + ' lost round ' + round);
  last = 'sha256:' + hash('sha256', ecosystem + round);
  writeFileSync(filePath(folder, last, 'index'), '');
  const source = {
    ecosystem, records: 1, withdrawn: 0, unreadable: 0, unreadableNames: [], newest: '', releases: [], digest: last,
    size: 0, indexVersion: 5, checkedAt: new Date(round).toISOString(), origin: 'osv-export',
  };
  publish(folder, [{ kind: 'replaced', source }], new Date());
}
`;

const root = resolve(import.meta.dirname, '..', '..');
let bundle = '';

beforeAll(() => {
  const made = buildSync({
    absWorkingDir: root,
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  bundle = made.outputFiles[0]!.text;
});

describe('processes that publish at the same time', () => {
  test('undo nothing of each other', async () => {
    const cache = scratch();
    const folder = join(cache, 'db');
    makeFolder(folder);
    writeFileSync(join(cache, 'publish.mjs'), bundle);
    const names = ['Debian', 'Go', 'PyPI', 'npm'];
    const ends = await Promise.all(
      names.map(async (name) => {
        const child = spawn(process.execPath, [join(cache, 'publish.mjs'), folder, name, '20'], { stdio: 'pipe' });
        let said = '';
        child.stderr.on('data', (piece) => {
          said += piece;
        });
        await once(child, 'close');
        return said;
      }),
    );
    expect(ends).toEqual(['', '', '', '']);
    expect(readCurrent(folder)!.sources.map((one) => [one.ecosystem, one.checkedAt])).toEqual(
      names.map((name) => [name, new Date(19).toISOString()]),
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('a turn', () => {
  test('is given back, also when the work fails', () => {
    const folder = scratch();
    expect(inTurn(folder, () => readdirSync(folder))).toEqual(['.tmp-turn']);
    expect(() =>
      inTurn(folder, () => {
        throw new Error('failed');
      }),
    ).toThrow('failed');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a process that was killed in it is waited for a while, and no longer', () => {
    const folder = scratch();
    writeFileSync(join(folder, '.tmp-turn'), 'of one that was killed');
    const start = performance.now();
    const holder = inTurn(folder, () => readFileSync(join(folder, '.tmp-turn'), 'utf8'));
    expect(holder).toMatch(/^[0-9a-f-]{36}$/);
    expect(performance.now() - start).toBeGreaterThan(2_500);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that another took over is not taken away from it', () => {
    const folder = scratch();
    const path = join(folder, '.tmp-turn');
    inTurn(folder, () => writeFileSync(path, 'another'));
    expect(readFileSync(path, 'utf8')).toBe('another');
  });

  test('is no condition: where none is to be had, the work is done', () => {
    expect(inTurn(join(scratch(), 'absent'), () => 'done')).toBe('done');
  });
});
