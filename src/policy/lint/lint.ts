import type { Fault } from '../file/fault.ts';
import { listNamesIn } from '../file/list-names.ts';
import type { LoadedPolicy } from '../file/load-policy.ts';
import type { LoadedDocument, LoadedLayer } from '../file/loader.ts';
import type { Resolved } from '../file/resolve.ts';
import type { Rule } from '../rule.ts';
import { lintRule } from './rules.ts';
import { shadowedMappings, shadowedRules } from './shadows.ts';

/** Most warnings that are told. */
const mostWarnings = 1000;

/**
 * What is right and yet not what somebody can have meant: rules that never fire, add nothing or are over, mappings that are
 * never reached, lists and policies that nobody asks for. `today`: `YYYY-MM-DD`. Sorted by place, each once.
 */
export function lintPolicy({ root, top, named }: LoadedPolicy, today: string): readonly Fault[] {
  if (!root || !top) return [];
  const all = [top, ...named.values()];
  const rules = new Set(all.flatMap((resolved) => rulesOf(resolved)));
  const found = [
    ...[...rules].filter(({ place }) => place !== undefined).flatMap((rule) => lintRule(rule, today)),
    ...shadowedEverywhere(all.map(rulesOf)),
    ...shadowedMappings(root.document.mappings),
    ...unusedPolicies(root),
    ...unusedLists(root, [...rules]),
    ...filesAsTexts(root),
    ...idleOverrides(root, top),
    ...idleFailOn(root, [...rules]),
  ];
  const once = new Map(found.map((fault) => [JSON.stringify(fault), fault]));
  return [...once.values()].sort(byPlace).slice(0, mostWarnings);
}

function rulesOf({ rules }: Resolved): Rule[] {
  return [...rules.values()].map(({ rule }) => rule);
}

function byPlace({ place: a }: Fault, { place: b }: Fault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** What adds nothing in one policy may do in another. */
function shadowedEverywhere(policies: readonly (readonly Rule[])[]): Fault[] {
  const shadowed = policies.map(shadowedRules);
  const sets = policies.map((rules) => new Set(rules));
  const found: Fault[] = [];
  for (const rule of new Set(policies.flat())) {
    const having = policies.flatMap((_, index) => (sets[index]?.has(rule) ? [shadowed[index]?.get(rule)] : []));
    const [first] = having;
    if (first && having.every((fault) => fault !== undefined)) found.push(first);
  }
  return found;
}

function unusedPolicies({ document }: LoadedDocument): Fault[] {
  const used = new Set(document.mappings.map(({ policy }) => policy));
  return document.policies
    .filter(({ name }) => !used.has(name))
    .map(({ name, place }) => ({
      place,
      message: `no mapping chooses the policy ${name}`,
      hint: 'name it in mappings:',
    }));
}

/** Lists of the policy file itself: those of packs are there for others to change. */
function unusedLists(root: LoadedDocument, rules: readonly Rule[]): Fault[] {
  const asked = new Set<string>();
  for (const { when } of rules) {
    if (!when.text.includes('lists')) continue;
    const names = listNamesIn(when.node);
    // A rule that works out a name may ask for any.
    if (names.computed) return [];
    for (const name of [...names.asked, ...names.guarded]) asked.add(name);
  }
  const layers: readonly LoadedLayer[] = [root.layer, ...root.policies.values()];
  return layers
    .flatMap(({ lists }) => lists)
    .filter(({ name }) => !asked.has(name))
    .map(({ name, place }) => ({ place, message: `no rule asks for the list ${name}`, hint: 'take it out' }));
}

/** A list of one text that is the name of a file: it is not read. */
function filesAsTexts(root: LoadedDocument): Fault[] {
  const layers: readonly LoadedLayer[] = [root.layer, ...root.policies.values()];
  return layers
    .flatMap(({ layer }) => layer.lists)
    .flatMap(({ name, texts, place }) => {
      const [text, second] = texts ?? [];
      if (text === undefined || second !== undefined || !/^[^*:\s]+\.(?:txt|csv|ya?ml|json|lst|list)$/.test(text))
        return [];
      const message = `the list ${name} is the one text ${text}, and not what that file holds`;
      return [{ place, message, hint: `of a file: ${name}: { file: ${text} }` }];
    });
}

function idleOverrides({ layer }: LoadedDocument, { rules }: Resolved): Fault[] {
  return layer.layer.override.flatMap(({ id, place, ...changes }) => {
    const written = rules.get(id)?.written;
    if (!written) return [];
    const same = Object.entries(changes).every(
      ([key, value]) => JSON.stringify(written[key as keyof Rule]) === JSON.stringify(value),
    );
    return same ? [{ place, message: `the override of ${id} changes nothing: it says so itself` }] : [];
  });
}

/** A severity to stop at that no rule asks for. */
function idleFailOn({ layer, document }: LoadedDocument, rules: readonly Rule[]): Fault[] {
  const { failOn } = layer.layer;
  if (failOn === undefined || failOn === 'never') return [];
  const asked = rules.some(({ outcome, when }) => outcome !== 'off' && when.reads.includes('policy.failOn'));
  const hint = 'use: [default], or write finding.severity.atLeast(policy.failOn)';
  return asked ? [] : [{ place: document.place, message: 'fail-on has no effect: no rule asks for it', hint }];
}

/** Rules by what they do, in one line: `24 rules: 14 stop, 9 warn, 1 track`. */
export function rulesInShort({ rules }: Pick<Resolved, 'rules'>): string {
  const all = [...rules.values()].map(({ rule }) => rule);
  const counted = (['stop', 'warn', 'track', 'off'] as const)
    .map((outcome) => ({ outcome, count: all.filter((rule) => rule.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome}`);
  return `${all.length} ${all.length === 1 ? 'rule' : 'rules'}: ${counted.join(', ')}`;
}
