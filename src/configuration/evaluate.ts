import type { PlacedFinding } from '../model/placed-finding.ts';
import { blinding, compareProblems, type Problem, warning } from '../model/problem.ts';
import { Budget } from '../policy/expression/budget.ts';
import { type CompileOptions, predicateOf } from '../policy/expression/compile.ts';
import { EvaluationFailure, type Predicate, type Scope } from '../policy/expression/contract.ts';
import { readyFor } from '../policy/expression/regular.ts';
import { calendarDay } from '../policy/subject/days.ts';
import { Subjects } from '../policy/subject/subjects.ts';
import { applies } from './applies.ts';
import { type Case, type CaseSource, casesOf } from './cases.ts';
import type { ConfigurationRule, RuleWords } from './contract.ts';
import { readDocuments } from './documents.ts';
import { compareFindings, findingOf } from './finding.ts';
import type { ConfigurationInputs, Evaluated } from './inputs.ts';
import { placesOf } from './places.ts';
import { variableOf } from './subjects.ts';

/** Most findings of one rule on one target: more are no list that anybody reads. */
const mostFindings = 500;
/** Steps that all conditions may take together: a history of megabytes, which regular expressions read, must not hold up the gate. */
const mostSteps = 20_000_000;

/** Asks rules of a target. Never throws over what the target holds: what can't be asked is a problem. */
export async function evaluateConfiguration(
  rules: readonly ConfigurationRule[],
  inputs: ConfigurationInputs,
): Promise<Evaluated> {
  const subjects = new Subjects({ evidence: inputs.evidence, now: inputs.now, names: inputs.names ?? [] });
  const asked = rules.filter((rule) => applies(rule, inputs));
  await readyFor(asked.map(({ when }) => when));
  const problems: Problem[] = [];
  const documents = await readDocuments(asked, inputs.documents ?? [], (problem) => problems.push(problem));
  const constants = { image: subjects.image, today: calendarDay(subjects.scene.today) };
  const options: CompileOptions = { lists: new Map(), constants, budget: new Budget(mostSteps) };
  const source: CaseSource = { subjects, inputs, documents };
  const findings = asked.flatMap((rule) => askRule(rule, source, options, problems));
  return { findings: findings.sort(compareFindings), problems: problems.sort(compareProblems) };
}

function askRule(
  rule: ConfigurationRule,
  source: CaseSource,
  options: CompileOptions,
  problems: Problem[],
): PlacedFinding[] {
  let predicate: Predicate | undefined;
  const { name } = variableOf(rule.on);
  const found: PlacedFinding[] = [];
  const seen = new Map<string, number>();
  let failures = 0;
  for (const one of casesOf(rule, source)) {
    if (rule.words && !hasWord(one.view, rule.words)) continue;
    // Not before there is something to ask: to compile regular expressions takes longer than all the rest.
    predicate ??= predicateOf(rule.when, options);
    const scope: Scope = { [name]: one.view, ...(one.each === undefined ? {} : { each: one.each }) };
    try {
      if (!predicate(scope)) continue;
    } catch (thrown) {
      if (!(thrown instanceof EvaluationFailure)) throw thrown;
      if (failures++ === 0) problems.push(failureOf(rule, one, thrown.message));
      continue;
    }
    if (found.length >= mostFindings) {
      problems.push(
        warning('rules/too-many', `${rule.id} finds more than ${mostFindings} things: the rest is left out`),
      );
      break;
    }
    found.push(findingOf(rule, one, placesOf(rule, one, scope, source, options), seen));
  }
  return found;
}

const lowered = new WeakMap<object, Map<string, string>>();

/** Whether a field of a subject has one of the words; each text is put into small letters once. */
function hasWord(view: object, { field, words }: RuleWords): boolean {
  const texts = lowered.get(view) ?? new Map<string, string>();
  lowered.set(view, texts);
  let text = texts.get(field);
  if (text === undefined) {
    const value = (view as Record<string, unknown>)[field];
    // What is no text is for the condition to fail over.
    if (typeof value !== 'string') return true;
    text = value.toLowerCase();
    texts.set(field, text);
  }
  for (const word of words) if (text.includes(word)) return true;
  return false;
}

/** What makes a rule fail may be made to hide something from it. */
function failureOf({ id }: ConfigurationRule, { path }: Case, because: string): Problem {
  return blinding('rules/failed', `the rule ${id} can't be evaluated: ${because}`, path);
}
