import { type Fault, placeText } from '../../policy/file/fault.ts';
import { type LoadedPolicy, loadPolicy, policySource } from '../../policy/file/load-policy.ts';
import { waiverFilesOf } from '../../policy/file/policy-set.ts';
import { lintPolicy, rulesInShort } from '../../policy/lint/lint.ts';
import { packs } from '../../policy/packs.gen.ts';
import { readWaivers } from '../../policy/waiver/read.ts';
import { dayText } from '../../util/day.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Action } from '../actions.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { atOf, workingFolder } from '../policy-flags.ts';
import { print } from '../print.ts';

/** `sluice policy check`: says what is wrong with a policy, and what is odd about it. */
export const action: Action = {
  examples: [
    { line: 'sluice policy check', doc: 'the policy of the working folder' },
    { line: 'sluice policy check sluice.yaml --at 2026-12-31', doc: 'what will be in force then' },
  ],
  flags: [{ name: 'at', value: 'DATE', doc: 'check what will be in force on that day, such as 2026-01-31' }],
  operands: 1,
  more: `FILE is a policy file or the name of a pack; by default what SLUICE_POLICY
names, else sluice.yaml in the working folder or above. Each line is
FILE:LINE:COLUMN: error or warning. With errors it exits 1; warnings alone are no failure.`,
  run: check,
};

async function check(given: Flags, { env }: Invocation): Promise<number> {
  const folder = workingFolder();
  // What a scan would go by here.
  const named = given.operands[0] ?? (env.SLUICE_POLICY || undefined);
  const source = policySource(named, folder, Object.keys(packs));
  if (!source) {
    throw new SluiceError('policy/none', 'there is no sluice.yaml here or above', 'sluice policy check FILE');
  }
  const now = atOf(given.text('at')) ?? new Date();
  const today = dayText(now);
  // Always read anew: what is asked is whether it can be read.
  const policy = await loadPolicy(source, packs, undefined);
  const warnings = lintPolicy(policy, today);
  const unreadable = waiverFault(policy, folder, now);
  const lines = [
    ...policy.faults.map((fault) => lineOf('error', fault)),
    ...(unreadable ? [unreadable] : []),
    ...warnings.map((fault) => lineOf('warning', fault)),
    unreadable && policy.faults.length === 0
      ? `${nameOf(policy)}: its waivers can't be used`
      : summaryOf(policy, warnings.length),
  ];
  print(`${lines.join('\n')}\n`);
  return policy.faults.length > 0 || unreadable ? 1 : 0;
}

/** What is wrong with the waivers that go with the policy; undefined when nothing is. */
function waiverFault(policy: LoadedPolicy, folder: string | undefined, now: Date): string | undefined {
  try {
    const files = waiverFilesOf({ waivers: [], folder }, policy.source, policy);
    if (files.length > 0) readWaivers(files, { now });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    const [, place, message] = /^(.*?:\d+:\d+): (.*)$/s.exec(thrown.message) ?? [];
    const line = place === undefined ? `error: ${thrown.message}` : `${place}: error: ${message}`;
    return thrown.hint === undefined ? harmless(line) : `${harmless(line)}\n        ${harmless(thrown.hint)}`;
  }
}

function lineOf(what: string, { place, message, hint }: Fault): string {
  const line = `${harmless(placeText(place))}: ${what}: ${harmless(message)}`;
  return hint === undefined ? line : `${line}\n        ${harmless(hint)}`;
}

/** `sluice.yaml: 24 rules: 14 stop, 9 warn, 1 track; 2 named policies; 1 warning`. */
function summaryOf(policy: LoadedPolicy, warnings: number): string {
  const { faults, top, named } = policy;
  const name = nameOf(policy);
  if (!top || faults.length > 0) return `${name}: ${counted(faults.length, 'error')}: it can't be used`;
  const policies = named.size === 0 ? [] : [counted(named.size, 'named policy', 'named policies')];
  const odd = warnings === 0 ? 'nothing to say against it' : `${counted(warnings, 'warning')}, no failure`;
  return `${name}: ${[rulesInShort(top), ...policies, odd].join('; ')}`;
}

function nameOf({ source }: LoadedPolicy): string {
  return 'pack' in source ? `pack ${source.pack}` : harmless(source.shown);
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
