import type { Faults, Place } from '../../policy/file/fault.ts';
import { lineIn, listIn, recordIn, wordIn } from '../../policy/file/shape.ts';
import type { MapValue, Value } from '../../policy/file/value.ts';
import type { TestGiven } from '../test/given.ts';
import { readGiven } from './read-given.ts';

/** A test that stands in a rule. */
export interface RuleTest {
  readonly name: string;
  readonly place: Place;
  readonly expects: 'fires' | 'silent';
  /** The lines on which it must fire; absent: they are not looked at. */
  readonly lines?: readonly number[];
  /** What there is. */
  readonly given: TestGiven;
}

const inputs = [
  ...['image', 'instruction', 'dockerfile', 'file', 'account', 'package', 'package-file', 'document', 'today'],
];
const keys = ['name', 'expect', 'lines', ...inputs];
/** Most tests of one rule. */
const mostTests = 200;

/** Reads the tests of a rule; undefined where there are none. */
export function readTests(value: Value | undefined, faults: Faults): readonly RuleTest[] | undefined {
  if (!value) return undefined;
  const items = listIn(value, 'tests', faults)?.items ?? [];
  if (items.length > mostTests) faults.add(value.place, `a rule has more than ${mostTests} tests`);
  return items.slice(0, mostTests).flatMap((item) => readTest(item, faults) ?? []);
}

function readTest(value: Value, faults: Faults): RuleTest | undefined {
  const map = recordIn(
    value,
    'a test',
    keys,
    'a test',
    faults,
    "such as - { name: root, image: { user: '' }, expect: fires }",
  );
  if (!map) return undefined;
  const [name, expect, lines] = ['name', 'expect', 'lines'].map((key) => map.entries.get(key)?.value);
  if (!name) faults.add(map.place, 'the test has no name');
  if (!expect) faults.add(map.place, 'the test has no expect', 'expect: fires, or expect: silent');
  if (!inputs.some((key) => map.entries.has(key))) {
    faults.add(map.place, 'the test says nothing of what there is', `give ${inputs.slice(0, -1).join(', ')}`);
  }
  const called = name && lineIn(name, 'name', faults);
  const expects = expect && wordIn(expect, 'expect', ['fires', 'silent'] as const, faults);
  const given = readGiven(map, faults);
  if (called === undefined || expects === undefined) return undefined;
  return { name: called, place: map.place, expects, ...(lines ? { lines: linesIn(lines, map, faults) } : {}), given };
}

function linesIn(value: Value, map: MapValue, faults: Faults): readonly number[] {
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === 'plain' && typeof item.value === 'number' && Number.isInteger(item.value)) return [item.value];
    faults.add(item.place ?? map.place, 'lines takes numbers of lines', 'such as lines: [3]');
    return [];
  });
}
