import { SluiceError } from '../../util/error.ts';
import type { SecretCheck } from './checks/contract.ts';
import type { SecretRule, SecretRuleSet } from './contract.ts';
import { allowsPath, type CompiledAllowance, compileAllowance, compileTest, type Test } from './judge/allowance.ts';
import type { Anchor, Run } from './pattern/anchor.ts';
import { type CompiledPattern, compileKnown, compileLinear, type LinearEngine } from './pattern/compile.ts';
import { type CharSet, has, pairsOf } from './pattern/node.ts';
import { keywordDistance, reachBefore, reachBehind } from './reach.ts';
import { areOf, type RuleShape, readShapes, shapeOf, type WrittenShapes } from './shape.ts';

/** A rule that is ready to be looked for. */
export interface PreparedRule {
  readonly index: number;
  readonly rule: SecretRule;
  readonly set: number;
  readonly pattern: CompiledPattern | undefined;
  readonly anchors: readonly PreparedAnchor[] | undefined;
  /** Where a match may be round a keyword (bytes), for rules without anchors. */
  readonly before: number;
  readonly behind: number;
  readonly path: Test | undefined;
  readonly allowances: readonly CompiledAllowance[];
  readonly check: SecretCheck | undefined;
  /** How many characters of a secret are the same in all of its kind. */
  readonly known: number;
}

/** A word by which a rule's matches are found and what stands round it, as tables over bytes. */
export interface PreparedAnchor {
  readonly word: string;
  readonly offset: number;
  /** As `tables`. */
  readonly sets: readonly CharSet[];
  readonly tables: readonly Uint8Array[];
  readonly border: boolean;
  readonly run: PreparedRun | undefined;
  readonly next: Uint8Array | undefined;
}

/** A run with its characters as a table over bytes. */
export interface PreparedRun extends Pick<Run, 'min' | 'max'> {
  readonly table: Uint8Array;
  readonly mixed: boolean;
}

/** A rule set that is ready. */
export interface PreparedSet {
  readonly allowances: readonly CompiledAllowance[];
  /** Paths that none of the set's rules is for. */
  readonly paths: readonly CompiledAllowance[];
}

/**
 * Makes the rules of all sets ready; of two rules with one id the later one holds.
 * @throws SluiceError that names the rule whose pattern cannot be used
 */
export function prepareRules(
  sets: readonly SecretRuleSet[],
  checks: ReadonlyMap<string, SecretCheck>,
  engine?: LinearEngine,
  shapes?: WrittenShapes,
): { readonly rules: readonly PreparedRule[]; readonly sets: readonly PreparedSet[] } {
  const byId = new Map<string, { rule: SecretRule; set: number; shape: RuleShape | undefined }>();
  for (const [set, one] of sets.entries()) {
    const known = shapes && areOf(shapes, one) ? readShapes(shapes) : [];
    for (const [number, rule] of one.rules.entries()) byId.set(rule.id, { rule, set, shape: known[number] });
  }
  for (const id of sets.flatMap(({ disabled = [] }) => disabled))
    for (const name of [id, `secret/${id}`]) byId.delete(name);
  const tables = new Tables();
  const rules = [...byId.values()].map(({ rule, set, shape }, index) =>
    naming(rule, () => prepareRule({ rule, index, set }, checks, tables, engine, shape)),
  );
  const everywhere = sets.filter(({ extendsBuiltIn }) => extendsBuiltIn).flatMap(({ allowances }) => allowances);
  const prepared = sets.map(({ allowances, extendsBuiltIn }) => {
    const all = extendsBuiltIn ? everywhere : [...allowances, ...everywhere];
    return {
      allowances: all.map((one) => compileAllowance(one, engine)),
      paths: all.filter(allowsPath).map((one) => compileAllowance(one, engine)),
    };
  });
  return { rules, sets: prepared };
}

function naming<T>(rule: SecretRule, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new SluiceError(error.code, `the rule ${rule.id}: ${error.message}`, error.hint);
  }
}

function prepareRule(
  numbered: Pick<PreparedRule, 'rule' | 'index' | 'set'>,
  checks: ReadonlyMap<string, SecretCheck>,
  tables: Tables,
  engine: LinearEngine | undefined,
  known: RuleShape | undefined,
): PreparedRule {
  const { rule } = numbered;
  const pattern = rule.pattern === undefined ? undefined : patternOf(rule, rule.pattern, engine, known);
  const shape = known ?? (pattern && shapeOf(rule, pattern));
  const check = rule.check === undefined ? undefined : checks.get(rule.check);
  if (rule.check !== undefined && check === undefined)
    throw new SluiceError('secrets/check', `there is no check ${JSON.stringify(rule.check)}`);
  const far = keywordDistance + Math.min(pattern?.longest ?? 0, reachBehind);
  return {
    ...numbered,
    pattern,
    anchors: shape?.anchors?.map((anchor) => prepareAnchor(anchor, tables)),
    before: Math.min(far, reachBefore),
    behind: Math.min(far, reachBehind),
    path: rule.path === undefined ? undefined : compileTest(rule.path, engine, rule.proven),
    allowances: rule.allowances.map((one) => compileAllowance(one, engine, rule.proven)),
    check,
    known: shape?.known ?? 0,
  };
}

function patternOf(
  { proven }: SecretRule,
  pattern: string,
  engine: LinearEngine | undefined,
  known: RuleShape | undefined,
): CompiledPattern {
  return known === undefined ? compileLinear(pattern, engine, proven) : compileKnown(pattern, known);
}

function prepareAnchor(anchor: Anchor, tables: Tables): PreparedAnchor {
  const { word, offset, sets, border, run, next } = anchor;
  return {
    ...{ word, offset, sets, border },
    tables: sets.map((set) => tables.of(set)),
    run: run && { table: tables.of(run.of), min: run.min, max: run.max, mixed: run.mixed === true },
    next: next === undefined ? undefined : tables.of(next),
  };
}

/** The word as it is written: in lower and in upper case where the pattern takes both. */
export function writtenAs({ word, offset, sets }: Pick<PreparedAnchor, 'word' | 'offset' | 'sets'>): readonly string[] {
  const takes = (char: string, at: number): boolean => has(sets[offset + at]!, char.charCodeAt(0));
  const lower = [...word].map((char, at) => (takes(char, at) ? char : char.toUpperCase()));
  const upper = [...word].map((char, at) => (takes(char.toUpperCase(), at) ? char.toUpperCase() : char));
  return [...new Set([lower.join(''), upper.join('')])];
}

/** Classes of characters as tables over bytes, each once. */
class Tables {
  readonly #bySet = new Map<CharSet, Uint8Array>();
  readonly #byText = new Map<string, Uint8Array>();

  of(set: CharSet): Uint8Array {
    let table = this.#bySet.get(set);
    if (table === undefined) {
      table = this.#alike(set);
      this.#bySet.set(set, table);
    }
    return table;
  }

  #alike(set: CharSet): Uint8Array {
    const key = set.join();
    let table = this.#byText.get(key);
    if (table === undefined) {
      table = new Uint8Array(256);
      for (const [low, high] of pairsOf(set)) table.fill(1, Math.min(low, 256), Math.min(high + 1, 256));
      this.#byText.set(key, table);
    }
    return table;
  }
}
