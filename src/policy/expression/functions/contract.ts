import { EvaluationFailure } from '../contract.ts';

/** A function that expressions can call, for docs/policy.md. */
export interface FunctionDoc {
  /** As CEL writes it, without its name's receiver where it has none: `string.glob(string): bool`. */
  readonly signature: string;
  readonly doc: string;
  /** A whole expression. */
  readonly example: string;
  /** Whether CEL has it of its own, so that the checker knows it already. */
  readonly native?: true;
}

/** What is wrong with a text that is written in an expression, and which part of it. */
export interface Fault {
  readonly message: string;
  readonly part?: string;
  readonly hint?: string | undefined;
}

/**
 * How a function is evaluated. What it is called on is its first argument; the checker has seen to the types.
 * All may throw EvaluationFailure when `fails` says so.
 */
export interface Handler {
  run(...args: never[]): unknown;
  /** The function with its second argument known. @throws EvaluationFailure */
  prepare?(second: never): (first: never) => unknown;
  /** What is wrong with a second argument (of functions that stand alone: the first) that is written as a text. */
  fault?(text: string): Fault | undefined;
  /** Whether it can fail; `unprepared`: not with a second argument that is known and has no fault. */
  readonly fails?: true | 'unprepared';
  /** Whether its work grows with what it is called on: that is counted. */
  readonly costs?: true;
}

/** Functions and how they are evaluated, by name. */
export interface FunctionGroup {
  readonly docs: readonly FunctionDoc[];
  readonly handlers: Readonly<Record<string, Handler>>;
}

/** Longest text that an expression may make (UTF-16 units). */
const longestText = 1 << 20;

/** The text itself. @throws EvaluationFailure when it is too long */
export function bounded(text: string): string {
  if (text.length > longestText) throw new EvaluationFailure(`a text gets longer than ${longestText} characters`);
  return text;
}

/** What was made of a text before, at most so many; all are forgotten when there are more. */
export function remembering<Made>(most: number, make: (text: string) => Made): (text: string) => Made {
  const kept = new Map<string, Made>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (kept.size >= most) kept.clear();
    kept.set(text, made);
    return made;
  };
}
