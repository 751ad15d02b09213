import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DocumentCache } from '../../../src/policy/file/document-cache.ts';
import { type LoadedPolicy, loadPolicy } from '../../../src/policy/file/load-policy.ts';
import { packs } from '../../../src/policy/packs.gen.ts';
import { scratchFolder } from '../../support/cli.ts';
import { policyOf, rule, write } from './samples.ts';

const scratch = scratchFolder();
const cacheDir = join(scratch, 'cache');
const path = join(scratch, 'sluice.yaml');

function loaded(build: string, shown = 'sluice.yaml'): Promise<LoadedPolicy> {
  return loadPolicy({ path, shown }, packs, new DocumentCache(cacheDir, build));
}

const titlesOf = ({ top }: LoadedPolicy): unknown =>
  [...(top?.rules.values() ?? [])].map(({ rule: { title } }) => title);
const entries = (): string[] => readdirSync(join(cacheDir, 'policy'));

test('what was made of a file before is only believed for the same bytes, name and build', async () => {
  const text = `version: 1\nuse: [{ file: used.yaml }]\nrules:\n${rule('a/b', { title: 'one' })}`;
  write(scratch, { 'sluice.yaml': text, 'used.yaml': policyOf(rule('u/v', { title: 'used' })) });
  const first = await loaded('1');
  expect([titlesOf(first), entries().length]).toEqual([['used', 'one'], 2]);
  expect(await loaded('1')).toEqual(first);

  // Something else in its place, sealed as sluice seals it, shows when it is believed.
  const cache = new DocumentCache(cacheDir, '1');
  const { document } = first.root ?? {};
  if (!document) throw new Error('there is no document');
  const digest = `sha256:${(await import('node:crypto')).createHash('sha256').update(text).digest('hex')}`;
  const forged = {
    ...document,
    layer: { ...document.layer, rules: document.layer.rules.map((one) => ({ ...one, title: 'kept' })) },
  };
  cache.keep({ real: realpathSync(path), digest }, 'sluice.yaml', forged);
  expect(titlesOf(await loaded('1'))).toEqual(['used', 'kept']);
  expect(titlesOf(await loaded('2'))).toEqual(['used', 'one']);
  cache.keep({ real: realpathSync(path), digest }, 'sluice.yaml', forged);
  expect(titlesOf(await loaded('1', 'other.yaml'))).toEqual(['used', 'one']);

  write(scratch, { 'sluice.yaml': `${text}# changed\n` });
  expect(titlesOf(await loaded('1'))).toEqual(['used', 'one']);
  write(scratch, { 'used.yaml': policyOf(rule('u/v', { title: 'changed' })) });
  expect(titlesOf(await loaded('1'))).toEqual(['changed', 'one']);
});

test('an entry that is not what was written is no entry', async () => {
  write(scratch, { 'sluice.yaml': policyOf(rule('a/b', { title: 'right' })) });
  const right = await loaded('1');
  for (const name of entries()) {
    const entry = join(cacheDir, 'policy', name);
    writeFileSync(entry, readFileSync(entry, 'latin1').replace('right', 'wrong'), 'latin1');
  }
  expect(await loaded('1')).toEqual(right);
});

test('what is wrong is not kept', async () => {
  const before = entries().length;
  write(scratch, { 'sluice.yaml': policyOf(rule('a/b', { outcome: 'x' })) });
  const wrong = await loaded('3', 'wrong.yaml');
  expect([wrong.faults.length, entries().length - before]).toEqual([1, 0]);
  expect((await loaded('3', 'wrong.yaml')).faults).toEqual(wrong.faults);
});
