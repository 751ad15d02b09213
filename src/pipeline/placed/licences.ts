import { licenceFacts } from '../../detect/licences/facts.ts';
import type { LicenceFact } from '../../model/placed-finding.ts';
import type { LookedInto } from './contract.ts';
import { shownPath } from './places.ts';

/** The licences that packages state, and those whose texts are in the final image. */
export function licencesOf({ evidence, surveys, places, owners }: LookedInto): LicenceFact[] {
  const { standing, baseLayers, folder } = places;
  const files = surveys.flatMap(({ licences = [] }, layer) =>
    licences.flatMap(({ entry, expression, likeness }) => {
      const { path, removedIn } = standing.of({ layer, entry });
      if (removedIn !== undefined) return [];
      const from = layer < baseLayers ? ('base' as const) : ('own' as const);
      const owner = owners.ofPath(path);
      return [{ path: shownPath(path, folder), owner, expression, likeness, layer, from }];
    }),
  );
  return licenceFacts(evidence.packages, files, baseLayers);
}
