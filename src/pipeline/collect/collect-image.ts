import { bodyPass } from '../../catalog/body-pass.ts';
import { type CollectedWith, collect } from '../../catalog/collect/collect.ts';
import { squash } from '../../catalog/squash.ts';
import { surveyImage } from '../../catalog/survey-image.ts';
import { walkAgain } from '../../catalog/survey-layer.ts';
import type { Wanted } from '../../model/collected.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { LayerBlob, OpenedImage } from '../../source/contract.ts';
import { SluiceError } from '../../util/error.ts';
import { ecosystemsOf } from '../gather.ts';
import type { ScanOptions } from '../options.ts';
import { withBaseTag } from './base-tag.ts';
import { withCollected } from './with-collected.ts';

/**
 * Adds to the evidence on an image what a policy wants. What was collected for the same before is not collected again:
 * no layer is read then. @throws SluiceError when a layer can't be read
 */
export async function collectFromImage(
  evidence: Evidence,
  opened: OpenedImage,
  wanted: Wanted,
  options: ScanOptions,
): Promise<Evidence> {
  const baseLayers = evidence.target.base?.layers ?? 0;
  const { accounts, packageFiles, certificates } = wanted;
  const queries = [...wanted.files].sort((a, b) => (a.id < b.id ? -1 : 1));
  const asked = JSON.stringify([queries, accounts, packageFiles, certificates, baseLayers]);
  const { caches } = options;
  const before = caches?.images.nameOf(opened.layers);
  let found = before === undefined ? undefined : caches?.evidence.findCollected(before, asked);
  if (!found) {
    found = await collectAnew(evidence, opened, { ...wanted, files: queries }, baseLayers, options);
    const name = caches?.images.nameOf(opened.layers);
    // What was read in part may have told of packages that are not there: see `keepKnown`.
    const partly = evidence.target.layers.some(({ read }) => read !== undefined);
    if (name !== undefined && (!partly || name === before)) caches?.evidence.keepCollected(name, asked, found);
  }
  return withBaseTag(withCollected(evidence, found), wanted, options);
}

/** Layers are read whole: what an index of a layer says of its files is nothing that a rule should go by. */
async function collectAnew(
  { packages }: Evidence,
  { layers, open }: OpenedImage,
  wanted: Wanted,
  baseLayers: number,
  options: ScanOptions,
): Promise<CollectedWith> {
  const { caches, jobs, pool, onProgress, surveyed } = options;
  const ecosystems = await ecosystemsOf(options);
  const surveys =
    surveyed?.surveys ?? (await surveyImage(layers, { ecosystems, open, cache: caches?.layers, jobs, pool }));
  const tree = squash(surveys, () => undefined);
  const blobOf = (layer: number): LayerBlob => {
    const blob = layers[layer];
    if (!blob) throw new SluiceError('layer/unreadable', `there is no layer ${layer}`);
    return blob;
  };
  const readBodies: Parameters<typeof collect>[0]['readBodies'] = async (bodies) => {
    for (const layer of [...bodies.keys()].sort((a, b) => a - b)) {
      const inLayer = bodies.get(layer);
      if (!inLayer || inLayer.size === 0) continue;
      onProgress?.(`reading layer ${layer + 1} of ${layers.length} for the policy`);
      await walkAgain(blobOf(layer), bodyPass(inLayer), open);
    }
  };
  return collect({ tree, surveys, packages, ecosystems, baseLayers, readBodies }, wanted);
}
