import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointerSteps, valueAt } from '../../../src/catalog/collect/pointer.ts';

/** The example of RFC 6901 section 5. */
const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'e^f': 3, 'i\\j': 5, ' ': 7, 'm~n': 8 };

const at = (value: unknown, pointer: string): unknown => {
  const steps = pointerSteps(pointer);
  return steps && valueAt(value, steps);
};

describe('a pointer', () => {
  test.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/i\\j', 5],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j finds what RFC 6901 says', (pointer, value) => expect(at(document, pointer)).toEqual(value));

  test.each(['/foo/2', '/foo/-', '/foo/00', '/foo/length', '/nothing', '/foo/0/1', '/constructor', '/__proto__'])(
    '%j finds nothing',
    (pointer) => expect(at(document, pointer)).toBeUndefined(),
  );

  test.each(['foo', '/~2', '/a~', `/${'a/'.repeat(100)}`, `/${'a'.repeat(2_001)}`])('%j is none', (pointer) => {
    expect(pointerSteps(pointer)).toBeUndefined();
  });

  test('finds what an object has of its own, whatever it is called', () => {
    expect(at(JSON.parse('{"__proto__":{"a":1}}'), '/__proto__/a')).toBe(1);
    expect(at(new Map([['k', ['v']]]), '/k/0')).toBe('v');
  });

  test('finds each value by its way through a document', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.infiniteStream(fc.nat()), (value, choices) => {
        const steps: string[] = [];
        let here: unknown = value;
        for (const choice of choices) {
          const keys = typeof here === 'object' && here !== null ? Object.keys(here) : [];
          const key = keys[choice % Math.max(keys.length, 1)];
          if (key === undefined) break;
          steps.push(key);
          here = (here as Record<string, unknown>)[key];
        }
        const pointer = steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
        if (pointer.length > 2_000) return;
        expect(pointerSteps(pointer)).toEqual(steps);
        expect(at(value, pointer)).toEqual(here);
      }),
      { numRuns: 200 },
    );
  });

  test('of any text is read without a failure', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.anything(), (pointer, value) => {
        const steps = pointerSteps(pointer);
        if (steps && steps.length > 0) valueAt(value, steps);
        expect(steps === undefined || steps.every((step) => typeof step === 'string')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
