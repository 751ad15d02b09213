import { bodyPass } from '../../catalog/body-pass.ts';
import type { Evidence } from '../../model/evidence.ts';
import { compareProblems, distinctProblems } from '../../model/problem.ts';
import { walkDirectory } from '../../source/directory.ts';
import type { FolderTarget } from '../../source/target.ts';
import { ecosystemsOf } from '../gather.ts';
import type { Look, ScanOptions } from '../options.ts';
import type { SurveyedFolder } from '../survey-folder.ts';
import type { FoundBeside, LookedInto } from './contract.ts';
import { layerLookOf } from './layer-look.ts';
import { LaidLayers, lookBeside } from './look.ts';
import { comparePlaced } from './secret-findings.ts';
import { withBeside } from './with-beside.ts';

/** Adds to the evidence on a folder what was looked for beside packages. @throws SluiceError `directory/...` */
export async function lookAtFolder(
  evidence: Evidence,
  folder: FolderTarget,
  { survey }: SurveyedFolder,
  look: Look,
  options: ScanOptions,
): Promise<Evidence> {
  const surveys = [survey];
  const laid = new LaidLayers(surveys, evidence.packages);
  const looked: LookedInto = {
    ...{ evidence, surveys, ecosystems: await ecosystemsOf(options) },
    get owners() {
      return laid.owners;
    },
    places: {
      get standing() {
        return laid.standing;
      },
      baseLayers: 0,
      folder: folder.kind,
    },
    async readBodies(bodies) {
      const wanted = bodies.get(0);
      if (wanted && wanted.size > 0) walkDirectory(folder.path, bodyPass(wanted, survey.entries.paths));
    },
  };
  const found = await lookBeside(looked, options, look, await layerLookOf(look));
  const inTree = folder.kind === 'source' && look.kinds.includes('configuration');
  const more = inTree ? await (await import('../dockerfile/source-tree.ts')).dockerfilesIn(looked, options) : undefined;
  return withBeside(evidence, more ? combined(found, more) : found, look.kinds, looked.ecosystems);
}

function combined(a: FoundBeside, b: FoundBeside): FoundBeside {
  return {
    ...a,
    placed: [...a.placed, ...b.placed].sort(comparePlaced),
    problems: distinctProblems([...a.problems, ...b.problems]).sort(compareProblems),
  };
}
