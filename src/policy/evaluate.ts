import type { Finding } from '../model/finding.ts';
import type { BlameQuadrant, Outcome } from '../model/verdict.ts';
import { Budget } from './expression/budget.ts';
import { type CompileOptions, predicateOf } from './expression/compile.ts';
import { EvaluationFailure, type Predicate, type Scope } from './expression/contract.ts';
import { allParts } from './expression/parts.ts';
import { Sieve } from './expression/sieve.ts';
import { concerns, lackOf } from './needs.ts';
import type { Blame, Rule } from './rule.ts';
import { type Cause, forceOf, type Standing, standingOfFinding, standingOfPlaced, standingOfRule } from './standing.ts';
import { subjectVariables } from './subject/contract.ts';
import { calendarDay } from './subject/days.ts';
import { SettingsView } from './subject/settings.ts';
import type { Subjects } from './subject/subjects.ts';
import type { WaivedSubject } from './waiver/applied.ts';

/** What a view says of one place alone. */
const placeFields: ReadonlySet<string> = new Set([
  ...['where', 'path', 'name', 'line', 'layer', 'from', 'removed', 'commit'],
]);

/** What rules are evaluated with. */
export interface Evaluation {
  readonly subjects: Subjects;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly failOn: string;
  readonly blame: Blame;
  /** Absent without a baseline. */
  quadrantOf?(finding: Finding): BlameQuadrant;
  /** Whether a waiver takes away what a rule fired on. Absent: there are none. */
  waives?(rule: string, subject: WaivedSubject): boolean;
}

/** Subjects of a rule with which the same becomes. */
export interface Group {
  readonly cause: Cause;
  readonly outcome: Outcome;
  /** Numbers of the findings in the scene, or of the subjects in their roster; in order. */
  readonly indexes: number[];
  /** The last day of each as a tracked one, as days since 1970-01-01, where there is one. */
  readonly dues: Map<number, number>;
}

/** What a rule came to. */
export interface RuleResult {
  readonly rule: Rule;
  readonly groups: readonly Group[];
  /** Absent when it could be evaluated. */
  readonly failure?: RuleFailure;
}

/** That a rule could not be evaluated. */
export interface RuleFailure {
  /** Why, in one line. */
  readonly because: string;
  /** Whether it could have changed the verdict: one that only tracks, or is not in force, could not. */
  readonly counts: boolean;
}

/** A rule at work. */
class RuleRun {
  readonly rule: Rule;
  readonly ofRule: Standing;
  readonly predicate: Predicate;
  readonly groups = new Map<Cause, Group>();
  /** The group of the subject before: it is mostly that of the next one as well. */
  last: Group | undefined;
  failures = 0;
  failure = '';

  constructor(rule: Rule, predicate: Predicate, ofRule: Standing) {
    this.rule = rule;
    this.predicate = predicate;
    this.ofRule = ofRule;
  }

  /** Whether it fires. What can't be answered is kept, and is no answer. */
  fires(scope: Scope): boolean {
    try {
      return this.predicate(scope);
    } catch (thrown) {
      if (!(thrown instanceof EvaluationFailure)) throw thrown;
      if (this.failures++ === 0) this.failure = thrown.message;
      return false;
    }
  }

  add(index: number, { cause, outcome, due }: Standing): void {
    let group = this.last?.cause === cause ? this.last : this.groups.get(cause);
    if (!group) {
      group = { cause, outcome, indexes: [], dues: new Map() };
      this.groups.set(cause, group);
    }
    this.last = group;
    group.indexes.push(index);
    if (due !== undefined) group.dues.set(index, due);
  }

  result(): RuleResult {
    const done = { rule: this.rule, groups: [...this.groups.values()] };
    if (this.failures === 0) return done;
    const more = this.failures > 1 ? ` (and ${this.failures - 1} more times)` : '';
    return { ...done, failure: failureOf(this.ofRule, `it can't be evaluated: ${this.failure}${more}`) };
  }
}

function failureOf({ outcome }: Standing, because: string): RuleFailure {
  return { because, counts: outcome !== 'track' };
}

/** Evaluates all rules that are not switched off, in their order. */
export function evaluateRules(rules: readonly Rule[], evaluation: Evaluation): RuleResult[] {
  const { scene, image } = evaluation.subjects;
  const today = calendarDay(scene.today);
  const policy = new SettingsView(evaluation.failOn, scene.environment);
  const options = { lists: evaluation.lists, constants: { image, policy, today }, budget: new Budget() };
  const runs: (RuleRun | RuleResult)[] = [];
  for (const rule of rules) {
    if (rule.outcome === 'off' || !concerns(rule, scene.evidence)) continue;
    const outcome = rule.outcome === 'stop' && evaluation.failOn === 'never' ? 'warn' : rule.outcome;
    const ofRule = standingOfRule(outcome, forceOf(rule, today));
    const lack = lackOf(rule, scene.evidence, scene.baseline);
    if (lack !== undefined) runs.push({ rule, groups: [], failure: failureOf(ofRule, lack) });
    else runs.push(new RuleRun(rule, predicateOf(rule.when, options), ofRule));
  }
  const working = runs.filter((run) => run instanceof RuleRun);
  evaluateOnFindings(
    working.filter(({ rule }) => rule.on === 'finding'),
    evaluation,
    options,
  );
  for (const run of working) if (run.rule.on !== 'finding') evaluateOnRoster(run, run.rule.on, evaluation);
  return runs.map((run) => (run instanceof RuleRun ? run.result() : run));
}

/** One finding after the other, so that there need not be views of all of them at a time. */
function evaluateOnFindings(runs: readonly RuleRun[], evaluation: Evaluation, options: CompileOptions): void {
  const { subjects, blame } = evaluation;
  const { findings, today } = subjects.scene;
  if (runs.length === 0) return;
  const sieve = new Sieve(
    runs.map(({ rule }) => rule.when),
    options,
  );
  const wantsPackage = runs.some(({ rule }) => readsPackage(rule));
  const scope: Scope = { finding: undefined, pkg: undefined };
  let index = 0;
  const ask = (number: number): void => {
    const run = runs[number] as RuleRun;
    if (!run.fires(scope)) return;
    const finding = findings[index] as Finding;
    if (evaluation.waives?.(run.rule.id, { id: finding.id, package: finding.package, finding })) return;
    const quadrant = evaluation.quadrantOf?.(finding);
    run.add(index, standingOfFinding(finding, run.ofRule, run.rule.grace, quadrant, blame, today));
  };
  for (; index < findings.length; index++) {
    scope.finding = subjects.finding(index);
    if (wantsPackage) scope.pkg = subjects.packageOf(findings[index] as Finding);
    sieve.each(scope, ask);
  }
}

function readsPackage({ when }: Rule): boolean {
  for (const part of allParts(when.node)) if (part.op === 'var' && part.name === 'pkg') return true;
  return false;
}

function evaluateOnRoster(run: RuleRun, kind: Exclude<Rule['on'], 'finding'>, evaluation: Evaluation): void {
  const roster = evaluation.subjects.roster(kind, run.rule.files?.id);
  const scope: Scope = {};
  const { name } = subjectVariables[kind];
  const speaksOfPlaces = run.rule.when.reads.some((field) => placeFields.has(field.slice(name.length + 1)));
  for (const [index, view] of roster.views.entries()) {
    scope[name] = view;
    const fires =
      run.fires(scope) ||
      (speaksOfPlaces &&
        roster.elsewhere?.(index).some((other) => {
          scope[name] = other;
          return run.fires(scope);
        }));
    if (!fires) continue;
    if (evaluation.waives?.(run.rule.id, roster.nameOf(index))) continue;
    const quadrant = roster.quadrantOf?.(index);
    run.add(index, quadrant ? standingOfPlaced(run.ofRule, quadrant, evaluation.blame) : run.ofRule);
  }
}
