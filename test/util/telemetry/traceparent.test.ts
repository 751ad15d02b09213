import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTraceParent } from '../../../src/util/telemetry/traceparent.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

test.each([
  [`00-${trace}-${span}-01`, { traceId: trace, spanId: span, sampled: true }],
  [` 00-${trace}-${span}-00\n`, { traceId: trace, spanId: span, sampled: false }],
  [`00-${trace}-${span}-03`, { traceId: trace, spanId: span, sampled: true }],
  [`01-${trace}-${span}-01-more`, { traceId: trace, spanId: span, sampled: true }],
  [`00-${trace}-${span}-01-more`, undefined],
  [`ff-${trace}-${span}-01`, undefined],
  [`00-${'0'.repeat(32)}-${span}-01`, undefined],
  [`00-${trace}-${'0'.repeat(16)}-01`, undefined],
  [`00-${trace.toUpperCase()}-${span}-01`, undefined],
  [`00-${trace}-${span}`, undefined],
  ['', undefined],
])('%j', (text, parent) => {
  expect(parseTraceParent(text)).toEqual(parent);
});

test('what vendors add is passed on, unless it is too long or no text', () => {
  const states = ['a=1,b=2', '', 'x'.repeat(513), 'a=\n'];
  expect(states.map((state) => parseTraceParent(`00-${trace}-${span}-01`, state)?.state)).toEqual([
    'a=1,b=2',
    undefined,
    undefined,
    undefined,
  ]);
});

test('no text makes it throw or wait', () => {
  fc.assert(fc.property(fc.string({ maxLength: 5000 }), (text) => parseTraceParent(text, text) === undefined));
});
