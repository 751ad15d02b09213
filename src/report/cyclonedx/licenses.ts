import { readLicence } from '../sbom/licence.ts';

/** Longest name of a licence, in characters; the text of a whole licence is cut to this. */
const longestName = 1000;

/** The licence of a component (CycloneDX `licenseChoice`): an SPDX id, an SPDX expression, or else a name. */
export function licensesOf(stated: string): readonly object[] {
  const licence = readLicence(stated);
  if (!licence) return [];
  if (licence.kind === 'id') return [{ license: { id: licence.text } }];
  if (licence.kind === 'expression') return [{ expression: licence.text }];
  return [{ license: { name: licence.text.slice(0, longestName) } }];
}

/** The licence as it is stated, where the name of it was cut. */
export function cutLicense(stated: string | undefined): string | undefined {
  const licence = readLicence(stated);
  return licence?.kind === 'words' && licence.text.length > longestName ? licence.text : undefined;
}
