import { parseSbom } from '../format/sbom/parse.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import { distinctProblems } from '../model/problem.ts';
import { readSbomFile } from '../source/sbom-file.ts';
import type { SbomTarget } from '../source/target.ts';
import { tuneForShortRun } from '../util/short-run.ts';
import { ecosystemsOf, gather } from './gather.ts';
import type { ScanOptions } from './options.ts';
import { sbomInventory } from './sbom-inventory.ts';

/**
 * A bill of materials says what is in an image that need not be at hand. What sluice wrote comes to the same findings as
 * the image itself; of other tools' documents each package that does not say otherwise is taken for installed.
 * @throws SluiceError when it can't be read
 */
export async function scanSbom({ path }: SbomTarget, options: ScanOptions): Promise<Evidence> {
  if (!options.resident) tuneForShortRun();
  const document = parseSbom(await readSbomFile(path));
  const inventory = sbomInventory(document, await ecosystemsOf(options));
  const { digest, id, platform, contentSets, base, layers } = document.subject;
  const { distribution } = inventory;
  const target: EvidenceTarget = {
    kind: 'sbom',
    ...(digest ? { digest } : {}),
    ...(id ? { id } : {}),
    ...(platform ? { platform } : {}),
    ...(distribution ? { distribution } : {}),
    ...(base ? { base } : {}),
    layers,
  };
  const known = contentSets ? { ...inventory, contentSets } : inventory;
  const evidence = await gather({ target, inventory: known }, document.judged ?? ['installed'], options);
  const gathered = { ...evidence, problems: distinctProblems(evidence.problems) };
  if (!options.look) return gathered;
  const { lookAtSbom } = await import('./placed/look-sbom.ts');
  return lookAtSbom(gathered, options.look, await ecosystemsOf(options));
}
