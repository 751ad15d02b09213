import { type ReadLate, takeInventory } from '../catalog/inventory.ts';
import type { ReadyLook } from '../catalog/looking/contract.ts';
import { Surveyor } from '../catalog/surveyor.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import { digestOfHex } from '../model/digest.ts';
import type { Inventory } from '../model/inventory.ts';
import type { LayerSurvey } from '../model/survey.ts';
import { walkDirectory } from '../source/directory.ts';

/** A folder, surveyed, with the inventory of what is in it: what the walk could not read is among its problems. */
export interface SurveyedFolder {
  readonly survey: LayerSurvey;
  readonly inventory: Inventory;
}

/**
 * Surveys a folder as if it were the one layer of an image; `look` is what for beside packages.
 * @throws SluiceError when it can't be read
 */
export async function surveyFolder(
  path: string,
  ecosystems: readonly Ecosystem[],
  look?: ReadyLook,
): Promise<SurveyedFolder> {
  const surveyor = new Surveyor(ecosystems, look);
  const problems = walkDirectory(path, surveyor);
  const again = surveyor.hardLinks();
  if (again.size > 0) walkDirectory(path, surveyor.reread(again));
  const survey = surveyor.finish(digestOfHex('0'.repeat(64)), 0);
  const readLate: ReadLate = async (_layer, readAs) => {
    const late = new Surveyor(ecosystems);
    walkDirectory(path, late.reread(readAs));
    return late.finish(survey.diffId, 0).files;
  };
  const inventory = await takeInventory([survey], ecosystems, readLate);
  return { survey, inventory: { ...inventory, problems: [...problems, ...inventory.problems] } };
}
