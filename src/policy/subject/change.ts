import type { Change } from './changes.ts';

/** One difference from the baseline, as rules read it. */
export class ChangeView {
  readonly what: string;
  readonly how: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly ecosystem: string;
  readonly package: string;

  constructor({ what, how, name, before, after, ecosystem = '', package: purl = '' }: Change) {
    this.what = what;
    this.how = how;
    this.name = name;
    this.before = before;
    this.after = after;
    this.ecosystem = ecosystem;
    this.package = purl;
  }
}
