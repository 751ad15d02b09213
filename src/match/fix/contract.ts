import type { EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Severity } from '../../model/severity.ts';
import type { Verdict } from '../../model/verdict.ts';

/** A flaw that a change ends or brings. */
export interface FixedFlaw {
  readonly id: string;
  readonly severity: Severity;
  /** purl of the package as it was, or as it would be. */
  readonly package: string;
  /** Whether the gate stops at it. */
  readonly stops: boolean;
}

/** One package, or all binary packages of one source package, in one place, moved to another version. */
export interface Bump {
  readonly kind: 'package';
  /** purl type. */
  readonly ecosystem: string;
  /** Name of the package; of a distribution's package that of its source. */
  readonly name: string;
  /** What is installed under that name, sorted: the binary packages of a distribution, else the package itself. */
  readonly packages: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Whether the new version may break what uses it: it leaves the major version (of `0.x`, the minor one). */
  readonly leavesMajor: boolean;
  /** Where the change is made: a file or folder of the target; empty for the package database of a distribution. */
  readonly place: string;
  /** Whether a distribution's package manager makes the change. */
  readonly distribution: boolean;
}

/** Another image in the place of the one that the target was built on. */
export interface BaseChange {
  readonly kind: 'base';
  /** What the base is called now; empty where nobody says. */
  readonly from: string;
  /** The candidate as the user named it. */
  readonly to: string;
  /** Digest of the candidate's manifest, where it has one. */
  readonly digest?: string;
}

/** One change of the plan, with what it ends and how it is made. */
export interface Change {
  readonly what: Bump | BaseChange;
  /** Worst first. */
  readonly ends: readonly FixedFlaw[];
  /** Flaws that count and that only come with the change, worst first. */
  readonly brings: readonly FixedFlaw[];
  /** Files that the patch changes for it, relative to the source folder, sorted. */
  readonly files: readonly string[];
  /** Commands to run, in order: instead of a patch, or after it. */
  readonly commands: readonly string[];
  /** Why there is no patch, or what to know of it; one line each. */
  readonly notes: readonly string[];
}

/** Why something that stops the gate stays. */
export type RemainsBecause =
  | 'no-fix'
  | 'wont-fix'
  | 'base-image'
  | 'no-package-manager'
  | 'owned'
  | 'no-clearing-version'
  | 'not-a-version';

/** Something that stops the gate after all changes, or leaves it undecided. */
export interface Remaining {
  readonly rule: string;
  readonly decision: 'stop' | 'undecided';
  /** The flaw, the path, the setting; empty for a reason without subjects. */
  readonly id: string;
  readonly severity?: Severity;
  /** purl, where there is a package. */
  readonly package?: string;
  /** Versions that fix it, as the finding has them; absent for what is no finding. */
  readonly fixed?: readonly string[];
  readonly because: RemainsBecause;
  /** One sentence for people. */
  readonly says: string;
}

/** A unified diff of one file, relative to the source folder. */
export interface FilePatch {
  readonly path: string;
  /** As `git apply` and `patch -p1` take it. */
  readonly diff: string;
  /** The file as it is after the patch. */
  readonly text: string;
}

/** The smallest set of changes found that ends what can be ended, and what the gate says before and after. */
export interface FixPlan {
  readonly target: EvidenceTarget;
  readonly before: Verdict;
  readonly after: Verdict;
  /** Whether the gate would be green after the changes. */
  readonly outcome: 'green' | 'stop' | 'undecided';
  readonly changes: readonly Change[];
  readonly remains: readonly Remaining[];
  /** Findings that count and that the gate does not stop at, after the changes. */
  readonly others: number;
  readonly patches: readonly FilePatch[];
  /** What to know of the plan as a whole, one line each. */
  readonly notes: readonly string[];
}

/** Stands for a finding of one package in one place: the same purl may be there twice. */
export function placeKey(purl: string, paths: readonly string[]): string {
  return `${purl}\0${paths[0] ?? ''}`;
}

/** {@link placeKey} of a finding's package. */
export function findingKey({ package: purl, paths }: Pick<Finding, 'package' | 'paths'>): string {
  return placeKey(purl, paths);
}
