import type { PackageRecord, Presence } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { distributionTypes } from './distribution.ts';
import { parseSbom } from './parse.ts';
import { recordOf } from './record.ts';

/** Most packages that are taken from one bill of materials in an image; those of whole images have a tenth. */
const imageLimit = 50_000;

/** What a bill of materials that lies in an image says. */
export interface SaidInImage {
  /** Packages by their purl type. */
  readonly byType: ReadonlyMap<string, readonly PackageRecord[]>;
  readonly problems: readonly Problem[];
}

/**
 * The packages that a bill of materials in an image names by a purl with a version; `presence` tells how it speaks of
 * them. A distribution's packages are left out: its own database is the word on them, and what a wheel bundles of
 * another distribution's can't be judged by the advisories of this one.
 * @throws SluiceError when it can't be read
 */
export function readInImage(bytes: Buffer, presence: Presence, path: string): SaidInImage {
  const document = parseSbom(bytes);
  const byType = new Map<string, PackageRecord[]>();
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const found of document.packages) {
    const said = recordOf(found);
    if (said?.purl === undefined || said.record.version === '' || distributionTypes.has(said.ecosystem)) continue;
    const { ecosystem, record } = said;
    const key = `${ecosystem}\0${record.name}\0${record.version}`;
    if (seen.has(key)) continue;
    if (seen.size >= imageLimit) {
      const message = `the bill of materials lists more than ${imageLimit} packages; the rest is left out`;
      problems.push(warning('sbom/too-many-packages', message, path));
      break;
    }
    seen.add(key);
    const known = byType.get(ecosystem);
    const placed = { ...record, presence: presence === 'installed' ? record.presence : presence };
    if (known) known.push(placed);
    else byType.set(ecosystem, [placed]);
  }
  return { byType, problems };
}
