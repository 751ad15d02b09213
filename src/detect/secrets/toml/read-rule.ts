import { type Severity, severities } from '../../../model/severity.ts';
import type { RequiredRule, SecretRule } from '../contract.ts';
import type { CheckPattern, Fields } from './fields.ts';
import { readAllowances } from './read-allowance.ts';

const known = [
  ...['id', 'description', 'regex', 'secretGroup', 'entropy', 'path', 'keywords', 'tags', 'allowlist', 'allowlists'],
  ...['required', 'skipReport', 'sluice'],
];
const ownKnown = ['title', 'severity', 'why', 'fix', 'links', 'check', 'score', 'samples', 'lookalikes'];

/** How sure a match of a rule that does not say it is. */
const usualScore = 75;
const usualWhy = 'Whoever can read this can use it as if it were theirs.';
const usualFix = 'Withdraw it where it was issued, take it out, and hand the new one over at run time.';

/** Reads one `[[rules]]` of gitleaks' form, and what sluice adds to it in `[rules.sluice]`. @throws SluiceError `rules/toml` */
export function readRule(fields: Fields, check: CheckPattern): SecretRule {
  fields.only(known);
  const id = fields.text('id');
  if (id === undefined || id === '') throw fields.fail('a rule needs an id');
  const own = fields.table('sluice');
  own?.only(ownKnown);
  const pattern = fields.text('regex');
  const path = fields.text('path');
  const entropy = fields.number('entropy', 0, 100);
  const offline = own?.text('check');
  const required = fields.tables('required').map(readRequired);
  return {
    id,
    title: own?.text('title') ?? fields.text('description') ?? id,
    severity: severityOf(own),
    why: own?.text('why') ?? usualWhy,
    fix: own?.text('fix') ?? usualFix,
    links: own?.texts('links') ?? [],
    tags: fields.texts('tags'),
    ...(pattern !== undefined && { pattern: check(pattern, fields, 'regex') }),
    group: fields.number('secretGroup', 0, 1000) ?? 0,
    ...(entropy !== undefined && entropy > 0 && { entropy }),
    keywords: [...new Set(fields.texts('keywords').map((word) => word.toLowerCase()))].filter((word) => word !== ''),
    ...(path !== undefined && { path: check(path, fields, 'path') }),
    allowances: readAllowances(fields, false, check),
    ...(offline !== undefined && { check: offline }),
    score: own?.number('score', 0, 100) ?? usualScore,
    ...(required.length > 0 && { required }),
    ...(fields.flag('skipReport') && { silent: true }),
  };
}

function severityOf(own: Fields | undefined): Severity {
  return own?.word('severity', severities) ?? 'high';
}

function readRequired(fields: Fields): RequiredRule {
  fields.only(['id', 'withinLines', 'withinColumns']);
  const rule = fields.text('id');
  if (rule === undefined) throw fields.fail('a required rule needs an id');
  const lines = fields.number('withinLines', 0, 1e9);
  const columns = fields.number('withinColumns', 0, 1e9);
  return { rule, ...(lines !== undefined && { lines }), ...(columns !== undefined && { columns }) };
}
