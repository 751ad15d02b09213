import type { Block } from '../block.ts';
import type { PatternMatch } from '../pattern/compile.ts';
import type { PreparedRule, PreparedSet } from '../prepare.ts';
import { contextOf, isAllowedBy } from './context.ts';
import { entropyOf, isPlaceholder } from './value.ts';

/** Below this score a match of a built-in rule is not told. */
const leastScore = 20;
/** What a placeholder takes from a score. */
const placeholderCost = 80;

/** A match that is believed. */
export interface Candidate {
  readonly rule: PreparedRule;
  readonly value: string;
  /** Where the secret is in the text (bytes). */
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What stands in front of it in its line. */
  readonly before: string;
  readonly score: number;
  readonly notes: readonly string[];
  readonly expires?: string;
}

/** Where a text is from. */
export interface TextPlace {
  readonly path: string;
  readonly commit?: string;
}

/** Judges a match by its value, what is allowed, its check and its context; undefined: it is none. */
export function judgeMatch(
  rule: PreparedRule,
  match: PatternMatch,
  block: Block,
  place: TextPlace,
  set: PreparedSet,
): Candidate | undefined {
  const span = secretSpan(rule.rule.group, match);
  if (span === undefined || span[0] === span[1]) return undefined;
  const { bytes } = block;
  const value = bytes.toString('utf8', span[0], span[1]);
  const { entropy } = rule.rule;
  if (entropy !== undefined && entropyOf(value) <= entropy) return undefined;
  const isOwn = rule.rule.id.startsWith('secret/');
  const isFilledIn = isPlaceholder(value);
  // Told before the dear questions are asked: nearly all that looks like a secret and is none ends here.
  if (isOwn && isFilledIn) return undefined;
  const [lineFrom, lineTo] = block.lineAround(span[0]);
  const line = bytes.toString('utf8', lineFrom, lineTo);
  if (isAllowedBy(line)) return undefined;
  const whole = match.spans[0]!;
  const text = bytes.toString('utf8', whole[0], whole[1]);
  const parts = { secret: value, match: text, line, rule: rule.rule.id, ...place };
  if (rule.allowances.some((allows) => allows(parts)) || set.allowances.some((allows) => allows(parts)))
    return undefined;
  const answer = rule.check?.({ value, match: text, line, path: place.path });
  if (answer?.real === false) return undefined;
  const before = bytes.toString('utf8', lineFrom, span[0]);
  const context = contextOf(place.path, line, before);
  const cost = isFilledIn ? placeholderCost : 0;
  const score = Math.round((answer?.score ?? rule.rule.score) + context.change - cost);
  if (score < leastScore && isOwn) return undefined;
  const end = block.positionOf(span[1]);
  const begin = block.positionOf(span[0]);
  return {
    rule,
    value,
    from: block.base + span[0],
    to: block.base + span[1],
    ...begin,
    endLine: end.line,
    endColumn: end.column,
    before,
    score: Math.max(1, Math.min(100, score)),
    notes: [...new Set([...(answer?.notes ?? []), ...context.notes])].sort(),
    ...(answer?.expires !== undefined && { expires: answer.expires }),
  };
}

/** The group of the secret; 0: the first group that has something in it, else the whole match. */
function secretSpan(group: number, { spans }: PatternMatch): readonly [number, number] | undefined {
  if (group > 0) return spans[group];
  return spans.slice(1).find((span) => span !== undefined && span[1] > span[0]) ?? spans[0];
}
