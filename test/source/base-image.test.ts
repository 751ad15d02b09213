import { describe, expect, test } from 'vitest';
import type { HistoryLine } from '../../src/model/image.ts';
import { baseOf } from '../../src/source/base-image.ts';
import { parseConfig } from '../../src/source/manifest.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const made = (createdBy: string): HistoryLine => ({ createdBy, empty: false });
const set = (createdBy: string): HistoryLine => ({ createdBy, empty: true });

function base(history: readonly HistoryLine[], labels: Record<string, string> = {}, annotations = {}) {
  const json = {
    rootfs: { diff_ids: history.filter(({ empty }) => !empty).map(() => digest) },
    history: history.map(({ createdBy, empty }) => ({ created_by: createdBy, empty_layer: empty })),
    config: { Labels: labels },
  };
  return baseOf(annotations, parseConfig(Buffer.from(JSON.stringify(json))));
}

describe('the base by the history', () => {
  test.each<[string, number, HistoryLine[]]>([
    ["ends with docker's own command", 1, [made('ADD rootfs'), set('/bin/sh -c #(nop)  CMD ["sh"]'), made('RUN x')]],
    ["ends with BuildKit's command", 1, [made('ADD rootfs'), set('CMD ["sh"]'), made('RUN x'), made('COPY y')]],
    [
      "is the last one's, where several are built on each other",
      2,
      [made('ADD'), set('CMD ["bash"]'), made('RUN node'), set('CMD ["node"]'), made('COPY app')],
    ],
    [
      "is not ended by the image's own command",
      1,
      [made('ADD'), set('CMD ["sh"]'), made('COPY app'), set('USER app'), set('CMD ["app"]')],
    ],
  ])('%s', (_, layers, history) => {
    expect(base(history)).toEqual({ layers, by: 'history' });
  });

  test.each<[string, HistoryLine[]]>([
    ['no history', []],
    ['a base image itself', [made('ADD rootfs'), set('CMD ["sh"]')]],
    ['an image from scratch', [made('COPY app'), set('ENTRYPOINT ["/app"]')]],
    ['a script that speaks of CMD', [made('RUN echo CMD '), made('COPY app')]],
  ])('is none: %s', (_, history) => {
    expect(base(history)).toBeUndefined();
  });

  test('is not told by a history that does not fit the layers', () => {
    const json = {
      rootfs: { diff_ids: [digest] },
      history: [{ created_by: 'ADD' }, { created_by: 'CMD x', empty_layer: true }, { created_by: 'RUN y' }],
    };
    expect(baseOf({}, parseConfig(Buffer.from(JSON.stringify(json))))).toBeUndefined();
  });
});

describe('the name of the base', () => {
  const name = 'org.opencontainers.image.base.name';
  const key = 'org.opencontainers.image.base.digest';

  test("is that of the manifest's annotations, else of the labels", () => {
    const labels = { [name]: 'docker.io/library/debian:12' };
    expect(base([], labels)).toEqual({ name: 'docker.io/library/debian:12', layers: 0, by: 'history' });
    expect(base([], labels, { [name]: 'docker.io/library/alpine:3', [key]: digest })).toEqual({
      name: 'docker.io/library/alpine:3',
      digest,
      layers: 0,
      by: 'history',
    });
  });

  test('is left out where it is no text, and a digest that is none', () => {
    expect(base([], {}, { [name]: 7, [key]: 'sha256:short' })).toBeUndefined();
  });
});
