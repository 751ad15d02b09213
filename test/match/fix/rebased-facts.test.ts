import { describe, expect, test } from 'vitest';
import { collectedOn, imageOn } from '../../../src/match/fix/rebased-facts.ts';
import type { FileFact } from '../../../src/model/collected.ts';
import type { ImageFacts, InstructionFact } from '../../../src/model/image-facts.ts';

const plain: ImageFacts = {
  user: '',
  entrypoint: [],
  cmd: [],
  workingDir: '',
  stopSignal: '',
  healthcheck: [],
  ports: [],
  volumes: [],
  env: [],
  labels: {},
  annotations: {},
  history: [],
  created: '',
  size: 7,
};
const env = (name: string, value: string) => ({ name, value, secret: false });
const own = (name: string, text: string, layer?: number): InstructionFact => {
  return { name, text, from: 'own', ...(layer === undefined ? {} : { layer }) };
};
const on = { baseLayers: 1, shift: 2 };

describe('an image on another base', () => {
  test('takes over how that is run, but for what its own instructions set', () => {
    const history = [
      { name: 'ENV', text: 'ENV PATH=/old', from: 'base' as const, layer: 0 },
      { name: 'USER', text: 'USER old', from: 'base' as const },
      { name: 'LABEL', text: 'LABEL vendor=old', from: 'base' as const },
      own('ENV', 'ENV MODE=live'),
      own('ENTRYPOINT', 'ENTRYPOINT ["/app"]'),
      own('EXPOSE', 'EXPOSE 8080'),
      own('LABEL', 'LABEL team=shop'),
      own('COPY', 'COPY . /app', 1),
    ];
    const image = {
      ...plain,
      user: 'old',
      entrypoint: ['/app'],
      ports: ['8080/tcp'],
      env: [env('PATH', '/old'), env('MODE', 'live'), env('SECRET', 'untold')],
      labels: { team: 'shop', vendor: 'old' },
      history,
    };
    const base = {
      ...plain,
      user: 'new',
      cmd: ['sh'],
      ports: ['22/tcp'],
      env: [env('PATH', '/new'), env('MODE', 'test')],
      labels: { vendor: 'new' },
      history: [own('RUN', 'RUN x', 0)],
      size: 99,
    };
    expect(imageOn(image, base, on)).toEqual({
      ...plain,
      user: 'new',
      entrypoint: ['/app'],
      ports: ['22/tcp', '8080/tcp'],
      env: [env('PATH', '/new'), env('MODE', 'live'), env('SECRET', 'untold')],
      labels: { team: 'shop', vendor: 'new' },
      history: [
        { name: 'RUN', text: 'RUN x', from: 'base', layer: 0 },
        ...history.slice(3, 7),
        own('COPY', 'COPY . /app', 3),
      ],
    });
  });

  test('is run as before where its history tells nothing of its own', () => {
    expect(imageOn({ ...plain, user: 'old' }, { ...plain, user: 'new' }, on)).toEqual({ ...plain, user: 'old' });
    expect(imageOn(undefined, plain, on)).toBeUndefined();
  });

  test('has the files of both, and what both write is not known', () => {
    const fact = (path: string, layer: number, size: number): FileFact => ({
      ...{ path, layer, size, kind: 'file', mode: 0o644, uid: 0, gid: 0, from: layer < 1 ? 'base' : 'own' },
      queries: ['a'],
    });
    const mine = { queries: ['a', 'b'], files: [fact('/base', 0, 1), fact('/both', 1, 2)], accounts: [] };
    const theirs = { queries: ['a'], files: [fact('/both', 2, 3), fact('/other', 2, 4)], accounts: [] };
    expect(collectedOn(mine, theirs, on)).toEqual({
      queries: ['a'],
      files: [fact('/both', 3, 2), { ...fact('/other', 2, 4), from: 'base' }],
    });
    expect(collectedOn(mine, undefined, on)).toEqual({ queries: [], files: [fact('/both', 3, 2)] });
    expect(collectedOn(undefined, theirs, on)).toBeUndefined();
  });
});
