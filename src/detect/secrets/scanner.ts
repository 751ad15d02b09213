import { digestOf } from '../../model/digest.ts';
import type { SecretCheck } from './checks/contract.ts';
import { checks as builtInChecks } from './checks/list.gen.ts';
import type { SecretOptions, SecretRuleSet, SecretScanner } from './contract.ts';
import type { LinearEngine } from './pattern/compile.ts';
import { needsEngine } from './pattern/compile.ts';
import { writtenSearch } from './search.gen.ts';
import { prepareSearch } from './search.ts';
import { TextReader } from './text-reader.ts';

/** How a scanner is made. */
export interface ScannerOptions extends SecretOptions {
  /** For patterns that only it can match in linear time. */
  readonly engine?: LinearEngine;
  /** In place of the built-in checks. */
  readonly checks?: ReadonlyMap<string, SecretCheck>;
}

/**
 * A scanner by some rule sets, which holds some hundred kilobytes of tables: make one a thread.
 * @throws SluiceError `pattern/engine` when a pattern needs the linear engine and none is given ({@link openScanner})
 */
export function createScanner(sets: readonly SecretRuleSet[], options: ScannerOptions = {}): SecretScanner {
  const search = prepareSearch(sets, options.checks ?? builtInChecks, options.engine, writtenSearch);
  const reader = new TextReader(search, options.values === true);
  return {
    digest: digestOfSets(sets),
    open: (path, _size, commit) => (reader.open(path, commit) ? reader : undefined),
    search(text, path) {
      if (text === '' || !reader.open(path)) return [];
      reader.writeText(Buffer.from(text));
      return reader.end().matches;
    },
  };
}

/** As {@link createScanner}, and loads the linear engine when a pattern needs it. */
export async function openScanner(
  sets: readonly SecretRuleSet[],
  options: ScannerOptions = {},
): Promise<SecretScanner> {
  const patterns = sets.flatMap(({ rules, allowances }) => [
    ...rules
      .filter(({ proven }) => proven !== true)
      .flatMap((rule) => [rule.pattern, rule.path, ...rule.allowances.flatMap(patternsOf)]),
    ...allowances.flatMap(patternsOf),
  ]);
  const wanted = patterns.some((pattern) => pattern !== undefined && needsEngine(pattern));
  const engine = wanted ? { engine: (await import('./pattern/engine.ts')).linearEngine } : {};
  return createScanner(sets, { ...engine, ...options });
}

function patternsOf(allowance: {
  readonly patterns: readonly string[];
  readonly paths: readonly string[];
}): readonly string[] {
  return [...allowance.patterns, ...allowance.paths];
}

function digestOfSets(sets: readonly SecretRuleSet[]): string {
  return sets.length === 1 ? sets[0]!.digest : digestOf(JSON.stringify(sets.map((set) => set.digest)));
}
