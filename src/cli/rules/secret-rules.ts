import { dirname, resolve } from 'node:path';
import { readRulesInput } from '../../configuration/file/load-rules.ts';
import type { SecretRuleSet } from '../../detect/secrets/contract.ts';
import { readSecretRules } from '../../detect/secrets/toml/read-rule-set.ts';

/** The rules for secrets of the file at a path. @throws SluiceError `rules/...` */
export function secretRulesAt(path: string): Promise<SecretRuleSet> {
  return secretRulesIn(readRulesInput(path).bytes, path);
}

/** The rules for secrets of a file in gitleaks' form; what it extends stands beside it. @throws SluiceError `rules/...` */
export function secretRulesIn(bytes: Buffer, shown: string): Promise<SecretRuleSet> {
  const extended = (path: string): string => readRulesInput(resolve(dirname(shown), path)).bytes.toString('utf8');
  return readSecretRules(bytes.toString('utf8'), shown, { extended });
}
