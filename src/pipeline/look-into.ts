import type { KnownImage } from '../catalog/image-cache.ts';
import { takeInventory } from '../catalog/inventory.ts';
import type { LayerLook } from '../catalog/looking/contract.ts';
import { SharedKeeps } from '../catalog/shared-keeps.ts';
import { surveyImage } from '../catalog/survey-image.ts';
import { rereadLayer } from '../catalog/survey-layer.ts';
import type { OpenedImage } from '../source/contract.ts';
import { SluiceError } from '../util/error.ts';
import { ecosystemsOf } from './gather.ts';
import type { ScanOptions } from './options.ts';

/**
 * Surveys the layers of an image and makes its inventory, which is kept. What is left to other machines is left when
 * the promise is fulfilled. `look`: what layers are looked into for beside packages.
 * @throws SluiceError when a layer can't be read
 */
export async function lookInto(opened: OpenedImage, options: ScanOptions, look?: LayerLook): Promise<KnownImage> {
  const ecosystems = await ecosystemsOf(options);
  const named = options.caches?.images.nameOf(opened.layers);
  const shared = options.shared && new SharedKeeps(options.shared);
  const layers = options.caches?.layers;
  const surveys = await surveyImage(opened.layers, {
    ecosystems,
    look,
    open: opened.open,
    readRange: opened.readRange,
    cache: layers,
    shared,
    jobs: options.jobs,
    pool: options.pool,
    trace: options.trace,
    onLayerState: options.onLayerState,
    onLayer: (done, all) => options.onProgress?.(`layer ${done} of ${all}`),
  });
  const inventory = await takeInventory(surveys, ecosystems, async (layer, readAs) => {
    const blob = opened.layers[layer];
    if (!blob) throw new SluiceError('layer/unreadable', `there is no layer ${layer}`);
    const way = surveys[layer]?.read === 'index' ? await import('../catalog/survey-index.ts') : undefined;
    const files = await way?.rereadFromIndex(blob, readAs, ecosystems, opened.readRange);
    return files ?? rereadLayer(blob, readAs, ecosystems, opened.open, layers);
  });
  if (options.surveyed) options.surveyed.all = surveys;
  if (options.surveyed && surveys.every(({ read }) => read !== 'index')) options.surveyed.surveys = surveys;
  const known = { inventory, read: surveys.map((survey) => survey.read ?? null) };
  keepKnown(known, named, opened, options);
  await shared?.settle();
  return known;
}

/**
 * Keeps an inventory under the name that the image has now. Where a layer was read in part that must be the name it had
 * before: else another process has proven the layer meanwhile, and what is kept would say so of bytes never read.
 */
function keepKnown(known: KnownImage, before: string | undefined, opened: OpenedImage, options: ScanOptions): void {
  const name = options.caches?.images.nameOf(opened.layers);
  const partly = known.read.some((read) => read !== null);
  if (name !== undefined && (!partly || name === before)) options.caches?.images.keep(name, known);
}
