import { bodyPass } from '../../catalog/body-pass.ts';
import { collect } from '../../catalog/collect/collect.ts';
import { squash } from '../../catalog/squash.ts';
import type { Wanted } from '../../model/collected.ts';
import type { Evidence } from '../../model/evidence.ts';
import { walkDirectory } from '../../source/directory.ts';
import { ecosystemsOf } from '../gather.ts';
import type { ScanOptions } from '../options.ts';
import type { SurveyedFolder } from '../survey-folder.ts';
import { withCollected } from './with-collected.ts';

/** Adds to the evidence on a folder what a policy wants. @throws SluiceError `directory/...` */
export async function collectFromFolder(
  evidence: Evidence,
  path: string,
  { survey }: SurveyedFolder,
  wanted: Wanted,
  options: ScanOptions,
): Promise<Evidence> {
  const ecosystems = await ecosystemsOf(options);
  const tree = squash([survey], () => undefined);
  const found = await collect(
    {
      ...{ tree, ecosystems, packages: evidence.packages, surveys: [survey], baseLayers: 0 },
      async readBodies(bodies) {
        const wantedHere = bodies.get(0);
        // What can't be read is told by whoever waits for it.
        if (wantedHere && wantedHere.size > 0) walkDirectory(path, bodyPass(wantedHere, survey.entries.paths));
      },
    },
    wanted,
  );
  return withCollected(evidence, found);
}
