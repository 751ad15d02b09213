import type { Evidence } from '../../model/evidence.ts';
import type { Reason, Verdict } from '../../model/verdict.ts';
import type { FindingDecisions } from '../text-decision.ts';
import { lookedText } from '../text-looked.ts';
import { partlyReadText } from '../text-partly-read.ts';
import { subjectText } from '../text-reason.ts';
import { waiverText } from '../text-waiver.ts';
import type { Outcome, TestCase } from './test-case.ts';

/** Most things that one rule fired on that are told; the JSON report has all. */
const subjectsTold = 100;

/** The class of what the gate says. */
const gate = 'sluice.gate';

/**
 * The test cases of the gate: one for the verdict, which is always there, for a report without a test case is an error to
 * Jenkins; one for each reason that no finding's or problem's own test case tells; one for what was not looked for.
 */
export function gateCases(evidence: Evidence, verdict: Verdict, decisions: FindingDecisions): TestCase[] {
  const codes = new Set<string>(evidence.problems.map(({ code }) => code));
  const isTold = ({ rule, decision, subjects = [], total }: Reason, others: number): boolean =>
    (decision !== 'stop' && codes.has(rule)) || (subjects.length > 0 && others === 0 && total === undefined);
  const reasons = verdict.reasons.filter((reason) => !isTold(reason, decisions.others(reason).length));
  return [
    verdictCase(evidence, verdict),
    ...reasons.map((reason) => reasonCase(reason, decisions)),
    ...lookedCases(evidence),
  ];
}

function verdictCase({ target }: Evidence, { decision, reasons, waivers = [] }: Verdict): TestCase {
  const lines = reasons.map((reason) => `${reason.decision}: ${withAction(reason)}`);
  const [first] = reasons;
  const because = first === undefined ? '.' : `: ${first.message}`;
  const partly = partlyReadText(target);
  const notes = [...(partly === undefined ? [] : [partly]), ...waivers.map((use) => `waiver: ${waiverText(use)}`)];
  const outcomes = (wanted: Verdict['decision'], kind: Outcome['kind'], message: string): Outcome[] =>
    decision === wanted ? [{ kind, message, lines }] : [];
  const passed = decision === 'pass' || decision === 'warn';
  return {
    classname: gate,
    name: 'verdict',
    failures: outcomes('stop', 'policy', `The gate stops${because}`),
    errors: outcomes('undecided', 'undecided', `The gate can't decide${because}`),
    out: passed ? [decision === 'pass' ? 'The gate lets it pass.' : 'The gate warns.', ...lines, ...notes] : notes,
  };
}

function reasonCase(reason: Reason, decisions: FindingDecisions): TestCase {
  const { rule, decision, why, controls = [], place, total, subjects = [] } = reason;
  const others = decisions.others(reason);
  const more = others.length - subjectsTold;
  const lines = [
    ...others
      .slice(0, subjectsTold)
      .map((subject) => `on: ${subjectText(subject)}${subject.at ? ` (${subject.at})` : ''}`),
    ...(more > 0 ? [`and on ${more} more`] : []),
    ...(total === undefined ? [] : [`It fired on ${total}, of which ${subjects.length} are told by themselves.`]),
    ...(why === undefined ? [] : [`why: ${why}`]),
    ...(controls.length === 0 ? [] : [`controls: ${controls.join(', ')}`]),
    ...(place === undefined ? [] : [`rule: ${place}`]),
  ];
  const message = withAction(reason);
  return {
    classname: gate,
    name: rule,
    failures: decision === 'stop' ? [{ kind: 'policy', message, lines }] : [],
    errors: decision === 'undecided' ? [{ kind: 'undecided', message, lines }] : [],
    out: decision === 'stop' || decision === 'undecided' ? [] : [`${decision}: ${message}`, ...lines],
  };
}

function withAction({ message, action }: Reason): string {
  return action === undefined ? message : `${message}; ${action}`;
}

/** Nobody has looked: in the words of this format, it was skipped. */
function lookedCases(evidence: Evidence): TestCase[] {
  const skipped = lookedText(evidence);
  if (skipped === undefined) return [];
  return [{ classname: gate, name: 'not looked for', failures: [], errors: [], skipped, out: [] }];
}

/** A test case for each thing that could not be read: an error where something that stops may hide in it. */
export function problemCases({ problems }: Evidence): TestCase[] {
  return problems.map(({ code, message, path, layer, blinding }): TestCase => {
    const where = layer === undefined ? '' : ` (layer ${layer})`;
    const text = `${path === undefined ? '' : `${path}: `}${message}${where}`;
    return {
      classname: 'sluice.unread',
      name: path === undefined ? code : `${code} ${path}`,
      failures: [],
      errors: blinding ? [{ kind: 'undecided', message: text, lines: [`code: ${code}`] }] : [],
      out: blinding ? [] : [text],
    };
  });
}
