import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { compilePack } from '../../../src/policy/file/compile-pack.ts';
import { defaultPack, packs } from '../../../src/policy/packs.gen.ts';
import { policyOf, rule } from './samples.ts';

const folder = resolve(import.meta.dirname, '../../../policies/packs');
const names = readdirSync(folder)
  .filter((name) => /^[a-z0-9-]+\.yaml$/.test(name))
  .map((name) => name.slice(0, -'.yaml'.length));

/** A pack's text, with its name. */
const named = (name: string, text: string): Buffer => Buffer.from(`${text}name: ${name}\n`);

test('the packs that ship are those of their files', async () => {
  expect(Object.keys(packs)).toEqual(names.sort());
  for (const name of names) {
    expect(await packs[name]?.()).toEqual(compilePack(name, readFileSync(join(folder, `${name}.yaml`))));
  }
  expect(await packs.default?.()).toBe(defaultPack);
});

test('the rules of a pack have no place', () => {
  const { document } = compilePack('a', named('a', policyOf(rule('a/b'))));
  expect(document.layer.rules.map((one) => [one.id, one.pack, 'place' in one])).toEqual([['a/b', 'a', false]]);
});

test('what is wrong with a pack is all told', () => {
  const wrong = named('b', `${policyOf(rule('a/b', { outcome: 'x', on: 'y' }))}soon: 3\n`);
  expect(() => compilePack('a', wrong)).toThrow(
    /^pack a:6:9: [^\n]+\npack a:8:14: [^\n]+\npack a:1:1: [^\n]+\npack a:9:1: [^\n]+$/,
  );
});
