import type { Problem } from '../../model/problem.ts';

/** A problem, as rules read it. */
export class ProblemView {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly layer: number;
  readonly blinding: boolean;

  constructor({ code, message, path = '', layer = -1, blinding }: Problem) {
    this.code = code;
    this.message = message;
    this.path = path;
    this.layer = layer;
    this.blinding = blinding;
  }
}
