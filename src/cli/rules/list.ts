import { SluiceError } from '../../util/error.ts';
import { compilePattern } from '../../util/glob.ts';
import { nearest } from '../../util/nearest.ts';
import type { Action } from '../actions.ts';
import { columns } from '../columns.ts';
import type { Flags } from '../flags.ts';
import { print } from '../print.ts';
import { type KnownRule, knownRules, rulesFlag } from './known.ts';

const kinds = ['secret', 'configuration'];

/** `sluice rules list`: all rules, or those whose names are like a pattern. */
export const action: Action = {
  examples: [
    { line: 'sluice rules list', doc: 'all of them' },
    { line: 'sluice rules list aws --kind secret', doc: 'rules for secrets with aws in their name' },
  ],
  flags: [
    rulesFlag,
    {
      name: 'kind',
      value: 'KIND',
      choices: ['secret', 'configuration'],
      doc: 'only rules of this kind: secret or configuration',
    },
    { name: 'json', doc: 'as JSON' },
  ],
  operands: 1,
  more: 'PATTERN is a name of rules, where * is any text: image/*',
  run: list,
};

async function list(given: Flags): Promise<number> {
  const kind = kindOf(given.text('kind'));
  const [pattern] = given.operands;
  const all = await knownRules(given);
  const matches = pattern === undefined ? () => true : compilePattern(pattern.includes('*') ? pattern : `*${pattern}*`);
  const rules = all.filter((rule) => (kind === undefined || rule.kind === kind) && matches(rule.id));
  if (rules.length === 0 && pattern !== undefined)
    throw new SluiceError('rules/unknown', `no rule is called like ${pattern}`, 'sluice rules list lists all');
  print(given.on('json') ? `${JSON.stringify(rules.map(plain), undefined, 2)}\n` : table(rules));
  return 0;
}

/** @throws SluiceError `usage/kind` */
function kindOf(text: string | undefined): string | undefined {
  if (text === undefined || kinds.includes(text)) return text;
  const close = nearest(text, kinds);
  throw new SluiceError(
    'usage/kind',
    `there is no kind of rule ${text}`,
    close ? `did you mean ${close}?` : `there are ${kinds.join(' and ')}`,
  );
}

function table(rules: readonly KnownRule[]): string {
  const rows = rules.map(({ id, severity, on, title, from }) => [
    id,
    severity,
    on,
    from === 'sluice' ? title : `${title} (${from})`,
  ]);
  const secrets = rules.filter(({ kind }) => kind === 'secret').length;
  const counts = `${rules.length - secrets} on configuration, ${secrets} for secrets`;
  return `${columns(['RULE', 'SEVERITY', 'ON', 'TITLE'], rows)}\n${counts}; sluice rules show RULE says more\n`;
}

/** What it looks at as an object by its names. */
function plain({ looks, ...rule }: KnownRule): object {
  return { ...rule, looks: Object.fromEntries(looks) };
}
