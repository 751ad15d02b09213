import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VersionOrder } from '../../src/version/contract.ts';
import { checkAscending, checkEqual, checkGrammar, checkPairs, type Pair } from './laws.ts';

/** What the reference implementation of an order is tested with, as facts: which of two versions is older, which texts are versions. */
interface Table {
  /** Whose table it is. */
  readonly about: string;
  readonly ascending?: readonly (readonly string[])[];
  readonly equal?: readonly (readonly string[])[];
  readonly pairs?: readonly Pair[];
  readonly valid?: readonly string[];
  readonly invalid?: readonly string[];
}

const folder = join(import.meta.dirname, 'tables');
const names = readdirSync(folder).map((name) => name.replace(/\.json$/, ''));

test('there is a table of each reference implementation', () => {
  expect(names).toEqual(
    expect.arrayContaining(['apk', 'composer', 'dpkg', 'gem', 'go', 'maven', 'pep440', 'rpm', 'semver']),
  );
});

describe.each(names)('%s', async (name) => {
  const { order } = (await import(`../../src/version/${name}.ts`)) as { order: VersionOrder };
  const table = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Table;

  test('lists ascend', () => {
    for (const versions of table.ascending ?? []) checkAscending(order, versions);
  });

  test('spellings of one version are equal', () => {
    for (const versions of table.equal ?? []) checkEqual(order, versions);
  });

  test('pairs compare as published', () => {
    checkPairs(order, table.pairs ?? []);
  });

  test('the grammar accepts and rejects as published', () => {
    checkGrammar(order, table.valid ?? [], table.invalid ?? []);
  });
});
