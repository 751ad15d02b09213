import type { ConfigurationRule } from '../../src/configuration/contract.ts';
import { evaluateConfiguration } from '../../src/configuration/evaluate.ts';
import { readRules } from '../../src/configuration/file/read-rules.ts';
import type { ConfigurationInputs } from '../../src/configuration/inputs.ts';
import type { PlacedFinding } from '../../src/model/placed-finding.ts';
import { Faults } from '../../src/policy/file/fault.ts';
import { evidence } from '../policy/make.ts';

/** The moment as of which rules are asked. */
export const now = new Date('2026-06-10T12:00:00Z');

/** A rule of these lines of YAML beside what every rule must have. */
export function ruleOf(lines: string): ConfigurationRule {
  const [rule] = rulesOf(lines);
  if (!rule) throw new Error('there is no rule');
  return rule;
}

/** Rules, each of these lines. @throws Error over what is wrong with them */
export function rulesOf(...rules: readonly string[]): readonly ConfigurationRule[] {
  const texts = rules.map((lines, at) => {
    const head = `  - id: team/rule${at === 0 ? '' : `-${at}`}\n    title: Wrong\n    why: It matters.\n    fix: End it.\n`;
    const own = lines
      .trim()
      .split('\n')
      .map((line) => `    ${line}\n`);
    return `${head}${lines.includes('severity:') ? '' : '    severity: medium\n'}${own.join('')}`;
  });
  const faults = new Faults();
  const read = readRules(Buffer.from(`version: 1\nrules:\n${texts.join('')}`), 'rules.yaml', 'rules.yaml', faults);
  if (faults.all.length > 0) throw new Error(faults.all.map(({ message, hint }) => `${message} | ${hint}`).join('\n'));
  return read.map(({ rule }) => rule);
}

/** What rules are asked of, with what differs. */
export function inputs(given: Partial<ConfigurationInputs> = {}): ConfigurationInputs {
  return {
    evidence: evidence({ collected: { queries: [], files: [], accounts: [], packageFiles: [] } }),
    now,
    ...given,
  };
}

/** What rules find, and in words which of them could not be asked. */
export async function ask(rules: readonly ConfigurationRule[], given: ConfigurationInputs) {
  const { findings, problems } = await evaluateConfiguration(rules, given);
  return { findings, problems: problems.map(({ code, message, path }) => `${code} ${path ?? ''}: ${message}`) };
}

/** A finding as its message and its place. */
export function inShort({ message, place, also = [] }: PlacedFinding): string {
  return [message, ...[place, ...also].map((at) => JSON.stringify(at))].join(' ');
}
