import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRules } from '../../src/configuration/file/read-rules.ts';
import { lackingTests, runTests } from '../../src/configuration/test/run.ts';
import { Faults } from '../../src/policy/file/fault.ts';

const folders = ['rules/configuration', 'rules/dockerfile'];
const files = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith('.yaml'));

describe.each(files)('%s', (file) => {
  const faults = new Faults();
  const rules = readRules(readFileSync(file), file, 'sluice', faults);

  test('is right', () => {
    expect(faults.all.map(({ place, message, hint }) => `${place.line}:${place.column} ${message}: ${hint}`)).toEqual(
      [],
    );
    expect(rules.length).toBeGreaterThan(0);
  });

  test.each(rules.map((one) => [one.rule.id, one] as const))('%s does what its tests say', async (_, one) => {
    const outcomes = await runTests(one);
    const misses = outcomes.flatMap(({ test: { name, place }, miss }) =>
      miss ? [`${place.line}: ${name}: ${miss}`] : [],
    );
    expect(misses).toEqual([]);
    expect(lackingTests(one)).toEqual([]);
  });
});

test('no two rules have one name', () => {
  const ids = files.flatMap((file) =>
    readRules(readFileSync(file), file, 'sluice', new Faults()).map(({ rule }) => rule.id),
  );
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});
