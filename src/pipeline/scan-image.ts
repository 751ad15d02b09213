import type { KnownImage } from '../catalog/image-cache.ts';
import { takeInventory } from '../catalog/inventory.ts';
import { surveyImage } from '../catalog/survey-image.ts';
import { rereadLayer } from '../catalog/survey-layer.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import { platformText } from '../model/image.ts';
import type { OpenedImage } from '../source/contract.ts';
import { SluiceError } from '../util/error.ts';
import { ecosystemsOf, gather } from './gather.ts';
import type { ScanOptions } from './options.ts';

/** Gathers the evidence on an opened image. @throws SluiceError when a layer can't be read */
export async function scanImage(opened: OpenedImage, options: ScanOptions): Promise<Evidence> {
  const known = knownImage(opened, options) ?? (await surveyed(opened, options));
  const { inventory } = known;
  const problems = [...opened.problems, ...inventory.problems];
  return gather({ target: describe(opened, known), inventory: { ...inventory, problems } }, ['installed'], options);
}

function describe({ image }: OpenedImage, { inventory, read }: KnownImage): EvidenceTarget {
  return {
    kind: 'image',
    ...(image.digest ? { digest: image.digest } : {}),
    id: image.id,
    platform: platformText(image.platform),
    ...(inventory.distribution ? { distribution: inventory.distribution } : {}),
    layers: image.layers.map((layer, i) => {
      const partly = read[i];
      return partly ? { ...layer, read: partly } : layer;
    }),
  };
}

function knownImage(opened: OpenedImage, { caches }: ScanOptions): KnownImage | undefined {
  const name = caches?.images.nameOf(opened.layers);
  return name === undefined ? undefined : caches?.images.find(name);
}

async function surveyed(opened: OpenedImage, options: ScanOptions): Promise<KnownImage> {
  const ecosystems = await ecosystemsOf(options);
  const layers = options.caches?.layers;
  const surveys = await surveyImage(opened.layers, {
    ecosystems,
    open: opened.open,
    cache: layers,
    jobs: options.jobs,
    onLayer: (done, all) => options.onProgress?.(`layer ${done} of ${all}`),
  });
  const inventory = await takeInventory(surveys, ecosystems, (layer, readAs) => {
    const blob = opened.layers[layer];
    if (!blob) throw new SluiceError('layer/unreadable', `there is no layer ${layer}`);
    return rereadLayer(blob, readAs, ecosystems, opened.open, layers);
  });
  const known = { inventory, read: surveys.map((survey) => survey.read ?? null) };
  const name = options.caches?.images.nameOf(opened.layers);
  if (name !== undefined) options.caches?.images.keep(name, known);
  return known;
}
