import { digestOf } from '../../../model/digest.ts';
import { compareText } from '../../../util/compare-text.ts';
import { SluiceError } from '../../../util/error.ts';
import type { SecretRuleSet } from '../contract.ts';

/** One set of the rules of several files, by id. @throws SluiceError `rules/twice` */
export function joinRuleSets(sets: readonly SecretRuleSet[]): SecretRuleSet {
  const rules = sets.flatMap((set) => set.rules).sort((a, b) => compareText(a.id, b.id));
  for (const [at, rule] of rules.entries()) {
    if (rules[at + 1]?.id === rule.id) throw new SluiceError('rules/twice', `two files have a rule ${rule.id}`);
  }
  const allowances = sets.flatMap((set) => set.allowances);
  return { digest: digestOf(JSON.stringify({ rules, allowances })), rules, allowances };
}
