import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { ReasonSubject, WaiverUse } from '../../model/verdict.ts';

/** What waivers are held against beside the evidence. */
export interface Applying {
  /** For `from` and `expires` alone, which are days in UTC. */
  readonly now: Date;
  /** References that the image goes by; the first is the one that was asked for. */
  readonly names?: readonly string[];
  /** Within how many days of its end a waiver ends soon. */
  readonly soonDays: number;
}

/** What a rule fired on, as far as waivers look at it. */
export interface WaivedSubject {
  readonly id: ReasonSubject['id'];
  /** Its other names, of what is no finding in a package. */
  readonly names?: readonly string[];
  /** purl. */
  readonly package?: string;
  /** Absolute, of what has any: all of them, for a waiver over one of two places is over neither. */
  readonly paths?: readonly string[];
  /** The finding that it is, where it is one: that has other names, and events that end waivers. */
  readonly finding?: Finding;
}

/** Waivers, held against one image. */
export interface AppliedWaivers {
  /** The evidence with the findings that waivers answer marked as answered; the same object where there are none. */
  readonly evidence: Evidence;
  /** Whether a waiver that names rules (`rule:`) takes this away; asked once for each subject on which the rule fires. */
  waives(rule: string, subject: WaivedSubject): boolean;
  /** What became of each waiver, sorted by place; to be asked after the last {@link waives}. */
  uses(): WaiverUse[];
}
