import type { Allowance } from '../contract.ts';
import type { CheckPattern, Fields } from './fields.ts';

const own = ['description', 'condition', 'commits', 'paths', 'regexTarget', 'regexes', 'stopwords'];

/** The allowances of a table: gitleaks' `allowlists`, and the older single `allowlist`. */
export function readAllowances(fields: Fields, isGlobal: boolean, check: CheckPattern): Allowance[] {
  const tables = [...fields.tables('allowlists')];
  if (fields.has('allowlist')) {
    if (tables.length > 0)
      throw fields.fail('allowlist and allowlists do not go together: use allowlists', 'allowlist');
    tables.push(...(fields.isList('allowlist') ? fields.tables('allowlist') : [fields.table('allowlist')!]));
  }
  return tables.map((table) => readAllowance(table, isGlobal, check));
}

function readAllowance(fields: Fields, isGlobal: boolean, check: CheckPattern): Allowance {
  fields.only(isGlobal ? [...own, 'targetRules'] : own);
  const condition = fields.word('condition', ['or', 'and', '||', '&&']);
  const allowance: Allowance = {
    condition: condition === 'and' || condition === '&&' ? 'and' : 'or',
    target: fields.word('regexTarget', ['secret', 'match', 'line']) ?? 'secret',
    patterns: fields.texts('regexes').map((pattern) => check(pattern, fields, 'regexes')),
    paths: fields.texts('paths').map((pattern) => check(pattern, fields, 'paths')),
    stopWords: fields.texts('stopwords').map((word) => word.toLowerCase()),
    commits: fields.texts('commits').map((commit) => commit.toLowerCase()),
    rules: isGlobal ? fields.texts('targetRules') : [],
  };
  const { patterns, paths, stopWords, commits } = allowance;
  if (patterns.length + paths.length + stopWords.length + commits.length === 0)
    throw fields.fail('an allowance needs at least one of commits, paths, regexes and stopwords');
  return allowance;
}
