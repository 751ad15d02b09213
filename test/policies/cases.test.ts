import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PolicyCases, readCases } from '../../src/pipeline/cases/read-cases.ts';
import { runCase } from '../../src/pipeline/cases/run-case.ts';
import { loadPolicy } from '../../src/policy/file/load-policy.ts';
import { type ReadPolicySet, readPolicySet } from '../../src/policy/file/policy-set.ts';
import { lintPolicy } from '../../src/policy/lint/lint.ts';
import { packs } from '../../src/policy/packs.gen.ts';
import type { Rule } from '../../src/policy/rule.ts';

const root = resolve(import.meta.dirname, '..', '..', 'policies');
const policies = ['packs', 'triggers'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .map((name) => join(folder, name.slice(0, -'.yaml'.length))),
);

function policyAt(path: string, environment: string): Promise<ReadPolicySet> {
  const given = { policy: join(root, `${path}.yaml`), waivers: [], folder: root, environment, dataAges: new Map() };
  return readPolicySet(given, { packs });
}

function casesOf(path: string): PolicyCases {
  return readCases(readFileSync(join(root, `${path}.test.yaml`)), `${path}.test.yaml`);
}

/** The rules that the policy itself has, without those of packs that it uses. */
async function rulesOf(path: string): Promise<readonly Rule[]> {
  const { choose } = await policyAt(path, '');
  const rules = choose({ names: [], labels: {} }).custom?.rules ?? [];
  return rules.filter(({ place }) => place !== undefined);
}

describe.each(policies)('%s', (path) => {
  let rules: readonly Rule[] = [];
  beforeAll(async () => {
    rules = await rulesOf(path);
  });

  test('says of each case what the case expects', async () => {
    for (const one of casesOf(path).cases) {
      const { choose } = await policyAt(path, one.environment);
      const report = (name: string): never => {
        throw new Error(`${name}: the cases that ship bring their evidence along`);
      };
      expect({ case: one.name, misses: await runCase(one, { choose, report }) }).toEqual({
        case: one.name,
        misses: [],
      });
    }
  });

  test('has for each rule a case in which it fires and one in which it is silent', () => {
    const said = new Map<string, Set<string>>();
    for (const { expect: expected } of casesOf(path).cases) {
      for (const { id } of rules) {
        const word = expected.rules.get(id) ?? (expected.only ? 'silent' : undefined);
        if (word === undefined) continue;
        said.set(id, (said.get(id) ?? new Set()).add(word === 'silent' ? 'silent' : 'fires'));
      }
    }
    const lacking = rules.filter(({ id }) => said.get(id)?.size !== 2);
    expect(lacking.map(({ id }) => `${id}: only ${[...(said.get(id) ?? ['nothing'])]}`)).toEqual([]);
    expect(rules.length).toBeGreaterThan(1);
  });

  test('has no rule that can never fire', async () => {
    const loaded = await loadPolicy({ path: join(root, `${path}.yaml`), shown: path }, packs, undefined);
    expect(loaded.faults).toEqual([]);
    const warnings = lintPolicy(loaded, '2026-01-31').map(({ message }) => message);
    expect(warnings.filter((message) => message.includes('never'))).toEqual([]);
    // Examples may say the same in several ways; packs may not, and of what is not verified yet only these ask.
    const asks = ['packs/nist-ssdf', 'packs/slsa'].includes(path) ? / until (?:signatures|attestations) / : /^$/;
    if (path.startsWith('packs/')) expect(warnings.filter((message) => !asks.test(message))).toEqual([]);
  });

  test('has ids, titles, reasons and fixes that read as one sentence each', () => {
    const family = path.split('/')[1] ?? '';
    const own = family === 'default' ? ['vulnerability', 'secret', 'misconfiguration'] : [family];
    for (const { id, title, why, fix, place } of rules) {
      const at = `${place} ${id}`;
      expect(own).toContain(id.slice(0, id.indexOf('/')));
      expect(title, at).toMatch(/^[A-Z][^.]*(?:\.\d[^.]*)*$/);
      expect(why, at).toMatch(/^[A-Z][^.!?]*(?:\.\d[^.!?]*)*\.$/);
      if (fix !== undefined) expect(fix, at).toMatch(/^[A-Z]/);
    }
  });
});
