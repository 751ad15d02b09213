import type { Evidence } from '../model/evidence.ts';
import type { Waivers } from './waiver/contract.ts';

/** What a verdict goes by beside evidence and policy. */
export interface Judging {
  /** For ages, deadlines and expiries alone. */
  readonly now: Date;
  /**
   * For the age of data, the real moment where `now` is another: who asks what will be in force then asks it of the data of today, and data
   * that is newer than a moment that is past is none of the future. Absent: `now`.
   */
  readonly dataNow?: Date;
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
  /** The kept report that it was read from, by the digest of its bytes. */
  readonly report?: { readonly name: string; readonly digest: string };
}
