import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readCases } from '../../src/pipeline/cases/read-cases.ts';
import { runCase } from '../../src/pipeline/cases/run-case.ts';
import { type ReadPolicySet, readPolicySet } from '../../src/policy/file/policy-set.ts';
import { packs } from '../../src/policy/packs.gen.ts';
import { readWaivers } from '../../src/policy/waiver/read.ts';
import { scratchFolder } from '../support/cli.ts';

const docs = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'policy.md'), 'utf8');
const examples = [...docs.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
const [policy = ''] = examples;
const folder = scratchFolder();

/** Reads a policy as a user's file. */
function read(text: string): Promise<ReadPolicySet> {
  const path = join(folder, 'sluice.yaml');
  writeFileSync(path, text);
  return readPolicySet({ policy: path, waivers: [], folder, environment: '', dataAges: new Map() }, { packs });
}

/** What an example is, told from its first lines. */
function kindOf(text: string): 'waivers' | 'cases' | 'policy' | 'rule' | 'part' {
  if (/^waivers:/m.test(text)) return 'waivers';
  if (/^cases:/m.test(text)) return 'cases';
  if (text.startsWith('version:')) return 'policy';
  return text.startsWith('- id:') ? 'rule' : 'part';
}

test('the examples of docs/policy.md can be read, and its cases hold', async () => {
  expect(examples.map(kindOf)).toEqual(['policy', 'rule', 'rule', 'part', 'waivers', 'part', 'cases']);
  for (const text of examples) {
    const kind = kindOf(text);
    if (kind === 'waivers') {
      const now = new Date('2026-01-31T00:00:00Z');
      expect(readWaivers([{ name: 'w.yaml', bytes: Buffer.from(text) }], { now }).waivers).toHaveLength(4);
    } else if (kind === 'cases') {
      const { choose } = await read(policy);
      const report = (): never => expect.unreachable();
      for (const one of readCases(Buffer.from(text), 'shop.test.yaml').cases) {
        expect(await runCase(one, { choose, report }), one.name).toEqual([]);
      }
    } else {
      const whole = kind === 'rule' ? `version: 1\nrules:\n${text}` : `version: 1\nuse: [default]\n${text}`;
      const { choose } = await read(kind === 'policy' ? text : whole);
      expect(choose({ names: [], labels: {} }).custom?.rules.length).toBeGreaterThan(0);
    }
  }
});
