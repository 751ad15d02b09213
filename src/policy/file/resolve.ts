import { nearest } from '../../util/nearest.ts';
import type { Blame, Rule } from '../rule.ts';
import type { Override } from './document.ts';
import { type Faults, type Place, placeText } from './fault.ts';
import type { LoadedLayer, LoadedList } from './loader.ts';
import { mostRules } from './read-limits.ts';
import { shown } from './shape.ts';

/** Everything that a layer comes to with all that it uses. */
export interface Resolved {
  /** By id, in the order in which they were read. */
  readonly rules: ReadonlyMap<string, ResolvedRule>;
  readonly lists: ReadonlyMap<string, ResolvedList>;
  readonly failOn?: string;
  /** By source, and `default`. */
  readonly dataAges: ReadonlyMap<string, string>;
  readonly blame: Partial<Blame>;
  /** The rules of the section `licences` that came last. */
  readonly licences?: readonly Rule[];
}

/** A rule as it holds, and as it was written. */
export interface ResolvedRule {
  readonly rule: Rule;
  readonly written: Rule;
}

/** A list, and whether the policy file itself has it. */
interface ResolvedList extends LoadedList {
  readonly own: boolean;
}

/** Most corrections that are looked for among the ids of rules. */
export const mostHints = 10;

interface Scope {
  readonly rules: Map<string, ResolvedRule>;
  readonly lists: Map<string, ResolvedList>;
  failOn: string | undefined;
  readonly dataAges: Map<string, string>;
  blame: Partial<Blame>;
  licences: readonly Rule[] | undefined;
}

/**
 * Puts a layer together, on top of another one where there is one: what it uses in order, then what it says itself, then
 * its overrides. Of settings the last word counts. As deep as files use files, which is limited.
 */
export function resolveLayer(loaded: LoadedLayer, under: Resolved | undefined, faults: Faults): Resolved {
  const { licences, ...rest } = resolve(loaded, under, { faults, known: new Map() });
  if (!licences) return rest;
  const rules = new Map(rest.rules);
  for (const { id } of under?.licences ?? []) rules.delete(id);
  for (const rule of licences) {
    const there = rules.get(rule.id);
    if (there) faults.add(placeOf(there.rule), `the rule ${rule.id} is the section's licences`, 'rename it');
    rules.set(rule.id, { rule, written: rule });
  }
  return { ...rest, rules, licences };
}

interface Resolving {
  readonly faults: Faults;
  /** What was put together already: a file that is used in many places is looked at once. */
  readonly known: Map<LoadedLayer, Resolved>;
}

function resolve(loaded: LoadedLayer, under: Resolved | undefined, resolving: Resolving): Resolved {
  const { faults } = resolving;
  const scope: Scope = {
    rules: new Map(under?.rules),
    lists: new Map(under?.lists),
    failOn: under?.failOn,
    dataAges: new Map(under?.dataAges),
    blame: under?.blame ?? {},
    licences: under?.licences,
  };
  const { layer, uses, lists } = loaded;
  const own = new Set(lists.map(({ name }) => name));
  const settled = new Set(layer.override.map(({ id }) => id));
  const changed = new Map<string, Rule>();
  for (const { use, document } of uses) {
    const used = resolving.known.get(document.layer) ?? resolve(document.layer, undefined, resolving);
    resolving.known.set(document.layer, used);
    for (const [id, rule] of used.rules) {
      addUsed(scope, id, rule, use.place, faults);
      if (!settled.has(id) && rule.rule !== rule.written) checkChange(changed, rule.rule, use.place, faults);
    }
    for (const [name, list] of used.lists) if (!own.has(name)) addList(scope, name, list, use.place, faults);
    takeSettings(scope, used);
  }
  for (const list of lists) scope.lists.set(list.name, { ...list, own: true });
  for (const rule of layer.rules) addOwn(scope, rule, faults);
  takeSettings(scope, { ...layer, dataAges: new Map(layer.dataAges), blame: layer.blame ?? {} });
  for (const override of layer.override) applyOverride(scope, override, faults);
  if (scope.rules.size > mostRules) faults.add(startOf(loaded), `the policy has more than ${mostRules} rules`);
  const { failOn, licences, ...rest } = scope;
  return { ...rest, ...(failOn === undefined ? {} : { failOn }), ...(licences ? { licences } : {}) };
}

function takeSettings(scope: Scope, from: Pick<Resolved, 'failOn' | 'dataAges' | 'blame' | 'licences'>): void {
  scope.failOn = from.failOn ?? scope.failOn;
  for (const [source, ages] of from.dataAges) scope.dataAges.set(source, ages);
  scope.blame = { ...scope.blame, ...from.blame };
  scope.licences = from.licences ?? scope.licences;
}

/** The same rule may come by several ways; then what was changed on one of them holds. */
function addUsed(scope: Scope, id: string, added: ResolvedRule, place: Place, faults: Faults): void {
  const there = scope.rules.get(id);
  if (there && there.written !== added.written) {
    faults.add(place, `the rule ${id} is in ${there.rule.pack} and in ${added.rule.pack}`, 'rename one of them');
  } else if (!there || added.rule !== added.written) scope.rules.set(id, added);
}

/** Two rule sets that change one rule differently: whichever came last would undo the other's change unseen. */
function checkChange(changed: Map<string, Rule>, rule: Rule, place: Place, faults: Faults): void {
  const other = changed.get(rule.id);
  changed.set(rule.id, rule);
  if (!other || other === rule || JSON.stringify(other) === JSON.stringify(rule)) return;
  faults.add(place, `two rule sets change the rule ${rule.id}, and not alike`, 'say under override: what holds');
}

function addOwn(scope: Scope, rule: Rule, faults: Faults): void {
  const there = scope.rules.get(rule.id);
  const place = placeOf(rule);
  if (there) {
    const where = there.rule.place ?? `the pack ${there.rule.pack}`;
    faults.add(place, `there is a rule ${rule.id} already: ${where}`, 'change that one under override:');
  } else scope.rules.set(rule.id, { rule, written: rule });
}

function addList(scope: Scope, name: string, list: ResolvedList, place: Place, faults: Faults): void {
  const there = scope.lists.get(name);
  if (there?.own) return;
  if (there && there.texts !== list.texts) {
    const hint = 'say under lists: what it is';
    faults.add(
      place,
      `the list ${name} is in two rule sets: ${placeText(there.place)}, ${placeText(list.place)}`,
      hint,
    );
  }
  scope.lists.set(name, { ...list, own: false });
}

function applyOverride(scope: Scope, override: Override, faults: Faults): void {
  const { id, place, ...changes } = override;
  const there = scope.rules.get(id);
  if (!there) {
    // Each comparison takes its time, and an attacker could ask for millions.
    const close = faults.all.length < mostHints ? nearest(id, [...scope.rules.keys()]) : undefined;
    faults.add(place, `there is no rule ${shown(id)} to override`, close ? `did you mean ${close}?` : undefined);
    return;
  }
  const rule = { ...there.rule, ...changes };
  if (changes.grace && rule.on !== 'finding')
    faults.add(place, `grace is of rules on findings, and ${id} is on ${rule.on}`);
  if (rule.from && rule.until && rule.from > rule.until) {
    faults.add(place, `${id} would end on ${rule.until}, before it begins on ${rule.from}`);
  }
  scope.rules.set(id, { ...there, rule });
}

function startOf({ layer, uses }: LoadedLayer): Place {
  const [rule] = layer.rules;
  return rule ? placeOf(rule) : (uses[0]?.use.place ?? { file: '', line: 1, column: 1 });
}

/** Where a rule stands; of a pack's, its name. */
export function placeOf(rule: Pick<Rule, 'place' | 'pack'>): Place {
  const match = /^(.*):(\d+):(\d+)$/s.exec(rule.place ?? '');
  if (!match) return { file: `pack ${rule.pack}`, line: 1, column: 1 };
  return { file: match[1] ?? '', line: Number(match[2]), column: Number(match[3]) };
}
