import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CurrentSource } from '../../src/advisory/current.ts';
import { nothingCurrent } from '../../src/advisory/current.ts';
import { readCurrent } from '../../src/advisory/read-current.ts';
import { type Change, publish } from '../../src/advisory/store.ts';
import { filePath } from '../../src/advisory/store-files.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import { exportFolder, noon, record, scratch, update } from './support.ts';

let folder: string;

beforeEach(() => {
  folder = join(scratch(), 'db');
});

const at = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

function source(ecosystem: string, digit: string, more: Partial<CurrentSource> = {}): CurrentSource {
  return {
    ecosystem,
    records: 1,
    withdrawn: 0,
    unreadable: 0,
    unreadableNames: [],
    newest: '2024-01-01T00:00:00Z',
    releases: [ecosystem],
    digest: digestOfHex(digit.repeat(64)),
    size: 10,
    indexVersion: 5,
    checkedAt: noon.toISOString(),
    origin: 'osv-export',
    ...more,
  };
}

function say(kind: Change['kind'], ...sources: CurrentSource[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { digest } of sources) writeFileSync(filePath(folder, digest, 'index'), '');
  publish(
    folder,
    sources.map((one) => ({ kind, source: one })),
    noon,
  );
}

const inForce = () => (readCurrent(folder) ?? nothingCurrent).sources;

describe('publishing', () => {
  test('keeps what others published, and the one in force is what was said last', () => {
    say('replaced', source('npm', '1'), source('Go', '2'));
    say('replaced', source('npm', '3', { validator: { url: digestOfHex('4'.repeat(64)), etag: '"e"' } }));
    expect(inForce().map((one) => [one.ecosystem, one.digest.slice(7, 9)])).toEqual([
      ['Go', '22'],
      ['npm', '33'],
    ]);
    expect(readdirSync(join(folder, 'snapshots'))).toHaveLength(2);
  });

  test('a check or failure of data that was replaced meanwhile changes nothing', () => {
    say('replaced', source('npm', '1'));
    say('replaced', source('npm', '2'));
    for (const kind of ['checked', 'failed'] as const) {
      say(
        kind,
        source('npm', '1', { checkedAt: at(60).toISOString(), failed: { at: at(60).toISOString(), message: 'x' } }),
      );
      expect(inForce()).toEqual([source('npm', '2')]);
    }
  });

  test('a failure stays with the data until a check or new data', () => {
    const failed = { at: at(60).toISOString(), message: 'no connection' };
    say('replaced', source('npm', '1'));
    say('failed', source('npm', '1', { failed }));
    expect(inForce()).toEqual([source('npm', '1', { failed })]);
    say('checked', source('npm', '1', { checkedAt: at(90).toISOString() }));
    expect(inForce()).toEqual([source('npm', '1', { checkedAt: at(90).toISOString() })]);
  });

  test('at an earlier time than what is in force works', () => {
    say('replaced', source('npm', '1', { checkedAt: at(1000).toISOString() }));
    say('checked', source('npm', '1'));
    expect(inForce()).toEqual([source('npm', '1')]);
    say('replaced', source('npm', '2', { checkedAt: at(-1000).toISOString() }));
    expect(inForce()).toEqual([source('npm', '2', { checkedAt: at(-1000).toISOString() })]);
  });
});

describe('an old file', () => {
  test('in the store does no harm', async () => {
    const cache = join(folder, '..');
    const from = exportFolder({ npm: [record('X-1', 'npm', 'a')] });
    await update(from, cache);
    const old = readFileSync(join(folder, 'current.json'), 'utf8').replace('sluice-data/v2', 'sluice-advisories/v1');
    writeFileSync(join(folder, 'current.json'), old);
    expect(await update(from, cache)).toMatchObject({ replaced: ['npm'], failed: [] });
    utimesSync(join(folder, 'current.json'), 1, 1);
    expect(await update(from, cache)).toMatchObject({ unchanged: ['npm'], failed: [] });
  });
});
