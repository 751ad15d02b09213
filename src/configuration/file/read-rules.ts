import { type Faults, placeText } from '../../policy/file/fault.ts';
import { mostRules } from '../../policy/file/read-limits.ts';
import { beginning, checkVersion } from '../../policy/file/rule-parts.ts';
import { listIn, recordIn } from '../../policy/file/shape.ts';
import { readYaml } from '../../policy/file/yaml.ts';
import type { ConfigurationRule } from '../contract.ts';
import { readRule, ruleMapIn } from './read-rule.ts';
import { type RuleTest, readTests } from './read-tests.ts';

/** A rule with the tests that stand in it. */
export interface TestedRule {
  readonly rule: ConfigurationRule;
  readonly tests: readonly RuleTest[];
}

/**
 * Reads a file of rules (schema/sluice-rules-v1.json). `file`: as messages name it; `pack`: what its rules say that they
 * are of. What is wrong is a fault; rules that are right are returned all the same.
 */
export function readRules(bytes: Buffer, file: string, pack: string, faults: Faults): readonly TestedRule[] {
  const value = readYaml(bytes, file, faults);
  const map =
    value && recordIn(value, 'a file of rules', ['version', 'rules', '$schema'], 'a file of rules', faults, beginning);
  if (!map) return [];
  checkVersion(map, 'the file of rules', 'rules', faults);
  const rules = map.entries.get('rules')?.value;
  if (!rules) faults.add(map.place, 'the file has no rules', 'such as rules: [{ id: team/no-root, … }]');
  const items = (rules && listIn(rules, 'rules', faults)?.items) ?? [];
  if (rules && items.length > mostRules) faults.add(rules.place, `there are more than ${mostRules} rules`);
  const read: TestedRule[] = [];
  const known = new Map<string, string>();
  for (const item of items.slice(0, mostRules)) {
    if (faults.full) break;
    const one = ruleMapIn(item, faults);
    const rule = one && readRule(one, pack, faults);
    const tests = one && readTests(one.entries.get('tests')?.value, faults);
    if (!rule) continue;
    const first = known.get(rule.id);
    if (first !== undefined) faults.add(item.place, `there are two rules ${rule.id}`, `the first is in ${first}`);
    else read.push({ rule, tests: tests ?? [] });
    known.set(rule.id, placeText(item.place));
  }
  return read;
}
