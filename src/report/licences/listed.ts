import type { Evidence } from '../../model/evidence.ts';
import type { LicenceFact } from '../../model/placed-finding.ts';

/** A licence with the package that it is of. */
export interface ListedLicence extends LicenceFact {
  /** Of the package; absent where it is of none that the target lists. */
  readonly name?: string;
  readonly version?: string;
}

/** The licences of the evidence, in its order, with names and versions of their packages. */
export function licencesOf({ licences = [], packages }: Evidence): readonly ListedLicence[] {
  const byPurl = new Map(packages.map((found) => [found.purl, found]));
  return licences.map((fact) => {
    const found = fact.package === undefined ? undefined : byPurl.get(fact.package);
    return found ? { ...fact, name: found.name, version: found.version } : fact;
  });
}
