import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { ConfigurationRule } from '../contract.ts';
import { evaluateConfiguration } from '../evaluate.ts';
import type { TestedRule } from '../file/read-rules.ts';
import type { RuleTest } from '../file/read-tests.ts';
import { inputsOf } from './inputs-of.ts';

/** What became of a test. */
export interface TestOutcome {
  readonly rule: string;
  readonly test: RuleTest;
  /** In words what is wrong; absent: it holds. */
  readonly miss?: string;
}

/** Runs the tests that stand in a rule. That it has one which fires and one which is silent is a test as well. */
export async function runTests({ rule, tests }: TestedRule): Promise<TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const test of tests) {
    const miss = await runTest(rule, test);
    outcomes.push({ rule: rule.id, test, ...(miss === undefined ? {} : { miss }) });
  }
  return outcomes;
}

/** What tests a rule lacks: one that fires, and one that is silent. */
export function lackingTests({ tests }: TestedRule): readonly ('fires' | 'silent')[] {
  return (['fires', 'silent'] as const).filter((word) => !tests.some(({ expects }) => expects === word));
}

async function runTest(rule: ConfigurationRule, test: RuleTest): Promise<string | undefined> {
  const inputs = await inputsOf(rule, test.given);
  if (typeof inputs === 'string') return inputs;
  const { findings, problems } = await evaluateConfiguration([rule], inputs);
  const [problem] = problems;
  if (problem) return problem.message;
  if (test.expects === 'silent') {
    const [first] = findings;
    return first === undefined ? undefined : `it fires: ${first.message}${lineText(first)}`;
  }
  if (findings.length === 0) return 'it is silent';
  if (test.lines === undefined) return undefined;
  const [wanted, told] = [[...test.lines].sort((a, b) => a - b).join(', '), linesOf(findings).join(', ')];
  return wanted === told ? undefined : `it fires on lines ${told || 'that are not known'}, not ${wanted}`;
}

function lineText({ place }: PlacedFinding): string {
  return place.line === undefined ? '' : ` (line ${place.line})`;
}

function linesOf(findings: readonly PlacedFinding[]): readonly number[] {
  const places = findings.flatMap(({ place, also = [] }) => [place, ...also]);
  return [...new Set(places.flatMap(({ line }) => line ?? []))].sort((a, b) => a - b);
}
