import type { Evidence } from '../model/evidence.ts';
import type { Waivers } from './waiver/contract.ts';

/** What a verdict goes by beside evidence and policy. */
export interface Judging {
  /** For ages, deadlines and expiries alone. */
  readonly now: Date;
  /** References that the image goes by in this run; the first is the one that was asked for. */
  readonly names?: readonly string[];
  readonly waivers?: Waivers;
  readonly baseline?: Baseline;
}

/** What the image is held against. */
export interface Baseline {
  /** Matched with the same data as the image itself. */
  readonly evidence: Evidence;
  /** What was published after this is disclosed since: RFC 3339. */
  readonly since: string;
  /** Findings that were known when the baseline was judged, `id` and package name, where a kept report tells. */
  readonly known?: ReadonlySet<string>;
}
