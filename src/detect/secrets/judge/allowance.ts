import type { Allowance } from '../contract.ts';
import { type CompiledPattern, compileLinear, type LinearEngine } from '../pattern/compile.ts';

/** Longest text that an allowance's pattern is held against (UTF-16 units). */
const longestTested = 4096;
const wholeText = { begin: true, end: true };

/** Tells whether a text has a match of a pattern in it. */
export type Test = (text: string) => boolean;

/** What a match is made of, for those who allow it. */
export interface AllowedParts {
  readonly secret: string;
  readonly match: string;
  readonly line: string;
  readonly path: string;
  readonly rule: string;
  /** In full, where the text is that of a commit. */
  readonly commit?: string;
}

/** Tells whether a match is none after all. */
export type CompiledAllowance = (parts: AllowedParts) => boolean;

/** A pattern as a test of short texts. @throws as {@link compileLinear} */
export function compileTest(pattern: string, engine?: LinearEngine, isProven = false): Test {
  let compiled: CompiledPattern | undefined;
  if (!isProven) compiled = compileLinear(pattern, engine);
  return (text) => {
    compiled ??= compileLinear(pattern, engine, isProven);
    const bytes = Buffer.from(text.length > longestTested ? text.slice(0, longestTested) : text).toString('latin1');
    return compiled.matchFrom(bytes, 0, wholeText) !== undefined;
  };
}

/** An allowance as gitleaks reads it: with `and`, each kind of part that it has must hold. @throws as {@link compileLinear} */
export function compileAllowance(allowance: Allowance, engine?: LinearEngine, isProven = false): CompiledAllowance {
  const patterns = late(allowance.patterns, engine, isProven);
  const paths = late(allowance.paths, engine, isProven);
  const rules = new Set(allowance.rules);
  const commits = new Set(allowance.commits);
  const checks: CompiledAllowance[] = [];
  if (commits.size > 0) checks.push(({ commit }) => commit !== undefined && commits.has(commit));
  if (allowance.paths.length > 0) checks.push(({ path }) => paths().some((test) => test(path)));
  if (allowance.patterns.length > 0) checks.push((parts) => patterns().some((test) => test(parts[allowance.target])));
  if (allowance.stopWords.length > 0) {
    checks.push(({ secret }) => {
      const lower = secret.toLowerCase();
      return allowance.stopWords.some((word) => lower.includes(word));
    });
  }
  const all = allowance.condition === 'and';
  return (parts) => {
    if (checks.length === 0 || (rules.size > 0 && !rules.has(parts.rule))) return false;
    return all ? checks.every((check) => check(parts)) : checks.some((check) => check(parts));
  };
}

/** Whether by its path alone a text is allowed, so that it need not be read. */
export function allowsPath(allowance: Allowance): boolean {
  const alone = allowance.patterns.length === 0 && allowance.stopWords.length === 0 && allowance.commits.length === 0;
  return allowance.paths.length > 0 && allowance.rules.length === 0 && (allowance.condition === 'or' || alone);
}

/** Compiled at the first use: most are never asked. */
function late(patterns: readonly string[], engine: LinearEngine | undefined, isProven: boolean): () => readonly Test[] {
  let compiled: readonly Test[] | undefined;
  return () => {
    compiled ??= patterns.map((pattern) => compileTest(pattern, engine, isProven));
    return compiled;
  };
}
