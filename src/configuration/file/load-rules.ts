import { type Fault, Faults, placeText } from '../../policy/file/fault.ts';
import { type Input, readInput } from '../../policy/file/input.ts';
import { documentBytes } from '../../policy/file/read-limits.ts';
import { SluiceError } from '../../util/error.ts';
import type { ConfigurationRule } from '../contract.ts';
import { readRules, type TestedRule } from './read-rules.ts';

/** The form of a file of rules: sluice's own, or gitleaks' one for secrets. */
export type RulesForm = 'yaml' | 'toml';

/** Characters of a file that are looked at to tell its form. */
const looked = 16 * 1024;

/** Reads a file of rules. @throws SluiceError `rules/unreadable` */
export function readRulesInput(path: string): Input {
  const input = readInput(path, documentBytes);
  if (typeof input === 'string') throw new SluiceError('rules/unreadable', `the rules ${path} ${input}`);
  return input;
}

/** The form of a file of rules, told by its content: YAML and JSON have `rules:`, TOML has tables or `key =`. */
export function rulesForm(bytes: Buffer): RulesForm {
  const start = bytes
    .subarray(0, looked)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  for (const line of start.split('\n')) {
    const bare = line.trim();
    if (bare === '' || bare.startsWith('#') || bare === '---' || bare.startsWith('%')) continue;
    if (bare.startsWith('{')) return 'yaml';
    return /^\[|^[\w"'.-]+\s*=/.test(bare) ? 'toml' : 'yaml';
  }
  return 'yaml';
}

/**
 * The rules on configuration of a file. `shown`: the file as the user named it.
 * @throws SluiceError `rules/malformed` with the first fault and how many more there are
 */
export function configurationRulesIn(bytes: Buffer, shown: string): readonly ConfigurationRule[] {
  return testedRulesIn(bytes, shown).map(({ rule }) => rule);
}

/** As {@link configurationRulesIn}, with the tests. @throws SluiceError `rules/malformed` */
export function testedRulesIn(bytes: Buffer, shown: string): readonly TestedRule[] {
  const faults = new Faults();
  const rules = readRules(bytes, shown, shown, faults);
  if (faults.all.length > 0) throw faultOf(faults.all);
  return rules;
}

function faultOf(faults: readonly Fault[]): SluiceError {
  const [first] = faults;
  if (!first) return new SluiceError('rules/malformed', 'the rules are malformed');
  const more = faults.length - 1;
  const others =
    more === 0
      ? ''
      : ` (and ${more} more ${more === 1 ? 'fault' : 'faults'}: see sluice rules test ${first.place.file})`;
  return new SluiceError('rules/malformed', `${placeText(first.place)}: ${first.message}${others}`, first.hint);
}
