/** What an expression sees: variables by name. One object serves many evaluations. */
export type Scope = Record<string, unknown>;

/** A compiled expression. @throws EvaluationFailure when it can't be answered, or would take too long */
export type Predicate = (scope: Scope) => boolean;

/** What a rule's expression could not be evaluated for: the gate is undecided, never a pass. */
export class EvaluationFailure extends Error {
  override readonly name = 'EvaluationFailure';
}

/** What is wrong with an expression, and where in its text: from `start` to before `end`, in UTF-16 units. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly start: number;
  readonly end: number;
  /** The correction, where one is known. */
  readonly hint: string | undefined;

  constructor(message: string, start: number, end: number, hint?: string) {
    super(message);
    this.start = start;
    this.end = end;
    this.hint = hint;
  }
}
