import type { SecretRule } from './contract.ts';
import { knownBeginning } from './judge/shown.ts';
import { type Anchor, anchorsOf, type Run } from './pattern/anchor.ts';
import { type CompiledPattern, compileLinear } from './pattern/compile.ts';
import type { CharSet } from './pattern/node.ts';

/** What a rule's pattern tells without being run. */
export interface RuleShape extends Pick<CompiledPattern, 'longest' | 'groups'> {
  /** How many characters of a secret are the same in all of its kind. */
  readonly known: number;
  /** Absent: the pattern is tried round the keywords. */
  readonly anchors?: readonly Anchor[];
}

/** The shapes of a rule set's patterns as plain JSON: reading two hundred patterns takes longer than a small image. */
export interface WrittenShapes {
  /** Digest of the rule set. */
  readonly digest: string;
  readonly sets: readonly CharSet[];
  /** In the order of the set's rules; 0: it has no pattern, or one for the linear engine. */
  readonly rules: readonly (WrittenShape | 0)[];
}

interface WrittenShape {
  /** 0: without end. */
  readonly longest: number;
  readonly groups: number;
  readonly known: number;
  readonly anchors?: readonly WrittenAnchor[];
}

/** Anchors that differ by their word alone. */
interface WrittenAnchor {
  readonly words: readonly string[];
  readonly offset: number;
  readonly border: 0 | 1;
  /** Numbers of sets, each with how often it comes one after another. */
  readonly sets: readonly number[];
  /** Number of the set, least and most (0: without end), and whether it is mixed. */
  readonly run?: readonly [set: number, min: number, max: number, mixed: 0 | 1];
  readonly next?: number;
}

/** What the pattern of a rule tells. */
export function shapeOf(rule: SecretRule, { node, longest, groups }: CompiledPattern): RuleShape {
  const anchors = node === undefined ? undefined : anchorsFor(rule, anchorsOf(node));
  const isShown = node !== undefined && !isPassword(rule);
  return {
    ...{ longest, groups },
    known: isShown ? knownBeginning(node, rule.group === 0 ? Math.min(1, groups) : rule.group) : 0,
    ...(anchors ? { anchors } : {}),
  };
}

/** Rules with this tag are for secrets that people made up: nothing of them is shown. */
export function isPassword(rule: SecretRule): boolean {
  return rule.tags.includes('password');
}

/**
 * The anchors, if each of them has one of the rule's keywords in it, or its text would have to be searched for keywords as
 * well: without keywords all texts are.
 */
function anchorsFor({ keywords }: SecretRule, anchors: readonly Anchor[] | undefined): readonly Anchor[] | undefined {
  if (anchors === undefined || anchors.length === 0) return undefined;
  if (keywords.length > 0 && !anchors.every(({ word }) => keywords.some((keyword) => word.includes(keyword)))) {
    return undefined;
  }
  return anchors;
}

/** Writes down the shapes of a rule set. */
export function writeShapes(digest: string, rules: readonly SecretRule[]): WrittenShapes {
  const sets = new Map<string, { readonly number: number; readonly set: CharSet }>();
  const numberOf = (set: CharSet): number => {
    const key = set.join();
    const known = sets.get(key) ?? { number: sets.size, set };
    sets.set(key, known);
    return known.number;
  };
  const written = rules.map((rule) => {
    const pattern = rule.pattern === undefined ? undefined : compiled(rule.pattern);
    return pattern ? writeShape(shapeOf(rule, pattern), numberOf) : 0;
  });
  return { digest, sets: [...sets.values()].map(({ set }) => set), rules: written };
}

/** Undefined for what only the linear engine can match. */
function compiled(pattern: string): CompiledPattern | undefined {
  try {
    return compileLinear(pattern);
  } catch {
    return undefined;
  }
}

function writeShape({ longest, groups, known, anchors }: RuleShape, numberOf: (set: CharSet) => number): WrittenShape {
  const written: WrittenAnchor[] = [];
  for (const { word, offset, border, sets, run, next } of anchors ?? []) {
    const one: WrittenAnchor = {
      ...{ words: [word], offset, border: border ? 1 : 0, sets: counted(sets.map(numberOf)) },
      ...(run ? { run: [numberOf(run.of), run.min, finite(run.max), run.mixed ? 1 : 0] } : {}),
      ...(next ? { next: numberOf(next) } : {}),
    };
    const last = written.at(-1);
    const isAlike =
      last !== undefined && JSON.stringify({ ...one, words: [] }) === JSON.stringify({ ...last, words: [] });
    if (isAlike) written[written.length - 1] = { ...last, words: [...last.words, word] };
    else written.push(one);
  }
  return { ...{ longest: finite(longest), groups, known }, ...(anchors ? { anchors: written } : {}) };
}

function finite(count: number): number {
  return Number.isFinite(count) ? count : 0;
}

/** Numbers that come one after another, once each with how often. */
function counted(numbers: readonly number[]): readonly number[] {
  const out: number[] = [];
  for (const number of numbers) {
    if (out.at(-2) === number) out[out.length - 1]!++;
    else out.push(number, 1);
  }
  return out;
}

/** Whether shapes are those of a rule set: who takes some rules out of one leaves its digest as it was. */
export function areOf(
  { digest, rules }: WrittenShapes,
  set: { readonly digest: string; readonly rules: readonly SecretRule[] },
): boolean {
  return digest === set.digest && rules.length === set.rules.length;
}

/** Reads what {@link writeShapes} has written: by the number of the rule. */
export function readShapes({ sets, rules }: WrittenShapes): readonly (RuleShape | undefined)[] {
  const setOf = (number: number): CharSet => sets[number] ?? [];
  return rules.map((rule) => {
    if (rule === 0) return undefined;
    const { longest, groups, known, anchors } = rule;
    return {
      ...{ longest: longest === 0 ? Number.POSITIVE_INFINITY : longest, groups, known },
      ...(anchors ? { anchors: anchors.flatMap((one) => readAnchor(one, setOf)) } : {}),
    };
  });
}

function readAnchor(
  { words, offset, border, sets: counts, run, next }: WrittenAnchor,
  setOf: (number: number) => CharSet,
): Anchor[] {
  const sets: CharSet[] = [];
  for (let at = 0; at < counts.length; at += 2) {
    const set = setOf(counts[at] ?? 0);
    for (let left = counts[at + 1] ?? 0; left > 0; left--) sets.push(set);
  }
  const more = {
    ...(run ? { run: readRun(run, setOf) } : {}),
    ...(next === undefined ? {} : { next: setOf(next) }),
  };
  return words.map((word) => ({ word, offset, sets, border: border === 1, ...more }));
}

function readRun([set, min, max, mixed]: NonNullable<WrittenAnchor['run']>, setOf: (number: number) => CharSet): Run {
  const run = { of: setOf(set), min, max: max === 0 ? Number.POSITIVE_INFINITY : max };
  return mixed === 1 ? { ...run, mixed: true } : run;
}
