import type { Presence } from './package.ts';
import type { Severity } from './severity.ts';

/** One flaw in one installed package. Other kinds come with their own rule families. */
export interface Finding {
  readonly kind: 'vulnerability';
  /** The name the field knows it by: the CVE where there is one, else the advisory's id. */
  readonly id: string;
  /** All other names of the same flaw, sorted. */
  readonly aliases: readonly string[];
  /** The ids of the records that matched, sorted. */
  readonly advisories: readonly string[];
  readonly severity: Severity;
  /** `publisher`, `cvss-v4`, `cvss-v3`, `cvss-v2` or `none`. */
  readonly severitySource: string;
  /** CVSS score from 0 to 10, where there is one. */
  readonly score?: number;
  readonly vector?: string;
  /** purl of the package. */
  readonly package: string;
  /** Name and version of the package, for people. */
  readonly name: string;
  readonly version: string;
  /** Whether the package is installed, only declared, or the application itself. */
  readonly presence: 'installed' | 'declared' | 'application';
  /** The versions that fix it and are newer than the installed one, oldest first; empty when there is none. */
  readonly fixed: readonly string[];
  /** The number of the layer that brought the package. */
  readonly layer: number;
  /** Whether the base image brought the package, or the image's own layers did. */
  readonly from: 'base' | 'own';
  readonly paths: readonly string[];
  readonly title: string;
  /** Why it does not count; it stays in every report all the same. */
  readonly answered?: Answer;
}

/** What speaks against a finding. */
export interface Answer {
  /** `owner`: the files are those of a distribution's package, whose advisories speak of them. */
  readonly by: 'owner';
  /** For people: one sentence. */
  readonly because: string;
}

/** Whether the gate goes by a finding: its package is of a presence that is judged, and nothing speaks against it. */
export function counts({ presence, answered }: Finding, judged: readonly Presence[]): boolean {
  return answered === undefined && judged.includes(presence);
}
