import { compareText } from '../util/compare-text.ts';
import type { ErrorCode } from '../util/error.ts';

/** What could not be read or decided. It is data: it stands in every report and may make the verdict `undecided`. */
export interface Problem {
  /** Stable, such as `rpm/header-truncated`. */
  readonly code: ErrorCode;
  /** One line for people; no path of this machine in it. */
  readonly message: string;
  /** The file inside the image that it concerns. */
  readonly path?: string;
  /** The number of the layer that it concerns, from 0. */
  readonly layer?: number;
  /** Whether a verdict that ignored it could be wrong. A blinding problem is never a pass. */
  readonly blinding: boolean;
}

/** Makes a problem that does not blind the gate: something is unreadable, but nothing can hide behind it. */
export function warning(code: ErrorCode, message: string, path?: string): Problem {
  return path === undefined ? { code, message, blinding: false } : { code, message, path, blinding: false };
}

/** Makes a problem that blinds the gate: a verdict that ignored it could be wrong. */
export function blinding(code: ErrorCode, message: string, path?: string): Problem {
  return path === undefined ? { code, message, blinding: true } : { code, message, path, blinding: true };
}

/** Orders problems: blinding first, then by layer, path, code and message. */
export function compareProblems(a: Problem, b: Problem): number {
  if (a.blinding !== b.blinding) return a.blinding ? -1 : 1;
  if ((a.layer ?? -1) !== (b.layer ?? -1)) return (a.layer ?? -1) - (b.layer ?? -1);
  const left = `${a.path ?? ''}\0${a.code}\0${a.message}`;
  const right = `${b.path ?? ''}\0${b.code}\0${b.message}`;
  return compareText(left, right);
}

/** Each problem once: what was noted before and is found out again is one. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  const byText = new Map<string, Problem>();
  for (const problem of problems) {
    const { code, message, path, layer, blinding } = problem;
    byText.set(JSON.stringify([code, message, path, layer, blinding]), problem);
  }
  return [...byText.values()];
}
