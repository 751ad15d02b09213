import type { UpdateFailure, UpdateResult } from '../../advisory/update.ts';
import { defaultPolicy } from '../../policy/policy.ts';
import { listed } from '../../report/text-fix.ts';
import { harmless } from '../../util/harmless.ts';
import { age } from '../columns.ts';

/** So old data is good enough for the default policy: a failed update is then a warning. */
export const budgetMs = defaultPolicy.dataAges.default.undecided * 3_600_000;

/** Ecosystems that failed for one cause, and what there is of them. */
interface Failures {
  readonly names: string[];
  readonly error: UpdateFailure['error'];
  readonly state: 'good' | 'old' | 'none';
  /** Of the oldest data, in milliseconds. */
  old: number;
}

/** Whether there is data in force for every ecosystem that failed, and young enough. */
export function isBearable(result: UpdateResult, now: Date): boolean {
  return result.failed.every((failure) => stateOf(ageInForce(failure, result, now)) === 'good');
}

/** What failed, as lines for people: what one cause has done to many ecosystems is told once. */
export function failureLines(result: UpdateResult, now: Date): string[] {
  const groups = new Map<string, Failures>();
  for (const failure of result.failed) {
    const { ecosystem, error } = failure;
    const old = ageInForce(failure, result, now);
    const state = stateOf(old);
    const key = `${state} ${error.code} ${error.message}`;
    const known = groups.get(key);
    if (!known) groups.set(key, { names: [ecosystem], error, state, old });
    else {
      known.names.push(ecosystem);
      known.old = Math.max(known.old, old);
    }
  }
  return [...groups.values()].flatMap(linesOf);
}

function linesOf({ names, error, state, old }: Failures): string[] {
  const several = names.length > 1;
  const who = listed(names, 'and');
  const kept = `; ${several ? 'their' : 'its'} data of ${ago(old)} stays in force`;
  const inForce = state === 'none' ? `; there is no data for ${several ? 'them' : 'it'}` : kept;
  const said = `${who} ${several ? 'were' : 'was'} not updated: ${error.message}${inForce}`;
  const text = state === 'good' ? `warning: ${said}` : `${who}: ${error.message}${inForce}`;
  const line = `sluice: ${harmless(text)} [${error.code}]\n`;
  return error.hint ? [line, `        ${harmless(error.hint)}\n`] : [line];
}

/** How long ago the data in force was last known current, in milliseconds; `Infinity` when there is none. */
function ageInForce({ ecosystem }: UpdateFailure, { sources }: UpdateResult, now: Date): number {
  const source = sources.find((one) => one.ecosystem === ecosystem);
  return source ? now.getTime() - Date.parse(source.checkedAt) : Number.POSITIVE_INFINITY;
}

function stateOf(old: number): Failures['state'] {
  if (!Number.isFinite(old)) return 'none';
  return old < budgetMs ? 'good' : 'old';
}

/** A clock that was put back makes an age that is negative. */
function ago(milliseconds: number): string {
  const old = age(Math.max(0, milliseconds));
  return old === 'now' ? 'just now' : `${old} ago`;
}
