import { compilePattern } from '../../util/glob.ts';
import type { Mapping } from '../file/document.ts';
import type { Fault } from '../file/fault.ts';
import { placeOf } from '../file/resolve.ts';
import type { Rule } from '../rule.ts';
import { partsJoinedBy } from './terms.ts';

const strength: Readonly<Record<Rule['outcome'], number>> = { stop: 3, warn: 2, track: 1, off: 0 };

interface Conditions {
  readonly rule: Rule;
  readonly terms: ReadonlySet<string>;
}

/**
 * Rules that add nothing, because another one fires on all that they fire on and says at least as much. Each is only
 * held against those that have a first condition in common.
 */
export function shadowedRules(rules: readonly Rule[]): ReadonlyMap<Rule, Fault> {
  const active = rules.filter(({ outcome }) => outcome !== 'off').map(conditionsOf);
  const byFirst = new Map<string, Conditions[]>();
  for (const one of active) {
    const [first = ''] = one.terms;
    byFirst.set(first, [...(byFirst.get(first) ?? []), one]);
  }
  const found = new Map<Rule, Fault>();
  for (const one of active) {
    const others = [...one.terms].flatMap((term) => (byFirst.get(term) ?? []).slice(0, mostHeld));
    const by = others.find((other) => shadows(other, one));
    if (!by || one.rule.place === undefined) continue;
    const where = by.rule.place ?? `the pack ${by.rule.pack}`;
    const message = `${one.rule.id} adds nothing: whatever it fires on, ${by.rule.id} (${where}) fires on too`;
    found.set(one.rule, { place: placeOf(one.rule), message, hint: 'take one of them out, or make them different' });
  }
  return found;
}

/** Most rules with one first condition, and mappings, that another is held against; and pairs of patterns. */
const mostHeld = 100;

function conditionsOf(rule: Rule): Conditions {
  const head = JSON.stringify([rule.on, rule.files?.id ?? '']);
  const parts = partsJoinedBy('and', rule.when.node).map((part) => head + JSON.stringify(part));
  return { rule, terms: new Set(parts.sort()) };
}

function shadows(one: Conditions, other: Conditions): boolean {
  const { rule } = one;
  if (rule === other.rule || rule.from !== undefined || rule.until !== undefined || rule.grace !== undefined)
    return false;
  if (strength[rule.outcome] < strength[other.rule.outcome]) return false;
  for (const term of one.terms) if (!other.terms.has(term)) return false;
  // Of two that are alike one adds nothing: the second, or the weaker.
  const alike = one.terms.size === other.terms.size && strength[rule.outcome] === strength[other.rule.outcome];
  return !alike || rule.id < other.rule.id;
}

/** Mappings that are never reached, because an earlier one fits all that they fit. */
export function shadowedMappings(mappings: readonly Mapping[]): Fault[] {
  const found: Fault[] = [];
  for (const [index, mapping] of mappings.entries()) {
    const by = mappings.slice(0, Math.min(index, mostHeld)).find((earlier) => covers(earlier, mapping));
    if (!by) continue;
    const message = `the mapping ${mapping.name} is never reached: ${by.name} before it fits all that it fits`;
    found.push({ place: mapping.place, message, hint: `put it before ${by.name}` });
  }
  return found;
}

function covers(wide: Mapping, narrow: Mapping): boolean {
  const parts = ['registry', 'repository', 'tag', 'environment'] as const;
  if (!parts.every((part) => coversPatterns(wide[part], narrow[part]))) return false;
  return (wide.labels ?? []).every(([name, patterns]) =>
    coversPatterns(patterns, narrow.labels?.find(([other]) => other === name)?.[1]),
  );
}

/** Whether every text that some pattern of the second fits is fit by one of the first. A `*` is matched by a `*` alone. */
function coversPatterns(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined || wide.length * narrow.length > mostHeld) return false;
  return narrow.every((pattern) => wide.some((one) => compilePattern(one)(pattern)));
}
