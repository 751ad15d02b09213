import { parse, TomlError } from 'smol-toml';
import { digestOf } from '../../../model/digest.ts';
import { messageOf, SluiceError } from '../../../util/error.ts';
import type { Allowance, SecretRule, SecretRuleSet } from '../contract.ts';
import { compileLinear, type LinearEngine, needsEngine } from '../pattern/compile.ts';
import { type CheckPattern, Fields } from './fields.ts';
import { tomlPositions } from './positions.ts';
import { readAllowances } from './read-allowance.ts';
import { readRule } from './read-rule.ts';

/** Largest rule file (UTF-16 units). */
const largestFile = 4_000_000;
/** Most rules of a file. */
const mostRules = 2000;
/** How many files may extend each other: as in gitleaks. */
const mostExtended = 2;
/** How deep lists and tables may be nested. */
const deepest = 20;

/** What a rule file is read with. */
export interface ReadRuleOptions {
  /** Reads the file of `[extend] path`; absent: such a file is refused. @throws SluiceError */
  readonly extended?: (path: string) => string;
}

/**
 * Reads a gitleaks TOML: rules, allowances, `[extend]`, and `[rules.sluice]`. Patterns are checked, by the linear engine
 * where they need it.
 * @throws SluiceError `rules/toml` with file and line
 */
export async function readSecretRules(
  text: string,
  file: string,
  options: ReadRuleOptions = {},
): Promise<SecretRuleSet> {
  const loaded: { engine?: LinearEngine } = {};
  try {
    return readWith(text, file, options, loaded);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'pattern/engine') throw error;
    loaded.engine = (await import('../pattern/engine.ts')).linearEngine;
    return readWith(text, file, options, loaded);
  }
}

function readWith(
  text: string,
  file: string,
  options: ReadRuleOptions,
  loaded: { engine?: LinearEngine },
): SecretRuleSet {
  const read = readOne(text, file, options, loaded.engine, 0);
  const { rules, allowances, disabled, extendsBuiltIn } = read;
  const said = {
    rules: rules.map(complete),
    allowances,
    ...(disabled.length > 0 && { disabled }),
    ...(extendsBuiltIn && { extendsBuiltIn }),
  };
  return { digest: digestOf(JSON.stringify(said)), ...said };
}

interface Read {
  readonly rules: readonly { readonly rule: SecretRule; readonly fields: Fields }[];
  readonly allowances: readonly Allowance[];
  readonly disabled: readonly string[];
  readonly extendsBuiltIn: boolean;
}

function readOne(
  text: string,
  file: string,
  options: ReadRuleOptions,
  engine: LinearEngine | undefined,
  depth: number,
): Read {
  if (text.length > largestFile)
    throw new SluiceError('rules/toml', `${file}: the file is larger than ${largestFile} characters`);
  const root = new Fields(parseToml(text, file), '', file, tomlPositions(text));
  root.only(['title', 'description', 'minVersion', 'extend', 'allowlist', 'allowlists', 'rules']);
  const check = checkWith(engine);
  const extend = root.table('extend');
  const base = extend === undefined ? undefined : readExtended(extend, options, engine, depth);
  const tables = root.tables('rules');
  if (tables.length > mostRules) throw root.fail(`the file has more than ${mostRules} rules`, 'rules');
  const own = tables.map((fields) => ({ rule: readRule(fields, check), fields }));
  const ids = new Set<string>();
  for (const { rule, fields } of own) {
    if (ids.has(rule.id)) throw fields.fail(`there are two rules ${JSON.stringify(rule.id)}`, 'id');
    ids.add(rule.id);
  }
  // A rule without pattern and path adds its allowances to one that is known by another file.
  const extendsBuiltIn = (extend?.flag('useDefault') ?? false) || (base?.extendsBuiltIn ?? false);
  const added = extendsBuiltIn ? own.filter(({ rule }) => !isWhole(rule) && rule.allowances.length > 0) : [];
  const disabled = [...(extend?.texts('disabledRules') ?? []), ...(base?.disabled ?? [])];
  return {
    rules: merged(
      base?.rules ?? [],
      own.filter((one) => !added.includes(one)),
    ).filter(({ rule }) => !disabled.includes(rule.id)),
    allowances: [
      ...(base?.allowances ?? []),
      ...readAllowances(root, true, check),
      ...added.flatMap(({ rule }) => rule.allowances.map((one) => ({ ...one, rules: [rule.id] }))),
    ],
    disabled,
    extendsBuiltIn,
  };
}

function parseToml(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text, { maxDepth: deepest, unsafeKeyBehaviour: 'throw' });
  } catch (thrown) {
    const place = thrown instanceof TomlError ? `${file}:${thrown.line}:${thrown.column}` : file;
    throw new SluiceError('rules/toml', `${place}: this is no TOML: ${messageOf(thrown).split('\n', 1)[0]}`);
  }
}

function readExtended(
  extend: Fields,
  options: ReadRuleOptions,
  engine: LinearEngine | undefined,
  depth: number,
): Read | undefined {
  extend.only(['useDefault', 'path', 'url', 'disabledRules']);
  if (extend.has('url')) throw extend.fail('rules are not fetched: give the file by its path', 'url');
  const path = extend.text('path');
  if (path === undefined) return undefined;
  if (extend.flag('useDefault')) throw extend.fail('useDefault and path do not go together', 'path');
  if (depth >= mostExtended) throw extend.fail(`more than ${mostExtended} files extend each other`, 'path');
  if (options.extended === undefined) throw extend.fail('a file that extends another is not read here', 'path');
  return readOne(options.extended(path), path, options, engine, depth + 1);
}

function checkWith(engine: LinearEngine | undefined): CheckPattern {
  return (pattern, fields, name) => {
    try {
      if (needsEngine(pattern)) compileLinear(pattern, engine);
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'pattern/engine') throw error;
      throw fields.fail(`${name}: ${messageOf(error).split('\n', 1)[0]}`, name);
    }
    return pattern;
  };
}

/** Rules of a file over those that it extends: what it says holds, lists grow. */
function merged(base: Read['rules'], own: Read['rules']): Read['rules'] {
  const byId = new Map(base.map((one) => [one.rule.id, one]));
  for (const { rule, fields } of own) {
    const before = byId.get(rule.id)?.rule;
    const whole =
      before === undefined
        ? rule
        : {
            ...before,
            ...Object.fromEntries(Object.entries(rule).filter(([name]) => fields.has(fieldOf(name)))),
            keywords: [...new Set([...before.keywords, ...rule.keywords])],
            tags: [...new Set([...before.tags, ...rule.tags])],
            allowances: [...before.allowances, ...rule.allowances],
          };
    byId.set(rule.id, { rule: whole, fields });
  }
  return [...byId.values()];
}

const fieldNames: ReadonlyMap<string, string> = new Map([
  ['title', 'description'],
  ['pattern', 'regex'],
  ['group', 'secretGroup'],
]);

function fieldOf(name: string): string {
  return fieldNames.get(name) ?? name;
}

function complete({ rule, fields }: { readonly rule: SecretRule; readonly fields: Fields }): SecretRule {
  if (!isWhole(rule)) throw fields.fail(`the rule ${JSON.stringify(rule.id)} has neither regex nor path`);
  return rule;
}

function isWhole(rule: SecretRule): boolean {
  return rule.pattern !== undefined || rule.path !== undefined;
}
