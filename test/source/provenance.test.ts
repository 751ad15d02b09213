import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baseFromProvenance } from '../../src/source/provenance.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const layers = [digest('a'), digest('b'), digest('c')];
const debian = { uri: 'pkg:docker/debian@12?platform=linux%2Famd64', digest: { sha256: 'd'.repeat(64) } };
const frontend = { uri: 'pkg:docker/docker/dockerfile@1', digest: { sha256: 'e'.repeat(64) } };
const steps = {
  'step0:0': [[{ digest: layers[0], size: 1 }]],
  'step1:0': [
    [
      { digest: layers[0], size: 1 },
      { digest: layers[1], size: 1 },
    ],
  ],
  'step2:0': [[{ digest: digest('f'), size: 1 }]],
};
const metadata = 'https://mobyproject.org/buildkit@v1#metadata';
const first = (materials: unknown): object => ({ materials, metadata: { [metadata]: { layers: steps } } });
const second = (resolvedDependencies: unknown): object => ({
  buildDefinition: { resolvedDependencies },
  runDetails: { metadata: { buildkit_metadata: { layers: steps } } },
});
const base = (predicate: unknown) => baseFromProvenance(Buffer.from(JSON.stringify({ predicate })), layers);

describe.each([
  ['SLSA 0.2', first],
  ['SLSA 1', second],
])('%s', (_, predicate) => {
  test('names the one image that was taken, and how many layers came with it', () => {
    expect(base(predicate([debian, frontend]))).toEqual({
      name: 'debian:12',
      digest: digest('d'),
      layers: 1,
      by: 'provenance',
    });
  });

  test('does not choose among several images', () => {
    const golang = { uri: 'pkg:docker/golang@1.22', digest: { sha256: 'f'.repeat(64) } };
    expect(base(predicate([golang, debian]))).toEqual({ layers: 1, by: 'provenance' });
  });
});

describe('provenance that tells no layers', () => {
  test.each([
    ['of a build that kept the least', { materials: [debian] }],
    ['of other layers', { metadata: { [metadata]: { layers: { 'step0:0': [[{ digest: digest('9') }]] } } } }],
    ['of all layers', { metadata: { [metadata]: { layers: { s: [layers.map((one) => ({ digest: one }))] } } } }],
    ['that is of other types', { materials: 7, metadata: { [metadata]: { layers: [7, [7], [[7]]] } } }],
    ['without a predicate', undefined],
  ])('%s', (_, predicate) => {
    expect(base(predicate)).toBeUndefined();
  });

  test('that is no JSON', () => {
    expect(baseFromProvenance(Buffer.from('{'), layers)).toBeUndefined();
  });

  test('whatever it holds, it does not throw', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (a, b) => {
        base({ materials: JSON.parse(a), metadata: { [metadata]: { layers: JSON.parse(b) } } });
      }),
      { numRuns: 300 },
    );
  });
});
