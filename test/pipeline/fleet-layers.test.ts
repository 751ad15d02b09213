import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LayerCache } from '../../src/catalog/layer-cache.ts';
import type { ReadAs } from '../../src/catalog/read-as.ts';
import { encodeSurvey } from '../../src/catalog/survey-codec.ts';
import type { SharedSurveys } from '../../src/catalog/survey-image.ts';
import { Surveyor } from '../../src/catalog/surveyor.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import { FleetLayers } from '../../src/pipeline/fleet-layers.ts';
import { SurveyMemory } from '../../src/pipeline/fleet-memory.ts';
import { FleetShared } from '../../src/pipeline/fleet-shared.ts';
import type { LayerBlob, LayerPlace } from '../../src/source/contract.ts';
import { scratchFolder } from '../support/cli.ts';

const folder = scratchFolder();
const digest = (digit: string) => digestOfHex(digit.repeat(64));

/** A layer of a registry; with a place one of a file. */
function layer(digit: string, place?: Partial<Extract<LayerPlace, { kind: 'region' }>>): LayerBlob {
  const named = { digest: digest(digit), diffId: digest(`${digit === 'f' ? 'e' : 'f'}`), size: 9 };
  const region = { kind: 'region', fd: 3, offset: 0, size: 9, identity: '1-2-3', ...place } as const;
  const registry = { kind: 'registry', reference: 'example.org/a:1', digest: named.digest, size: 9 } as const;
  return { ...named, place: place ? region : registry };
}

function survey(blob: LayerBlob) {
  return new Surveyor([]).finish(blob.diffId, 10);
}

const encoded = (blob: LayerBlob) => encodeSurvey(survey(blob));

describe('the layers of a run', () => {
  test('are known to it and to later runs once they were surveyed', () => {
    const layers = new FleetLayers(join(folder, 'kept'), 'v', true);
    const blob = layer('1');
    expect([layers.find(blob), layers.provenName(blob), layers.counts]).toEqual([
      undefined,
      undefined,
      { asked: 1, done: 0 },
    ]);
    layers.keep(blob, encoded(blob));
    expect([layers.find(blob), layers.provenName(blob)]).toEqual([survey(blob), blob.diffId]);
    expect([layers.counts, layers.wasSurveyed(blob)]).toEqual([{ asked: 1, done: 1 }, true]);
    const later = new FleetLayers(join(folder, 'kept'), 'v', true);
    expect([later.find(blob), later.wasSurveyed(blob), later.counts]).toEqual([
      survey(blob),
      false,
      { asked: 1, done: 1 },
    ]);
    expect(new LayerCache(join(folder, 'kept'), 'v').find(blob)).toEqual(survey(blob));
  });

  test('are decoded once', () => {
    const layers = new FleetLayers(join(folder, 'decoded'), 'v', true);
    const blob = layer('1');
    layers.keep(blob, encoded(blob));
    expect(layers.find(blob)).toBe(layers.find(blob));
  });

  test('are known to it alone where nothing is to be kept', () => {
    const cacheDir = join(folder, 'unkept');
    new LayerCache(cacheDir, 'v').keep(layer('2'), encoded(layer('2')));
    const before = readdirSync(cacheDir, { recursive: true });
    const layers = new FleetLayers(cacheDir, 'v', false);
    const blob = layer('1');
    layers.keep(blob, encoded(blob));
    expect([layers.find(blob), layers.find(layer('2'))]).toEqual([survey(blob), undefined]);
    // Whole images are kept under proven names alone, so that none has one here.
    expect([layers.provenName(blob), layers.provenName(layer('2'))]).toEqual([undefined, undefined]);
    expect(readdirSync(cacheDir, { recursive: true })).toEqual(before);
    new FleetLayers(join(folder, 'never'), 'v', false).keep(blob, encoded(blob));
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  test('are believed only of the bytes that were read', () => {
    const layers = new FleetLayers(join(folder, 'believed'), 'v', false);
    const read = layer('1', { identity: 'a' });
    layers.keep(read, encoded(read));
    expect(layers.find(read)).toEqual(survey(read));
    // The same claims of another file, of a file that may change, of a registry, and another diffID for the same blob.
    const others = [
      layer('1', { identity: 'b' }),
      layer('1', { identity: '' }),
      layer('1'),
      { ...read, diffId: digest('7') },
    ];
    expect(others.map((other) => layers.find(other))).toEqual([undefined, undefined, undefined, undefined]);
    const unstable = layer('3', { identity: '' });
    layers.keep(unstable, encoded(unstable));
    expect([layers.find(unstable), layers.find(layer('4', { identity: '' }))]).toEqual([undefined, undefined]);
  });

  test('are looked into late once for each question', () => {
    const question = (path: string): ReadAs => new Map([['lib/a', [{ path, entry: 0, mode: 0 }]]]);
    for (const [onDisk, name] of [
      [true, 'late'],
      [false, 'late-unkept'],
    ] as const) {
      const layers = new FleetLayers(join(folder, name), 'v', onDisk);
      const blob = layer('1');
      const late = survey(blob);
      layers.keepLate(blob, question('a'), late);
      expect(layers.findLate(blob, question('a'))).toBe(late);
      expect(layers.findLate(blob, question('b'))).toBeUndefined();
      expect(existsSync(join(folder, name))).toBe(onDisk);
      const unstable = layer('1', { identity: '' });
      layers.keepLate(unstable, question('a'), late);
      expect(layers.findLate(layer('2', { identity: '' }), question('a'))).toBeUndefined();
    }
  });

  test('of a known image are not asked for, and count as known', () => {
    const layers = new FleetLayers(join(folder, 'settled'), 'v', true);
    layers.settle([layer('1'), layer('2'), layer('1')]);
    expect([layers.counts, layers.wasSurveyed(layer('1'))]).toEqual([{ asked: 2, done: 2 }, false]);
  });
});

test('the memory lets go what was not asked for longest, and takes nothing too large', () => {
  const bytes = encoded(layer('1'));
  const memory = new SurveyMemory(bytes.length * 5);
  for (const name of ['a', 'b', 'c', 'd', 'e']) memory.set(name, bytes);
  expect(memory.get('a')).toEqual(survey(layer('1')));
  memory.set('f', bytes);
  memory.set('f', bytes);
  expect(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => memory.has(name))).toEqual([true, false, true, true, true, true]);
  memory.set('large', Buffer.alloc(bytes.length * 2));
  memory.set('damaged', Buffer.alloc(10));
  expect([memory.has('large'), memory.get('damaged'), memory.has('damaged'), memory.get('none')]).toEqual([
    false,
    undefined,
    false,
    undefined,
  ]);
});

describe('surveys of other machines', () => {
  test('are asked for once by all images, and count as known', async () => {
    const blob = layer('1');
    const asked: LayerBlob[] = [];
    const shared: SharedSurveys = {
      find: async (wanted) => {
        asked.push(wanted);
        await new Promise((done) => setImmediate(done));
        return survey(blob);
      },
      keep: async () => {},
    };
    const layers = new FleetLayers(join(folder, 'shared'), 'v', false);
    const fleet = new FleetShared(shared, layers);
    layers.find(blob);
    const found = await Promise.all([fleet.find(blob), fleet.find(blob)]);
    expect([...found, await fleet.find(blob)]).toEqual([survey(blob), survey(blob), survey(blob)]);
    expect(asked).toHaveLength(1);
    expect([layers.wasSurveyed(blob), layers.counts]).toEqual([false, { asked: 1, done: 1 }]);
  });

  test('are not waited for in vain: another image may have made one meanwhile', async () => {
    const blob = layer('1');
    const layers = new FleetLayers(join(folder, 'meanwhile'), 'v', false);
    const kept: Buffer[] = [];
    const fleet = new FleetShared(
      {
        find: async () => {
          layers.keep(blob, encoded(blob));
          return undefined;
        },
        keep: async (_blob, bytes) => void kept.push(bytes),
      },
      layers,
    );
    expect(await fleet.find(blob)).toEqual(survey(blob));
    await Promise.all([fleet.keep(blob, encoded(blob)), fleet.keep(blob, encoded(blob))]);
    expect(kept).toHaveLength(1);
  });
});
