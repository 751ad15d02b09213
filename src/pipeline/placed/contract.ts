import type { ReadBodies } from '../../catalog/accounting/account.ts';
import type { KnownOwners } from '../../catalog/collect/known-owners.ts';
import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { LicenceFact, PlacedFinding } from '../../model/placed-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { LayerSurvey } from '../../model/survey.ts';
import type { FilePlaces } from './places.ts';

/** A target whose layers lie on each other, with what is known of it beside. */
export interface LookedInto {
  /** With packages and facts. */
  readonly evidence: Evidence;
  readonly surveys: readonly LayerSurvey[];
  readonly places: FilePlaces;
  readonly owners: KnownOwners;
  readonly ecosystems: readonly Ecosystem[];
  readonly readBodies: ReadBodies;
}

/** What was found beside packages, and what could not be looked at. */
export interface FoundBeside {
  readonly placed: readonly PlacedFinding[];
  /** Absent where licences are not looked for. */
  readonly licences?: readonly LicenceFact[];
  readonly problems: readonly Problem[];
}
