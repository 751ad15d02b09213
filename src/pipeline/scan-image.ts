import type { KnownImage } from '../catalog/image-cache.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import { platformText } from '../model/image.ts';
import type { OpenedImage } from '../source/contract.ts';
import { tuneForShortRun } from '../util/short-run.ts';
import { gather } from './gather.ts';
import type { ScanOptions } from './options.ts';

/** Gathers the evidence on an opened image. @throws SluiceError when a layer can't be read */
export async function scanImage(opened: OpenedImage, options: ScanOptions): Promise<Evidence> {
  tuneForShortRun();
  const known = knownImage(opened, options) ?? (await surveyed(opened, options));
  const { inventory } = known;
  const problems = [...opened.problems, ...inventory.problems];
  return gather({ target: describe(opened, known), inventory: { ...inventory, problems } }, ['installed'], options);
}

/** What reads layers is loaded only for an image that is not known: new data alone needs none of it. */
async function surveyed(opened: OpenedImage, options: ScanOptions): Promise<KnownImage> {
  const { lookInto } = await import('./look-into.ts');
  return lookInto(opened, options);
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
