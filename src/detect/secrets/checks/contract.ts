/** What a check is given: what a rule's pattern has found, not yet believed. */
export interface CheckedMatch {
  /** The secret itself. */
  readonly value: string;
  /** All that the pattern matched. */
  readonly match: string;
  /** The line in which the secret begins, without its end; of a very long line the part round the secret. */
  readonly line: string;
  /** Where the text is from: a path, or what stands for one (`environment`, `history`). */
  readonly path: string;
}

/** What a check says without asking anybody: it reads the value alone, and never throws. */
export interface CheckAnswer {
  /** False: it is no secret at all, such as a wrong checksum or a vendor's documented example. Absent or true: it may be one. */
  readonly real?: boolean;
  /** How sure it is now, in place of the rule's own score: 0 to 100. Context still lowers it. */
  readonly score?: number;
  /** Short phrases for people: `its checksum holds`, `the key is encrypted`. */
  readonly notes: readonly string[];
  /** When it ends, as it says itself: RFC 3339. */
  readonly expires?: string;
}

/** A check of one kind of credential that needs no network: linear in the value. `checks/<name>.ts` exports it as `check`. */
export type SecretCheck = (given: CheckedMatch) => CheckAnswer;
