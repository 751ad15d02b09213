import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import { nearest } from '../../util/nearest.ts';
import type { Action } from '../actions.ts';
import type { Flags } from '../flags.ts';
import { print } from '../print.ts';
import { type KnownRule, knownRules, rulesFlag } from './known.ts';

/** `sluice rules show ID`: all that is known of a rule, by its name or by what other tools call it. */
export const action: Action = {
  examples: [
    { line: 'sluice rules show secret/github-token', doc: 'what it looks for and why' },
    { line: 'sluice rules show DS-0002', doc: "by another tool's name" },
  ],
  flags: [rulesFlag],
  operands: 1,
  more: "ID is a rule's name, or what other tools call it (DS-0002, CIS-DI-0001).",
  run: show,
};

async function show(given: Flags): Promise<number> {
  const [id] = given.operands;
  if (id === undefined)
    throw new SluiceError('usage/rules', 'rules show needs the name of a rule', 'sluice rules list');
  const all = await knownRules(given);
  const named = all.filter((rule) => rule.id === id);
  const upper = id.toUpperCase();
  const found =
    named.length > 0 ? named : all.filter(({ aliases }) => aliases.some((one) => one.toUpperCase() === upper));
  if (found.length === 0) throw unknown(id, all);
  print(found.map(textOf).join('\n'));
  return 0;
}

function unknown(id: string, all: readonly KnownRule[]): SluiceError {
  const names = all.map((rule) => rule.id);
  const close = nearest(id, names) ?? names.find((name) => name.endsWith(`/${id}`));
  const hint = close === undefined ? 'sluice rules list lists all' : `did you mean ${close}?`;
  return new SluiceError('rules/unknown', `there is no rule ${id}`, hint);
}

/** A line for each thing that there is to say. */
function textOf(rule: KnownRule): string {
  const { id, severity, kind, on, title, why, fix, aliases, controls, links, looks, from } = rule;
  const rows: (readonly [string, string])[] = [
    ['why', why],
    ['fix', fix],
    ['on', kind === 'secret' ? 'texts of all layers, of the configuration and of the history' : on],
    ...looks,
    ...(aliases.length === 0 ? [] : [['also called', aliases.join(', ')] as const]),
    ...controls.map((control, at) => [at === 0 ? 'serves' : '', control] as const),
    ...links.map((link, at) => [at === 0 ? 'see' : '', link] as const),
    ['let pass', `sluice waive ${id} --reason '…' --owner NAME --expires 90d (with --path: there alone)`],
    ...(from === 'sluice' ? [] : [['from', from] as const]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${harmless(text)}`);
  return [`${harmless(id)} (${severity}): ${harmless(title)}`, ...lines, ''].join('\n');
}
