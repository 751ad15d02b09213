import { takeInventory } from '../catalog/inventory.ts';
import { Surveyor } from '../catalog/surveyor.ts';
import { digestOfHex } from '../model/digest.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { Presence } from '../model/package.ts';
import { walkDirectory } from '../source/directory.ts';
import type { FolderTarget } from '../source/target.ts';
import { tuneForShortRun } from '../util/short-run.ts';
import { ecosystemsOf, gather } from './gather.ts';
import type { ScanOptions } from './options.ts';

/**
 * A folder is surveyed as if it were the one layer of an image; it has no digest, so nothing of it is kept.
 * @throws SluiceError when it can't be read
 */
export async function scanFolder(folder: FolderTarget, options: ScanOptions): Promise<Evidence> {
  tuneForShortRun();
  const ecosystems = await ecosystemsOf(options);
  const surveyor = new Surveyor(ecosystems);
  const problems = walkDirectory(folder.path, surveyor);
  const again = surveyor.hardLinks();
  if (again.size > 0) walkDirectory(folder.path, surveyor.reread(again));
  const survey = surveyor.finish(digestOfHex('0'.repeat(64)), 0);
  const inventory = await takeInventory([survey], ecosystems, async (_layer, readAs) => {
    const late = new Surveyor(ecosystems);
    walkDirectory(folder.path, late.reread(readAs));
    return late.finish(survey.diffId, 0).files;
  });
  const { distribution } = inventory;
  const target: EvidenceTarget = { kind: folder.kind, ...(distribution ? { distribution } : {}), layers: [] };
  const judged: Presence[] = folder.kind === 'source' ? ['declared', 'installed'] : ['installed'];
  const looked = { target, inventory: { ...inventory, problems: [...problems, ...inventory.problems] } };
  return gather(looked, judged, options);
}
