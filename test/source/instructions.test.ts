import { describe, expect, test } from 'vitest';
import { instructionsOf } from '../../src/source/instructions.ts';

const line = (createdBy: string, empty = false) => ({ createdBy, empty });

describe('a line of the history', () => {
  test.each([
    ['/bin/sh -c #(nop) ADD file:0123 in / ', 'ADD', 'ADD file:0123 in /'],
    ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD', 'CMD ["sh"]'],
    ['/bin/sh -c apk add curl', 'RUN', 'RUN apk add curl'],
    ['|2 TOKEN=abc VERSION=1 /bin/sh -c make', 'RUN', 'RUN make'],
    ['|1 TOKEN=a /bin/b /bin/sh -c make', 'RUN', 'RUN make'],
    ['RUN /bin/sh -c apk add curl # buildkit', 'RUN', 'RUN apk add curl'],
    ['RUN |1 TOKEN=abc /bin/bash -o pipefail -c make # buildkit', 'RUN', 'RUN /bin/bash -o pipefail -c make'],
    ['RUN |1 TOKEN=abc', 'RUN', 'RUN'],
    ['COPY --chown=1:1 . /app # buildkit', 'COPY', 'COPY --chown=1:1 . /app'],
    ['copy . /app', 'COPY', 'copy . /app'],
    ['ENV API_TOKEN=abc PATH=/bin', 'ENV', 'ENV API_TOKEN=*** PATH=/bin'],
    ['HEALTHCHECK &{["CMD" "true"]}', 'HEALTHCHECK', 'HEALTHCHECK &{["CMD" "true"]}'],
    ['bazel build ...', '', 'bazel build ...'],
    ['', '', ''],
  ])('%j is %s', (createdBy, name, text) => {
    expect(instructionsOf([line(createdBy)], 1, 0)).toEqual([{ name, text, layer: 0, from: 'own' }]);
  });

  test('without a layer has none, and no line has one when they do not fit the layers', () => {
    const history = [line('ADD a'), line('USER app', true), line('RUN b')];
    expect(instructionsOf(history, 2, 0).map(({ layer }) => layer)).toEqual([0, undefined, 1]);
    expect(instructionsOf(history, 3, 2)).toEqual([
      { name: 'ADD', text: 'ADD a', from: 'own' },
      { name: 'USER', text: 'USER app', from: 'own' },
      { name: 'RUN', text: 'RUN b', from: 'own' },
    ]);
  });
});

describe('what is the base', () => {
  const from = (history: ReturnType<typeof line>[], baseLayers: number) =>
    instructionsOf(history, history.filter(({ empty }) => !empty).length, baseLayers).map(
      (one) => `${one.from} ${one.text}`,
    );

  test('ends with the last command before the own layers', () => {
    const history = [
      line('ADD rootfs'),
      line('CMD ["sh"]', true),
      line('RUN runtime'),
      line('ENV A=1', true),
      line('CMD ["runtime"]', true),
      line('WORKDIR /app', true),
      line('COPY . .'),
      line('CMD ["app"]', true),
    ];
    expect(from(history, 2)).toEqual([
      ...['base ADD rootfs', 'base CMD ["sh"]', 'base RUN runtime', 'base ENV A=1', 'base CMD ["runtime"]'],
      ...['own WORKDIR /app', 'own COPY . .', 'own CMD ["app"]'],
    ]);
  });

  test('where the image adds no layer of its own, ends with the first command', () => {
    const history = [line('ADD rootfs'), line('CMD ["sh"]', true), line('USER app', true), line('CMD ["app"]', true)];
    expect(from(history, 1)).toEqual(['base ADD rootfs', 'base CMD ["sh"]', 'own USER app', 'own CMD ["app"]']);
  });

  test('without a command ends with its last layer', () => {
    expect(from([line('ADD rootfs'), line('USER app', true), line('COPY . .')], 1)).toEqual([
      ...['base ADD rootfs', 'own USER app', 'own COPY . .'],
    ]);
    expect(from([line('ADD rootfs'), line('COPY . .')], 0)).toEqual(['own ADD rootfs', 'own COPY . .']);
  });
});
