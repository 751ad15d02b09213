import type { SecretMatch } from '../../../model/survey.ts';
import type { RequiredRule } from '../contract.ts';
import type { PreparedRule } from '../prepare.ts';
import { isPassword } from '../shape.ts';
import type { Candidate } from './candidate.ts';
import { isStrong, nameBefore, strongFingerprint, weakFingerprint } from './fingerprint.ts';
import { shownOf } from './shown.ts';

/** A beginning of fewer characters may be that of anything. */
const leastKnown = 3;
/** Of letters and digits of one case these are 80 bits. */
const leastDrawn = 16;

/**
 * What is told of the candidates of one text, in its order: of those that overlap the surest, then the one whose known
 * beginning is longer. No secret is in it unless `values` are asked for.
 */
export function toldOf(candidates: readonly Candidate[], path: string, values: boolean): SecretMatch[] {
  const names = new Map<string, number>();
  const told = withoutOverlaps(withRequired(candidates).filter(({ rule }) => rule.rule.silent !== true));
  return told.map((one) => {
    const { rule, value, line, column, endLine, endColumn, score, notes, expires } = one;
    return {
      rule: rule.rule.id,
      line,
      column,
      endLine,
      endColumn,
      fingerprint: fingerprintOf(one, path, names),
      shown: shownOf(value, rule.known),
      score,
      notes,
      ...(expires !== undefined && { expires }),
      ...(values && { value }),
    };
  });
}

function fingerprintOf({ rule, value, before }: Candidate, path: string, names: Map<string, number>): string {
  const { id } = rule.rule;
  if (hasFixedForm(rule, value) || (!isPassword(rule.rule) && isStrong(value))) return strongFingerprint(id, value);
  const name = nameBefore(before);
  const key = JSON.stringify([id, name]);
  const ordinal = names.get(key) ?? 0;
  names.set(key, ordinal + 1);
  return weakFingerprint(id, path, name, ordinal);
}

/** Whether a value is of a form that a machine draws, however it looks: a known beginning, and as much behind it as nobody guesses. */
function hasFixedForm({ rule, known }: PreparedRule, value: string): boolean {
  return (
    rule.id.startsWith('secret/') && !isPassword(rule) && known >= leastKnown && value.length - known >= leastDrawn
  );
}

/** Only those whose required rules have matches near by. */
function withRequired(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.every(({ rule }) => rule.rule.required === undefined)) return candidates;
  const isNear = (one: Candidate, { rule, lines, columns }: RequiredRule): boolean =>
    candidates.some(
      (other) =>
        other.rule.rule.id === rule &&
        Math.abs(other.line - one.line) <= (lines ?? Number.POSITIVE_INFINITY) &&
        Math.abs(other.column - one.column) <= (columns ?? Number.POSITIVE_INFINITY),
    );
  return candidates.filter((one) => (one.rule.rule.required ?? []).every((required) => isNear(one, required)));
}

function withoutOverlaps(candidates: readonly Candidate[]): readonly Candidate[] {
  const sorted = [...candidates].sort((a, b) => a.from - b.from || b.to - a.to || bySpecific(a, b));
  const kept: Candidate[] = [];
  for (const one of sorted) {
    // Those that are kept are apart, so that only the last ones can overlap.
    const rivals: number[] = [];
    for (let at = kept.length - 1; at >= 0 && kept[at]!.to > one.from; at--) rivals.push(at);
    if (rivals.some((at) => bySpecific(kept[at]!, one) <= 0)) continue;
    if (rivals.length > 0) kept.splice(rivals.at(-1)!, rivals.length);
    kept.push(one);
  }
  return kept;
}

/** The more specific one first: by the rule's own score, how much of the beginning is known, length, and name. */
function bySpecific(a: Candidate, b: Candidate): number {
  return (
    b.rule.rule.score - a.rule.rule.score ||
    b.rule.known - a.rule.known ||
    b.to - b.from - (a.to - a.from) ||
    (a.rule.rule.id < b.rule.rule.id ? -1 : a.rule.rule.id > b.rule.rule.id ? 1 : 0)
  );
}
