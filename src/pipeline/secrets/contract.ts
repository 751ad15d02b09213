import type { Place } from '../../model/placed-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { SecretMatch } from '../../model/survey.ts';

/** A secret in a source tree, its history or what is staged. */
export interface SourceSecret {
  readonly match: SecretMatch;
  readonly place: Place;
}

/** What a search has found, and what it could not look at. */
export interface SourceSecrets {
  readonly found: readonly SourceSecret[];
  readonly problems: readonly Problem[];
}
