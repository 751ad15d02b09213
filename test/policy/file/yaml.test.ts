import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Faults, placeText } from '../../../src/policy/file/fault.ts';
import type { Value } from '../../../src/policy/file/value.ts';
import { readYaml } from '../../../src/policy/file/yaml.ts';
import { lineOf } from './samples.ts';

function yaml(text: string | Buffer): { value: Value | undefined; faults: string[] } {
  const faults = new Faults();
  const value = readYaml(Buffer.from(text), 'x.yaml', faults);
  return { value, faults: faults.all.map(lineOf) };
}

/** A value without its places. */
function plain(value: Value | undefined): unknown {
  if (value === undefined) return undefined;
  if (value.kind === 'text') return value.text;
  if (value.kind === 'plain') return value.value;
  if (value.kind === 'list') return value.items.map(plain);
  return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry.value)]));
}

test('YAML 1.2 and JSON are read, dates and words as texts', () => {
  expect(plain(yaml('a: 2026-01-01\non: yes\nb: [1, 1.5, true, null, ~, 0x10]\nc:\n').value)).toEqual({
    a: '2026-01-01',
    on: 'yes',
    b: [1, 1.5, true, null, null, 16],
    c: null,
  });
  expect(plain(yaml('{\n\t"a": {"b": ["c"]}\n}').value)).toEqual({ a: { b: ['c'] } });
});

describe('what is refused', () => {
  test.each([
    [
      'an alias',
      'a: &x [1]\nb: *x\n',
      [
        'x.yaml:1:4: anchors (&name) are not read here | write it out; a text that begins with & goes in quotes',
        'x.yaml:2:4: aliases (*name) are not read here | write it out; a text that begins with * goes in quotes',
      ],
    ],
    [
      'a tag',
      'a: !!binary aGk=\n',
      ['x.yaml:1:4: tags (!name) are not read here | write it out; a text that begins with ! goes in quotes'],
    ],
    [
      'a directive',
      '%YAML 1.1\n---\non: 1\n',
      ['x.yaml:1:1: directives such as %YAML are not read here | leave it out'],
    ],
    [
      'two documents',
      'a: 1\n---\nb: 1\n',
      ['x.yaml:2:1: there is a second document in the file | one file is one document'],
    ],
    [
      'a key that is there twice',
      'a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n',
      ['x.yaml:5:3: c is there twice: first in line 3'],
    ],
    [
      'a key that is a list',
      '? [a]\n: 1\n',
      ['x.yaml:1:3: this is no YAML: With stringKeys, all keys must be strings | a key is one word, without brackets'],
    ],
    ['nothing', '', ['x.yaml:1:1: the file is empty | begin it with version: 1']],
    ['a comment', '# only\n', ['x.yaml:1:1: the file is empty | begin it with version: 1']],
    ['a list that does not end', 'a: [1, 2\nb: 3\n', ['x.yaml:1:4: this [ is not closed']],
    [
      'a list that is nested too deep',
      `${'['.repeat(26)}${']'.repeat(26)}`,
      ['x.yaml:1:26: maps and lists are nested more than 24 deep'],
    ],
    [
      'a list that is nested far too deep',
      `${'['.repeat(2000)}${']'.repeat(2000)}`,
      ['x.yaml:1:53: maps and lists are nested more than 24 deep'],
    ],
    ['bytes that are no text', Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]), ['x.yaml:1:1: the file is not UTF-8 text']],
    ['a file that is too large', Buffer.alloc((4 << 20) + 1, '#'), ['x.yaml:1:1: the file is larger than 4 MiB']],
  ])('%s', (_name, text, faults) => {
    expect(yaml(text).faults).toEqual(faults);
  });

  test('a billion laughs stay some lines', () => {
    const lines = [
      'a0: &a0 [lol]',
      ...Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`),
    ];
    const { value, faults } = yaml(lines.join('\n'));
    expect([value, faults.length]).toEqual([undefined, 81]);
  });
});

/** An expression in every style of YAML, and the line and column of its `bad`. */
const styles: readonly [name: string, text: string, place: string][] = [
  ['plain', 'when: good && bad\n', '1:15'],
  ['plain over two lines', 'when: good\n  && bad\n', '2:6'],
  ['single quotes', "when: 'good == ''x'' && bad'\n", '1:25'],
  ['single quotes over two lines', "when: 'good\n\n   && bad'\n", '3:7'],
  ['double quotes', 'when: "good == \\"x\\" && bad"\n', '1:25'],
  ['double quotes with escapes', 'when: "g\\x6f\\u006Fd\\n\\t && bad"\n', '1:28'],
  ['double quotes over two lines', 'when: "good \\\n   && bad"\n', '2:7'],
  ['a literal block', 'when: |\n  good &&\n    bad\n', '3:5'],
  ['a literal block with a comment', 'x:\n  when: |-  # bad\n    good\n\n    && bad\n', '5:8'],
  ['a folded block', 'when: >-\n  good\n  &&\n\n    bad\n', '5:5'],
  ['JSON', '{ "when": "good && bad" }', '1:20'],
];

describe('the place of a part of a text', () => {
  test.each(styles)('%s', (_name, text, place) => {
    const find = (value: Value | undefined): Value | undefined =>
      value?.kind === 'map' ? (value.entries.get('when')?.value ?? find(value.entries.get('x')?.value)) : undefined;
    const when = find(yaml(text).value);
    if (when?.kind !== 'text') throw new Error('it is no text');
    expect(placeText(when.at(when.text.indexOf('bad')))).toBe(`x.yaml:${place}`);
  });

  test('is in the file whatever the text and the offset', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.nat(100),
        fc.constantFrom('json', 'literal'),
        (text, offset, style) => {
          const written =
            style === 'json' ? JSON.stringify({ a: text }) : `a: |\n  ${text.replaceAll(/[\r\n]/g, '\n  ')}\n`;
          const { value } = yaml(written);
          const found = value?.kind === 'map' ? value.entries.get('a')?.value : undefined;
          if (found?.kind !== 'text') return;
          const { line, column } = found.at(offset);
          const lines = written.split(/\n/);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        },
      ),
    );
  });
});

test('random bytes and mutations end in a value or a fault', () => {
  const good = 'version: 1\nuse: [default, { file: x.yaml }]\nrules:\n  - id: a/b\n    when: |\n      x == "y"\n';
  const mutated = fc
    .tuple(fc.nat(good.length), fc.nat(5), fc.string({ maxLength: 5 }))
    .map(([at, gone, text]) => good.slice(0, at) + text + good.slice(at + gone));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)),
    mutated,
  );
  fc.assert(
    fc.property(bytes, (text) => {
      const { value, faults } = yaml(text);
      expect(value !== undefined || faults.length > 0).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('hostile files take no long time', () => {
  const started = performance.now();
  for (const text of [
    '['.repeat(50_000),
    '{a: '.repeat(100_000),
    '- '.repeat(200_000),
    `${'? '.repeat(100_000)}x`,
    'a: "'.repeat(20_000),
    Array.from({ length: 8_000 }, (_, i) => `k${i}: 1`).join('\n'),
    '- 1\n'.repeat(10_000),
    `a: ${'b '.repeat(100_000)}`,
  ]) {
    const { value, faults } = yaml(text);
    expect(value !== undefined || faults.length > 0).toBe(true);
  }
  expect(performance.now() - started).toBeLessThan(15_000);
});
