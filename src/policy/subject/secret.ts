import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { BlameQuadrant } from '../../model/verdict.ts';
import { hasExpired } from './days.ts';
import { PlacedView } from './placed.ts';

/** A secret that was found, as rules read it: never the secret itself. */
export class SecretView extends PlacedView {
  readonly score: number;
  readonly removed: boolean;
  readonly commit: string;
  readonly notes: readonly string[];
  readonly expires: string;
  readonly expired: boolean;

  /** `today`: days since 1970-01-01. `blame`: absent without a baseline. */
  constructor(finding: PlacedFinding, today: number, blame: BlameQuadrant | undefined) {
    super(finding, blame);
    const { secret, place } = finding;
    this.score = secret?.score ?? 0;
    this.removed = place.removedIn !== undefined;
    this.commit = place.commit ?? '';
    this.notes = secret?.notes ?? [];
    this.expires = secret?.expires?.slice(0, 'YYYY-MM-DD'.length) ?? '';
    this.expired = hasExpired(secret?.expires, today);
  }
}
