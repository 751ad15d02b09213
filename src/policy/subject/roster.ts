import type { BlameQuadrant } from '../../model/verdict.ts';

/** What stands for a subject in reasons and before waivers. */
export interface SubjectName {
  /** What stands for it within its kind. */
  readonly id: string;
  /** All other names that waivers may give, of what has any. */
  readonly names?: readonly string[];
  /** purl. */
  readonly package?: string;
  /** All places where it is, of what has any. */
  readonly paths?: readonly string[];
  /** For people; empty where the rule's title says it all. */
  readonly shown: string;
  /** Where it is, for people, of what was found in a place. */
  readonly at?: string;
  /** Hex; of what was found in a place. */
  readonly fingerprint?: string;
  /** How to end it, where that is its own and not the rule's. */
  readonly fix?: string;
}

/** Subjects of one kind, all at once. */
export interface Roster {
  readonly views: readonly object[];
  /** The same in its other places, of what may be in several: a rule that speaks of one of them fires. */
  elsewhere?(index: number): readonly object[];
  nameOf(index: number): SubjectName;
  /** Who brought it; absent where there is no baseline, or nothing of the kind is held against one. */
  readonly quadrantOf?: (index: number) => BlameQuadrant;
}

/** A roster of views that tell their own names. */
export function rosterOf<View extends object>(views: readonly View[], nameOf: (view: View) => SubjectName): Roster {
  return { views, nameOf: (index) => nameOf(views[index] as View) };
}
