import type { Verdict } from '../model/verdict.ts';

/** What a command that judges ends with. */
export const exitCodes: Readonly<Record<Verdict['decision'], number>> = { pass: 0, warn: 0, stop: 2, undecided: 3 };
