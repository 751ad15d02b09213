import type { EvidenceTarget } from '../model/evidence.ts';
import type { Place } from '../model/placed-finding.ts';
import { placeName } from '../policy/subject/placed-name.ts';

/** Digits of a commit's hash that people tell it by. */
const shortCommit = 12;

/** Where something is, for people: `/app/.env:2 · layer 5`, `ENV DB_PASSWORD`, `history step 4 · layer 3`. */
export function placeText(place: Place, { layers }: Pick<EvidenceTarget, 'layers'>): string {
  const parts = [placeName(place)];
  const { layer, removedIn, cause, commit } = place;
  if (commit !== undefined) parts.push(`commit ${commit.slice(0, shortCommit)}`);
  if (layer !== undefined && layers.length > 1) parts.push(`${place.from === 'base' ? 'base ' : ''}layer ${layer}`);
  if (removedIn !== undefined) parts.push(`layer ${removedIn} removes it, the image still holds it`);
  if (cause) parts.push(`${cause.path}:${cause.line}`);
  return parts.join(' · ');
}
