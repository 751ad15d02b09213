import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChallenges } from '../../../src/source/registry/challenge.ts';

const plain = (header: string) =>
  parseChallenges(header)?.map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);

describe('WWW-Authenticate', () => {
  test.each<[string, unknown]>([
    [
      'Bearer realm="https://auth.example/token",service="reg",scope="repository:a/b:pull,push"',
      [['bearer', { realm: 'https://auth.example/token', service: 'reg', scope: 'repository:a/b:pull,push' }]],
    ],
    ['Basic realm="a \\"quoted\\" one"', [['basic', { realm: 'a "quoted" one' }]]],
    ['BASIC  Realm = x , charset="UTF-8"', [['basic', { realm: 'x', charset: 'UTF-8' }]]],
    ['Negotiate', [['negotiate', {}]]],
    ['Negotiate YWJj==', [['negotiate', {}]]],
    ['Bearer realm=', [['bearer', {}]]],
    [
      'NTLM abc, Basic realm="x"',
      [
        ['ntlm', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'Bearer realm="x",service="y", Basic realm="z"',
      [
        ['bearer', { realm: 'x', service: 'y' }],
        ['basic', { realm: 'z' }],
      ],
    ],
    [
      'Negotiate, Basic realm=z',
      [
        ['negotiate', {}],
        ['basic', { realm: 'z' }],
      ],
    ],
    [', Basic realm=""', [['basic', { realm: '' }]]],
    ['Basic realm="x",', [['basic', { realm: 'x' }]]],
  ])('%s', (header, expected) => {
    expect(plain(header)).toEqual(expected);
  });

  test.each([
    '',
    ',',
    '"',
    'Bearer realm="x',
    'Bearer realm="x\\',
    'Bearer realm="a\u0001b"',
    'Bearer realm="x" service="y"',
    'Bearer =x',
    'Bearer realm="x",realm="y"',
    'Bearer realm="x"y',
    '(Bearer) realm="x"',
    `Bearer ${Array.from({ length: 33 }, (_, i) => `p${i}=1`).join(',')}`,
    `Bearer realm="${'x'.repeat(8192)}"`,
  ])('refused: %s', (header) => {
    expect(parseChallenges(header)).toBeUndefined();
  });

  test('prototype names are names', () => {
    expect([...(parseChallenges('Bearer __proto__="x",constructor=y')?.[0]?.params ?? [])]).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test('anything is read or refused, and what is read can be written again', () => {
    const piece = fc.constantFrom(
      'Bearer',
      'Basic',
      ' ',
      ',',
      '=',
      '"',
      '\\',
      'realm',
      'x',
      '/',
      '==',
      '\t',
      'é',
      '\n',
    );
    const good = 'Bearer realm="https://auth.example/t",service="a b", Basic realm="x"';
    const mutation = fc
      .tuple(fc.nat(good.length), fc.nat(4), fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 3 })))
      .map(([at, cut, text]) => good.slice(0, at) + text + good.slice(at + cut));
    const header = fc.oneof(
      mutation,
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 20 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(header, (text) => {
        const challenges = parseChallenges(text);
        if (challenges === undefined) return;
        const written = challenges.map(({ scheme, params }) => {
          const all = [...params].map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`);
          return all.length === 0 ? scheme : `${scheme} ${all.join(', ')}`;
        });
        expect(parseChallenges(written.join(', '))).toEqual(challenges);
      }),
      { numRuns: 600 },
    );
  });

  test('a long hostile header is read in linear time', () => {
    const started = performance.now();
    for (const part of ['a', ' ', ',', '"', '\\"', 'a ', 'a=', 'a=b,', '=']) {
      parseChallenges(`Bearer ${part.repeat(8000 / part.length)}`);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});
