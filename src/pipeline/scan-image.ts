import type { KnownImage } from '../catalog/image-cache.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import { type BaseImage, platformText } from '../model/image.ts';
import type { OpenedImage } from '../source/contract.ts';
import { imageFactsOf } from '../source/image-facts.ts';
import { SluiceError } from '../util/error.ts';
import { tuneForShortRun } from '../util/short-run.ts';
import { inStep } from '../util/telemetry/step.ts';
import { gather } from './gather.ts';
import type { ScanOptions } from './options.ts';

/** Gathers the evidence on an opened image, `given` the base that the user named. @throws SluiceError when a layer can't be read */
export async function scanImage(opened: OpenedImage, options: ScanOptions, given?: BaseImage): Promise<Evidence> {
  if (!options.resident) tuneForShortRun();
  const known =
    knownImage(opened, options) ??
    (await inStep(options.trace, 'layers', (trace) => surveyed(opened, { ...options, trace })));
  const { inventory } = known;
  const base = given ?? (await attestedBase(opened, options)) ?? opened.image.base;
  const image = imageFactsOf(opened, base);
  const problems = [...opened.problems, ...inventory.problems, ...image.problems];
  const target = describe(opened, known, base);
  const gathered = await gather({ target, inventory: { ...inventory, problems } }, ['installed'], options);
  const evidence = { ...gathered, image: image.facts };
  if (!options.look) return evidence;
  const { look } = options;
  const { lookAtImage } = await import('./placed/look-image.ts');
  return inStep(options.trace, 'look', () => lookAtImage(evidence, opened, look, options));
}

/** What the build attests of the base. It is no part of the image: without it the history tells less, and that is all. */
async function attestedBase(
  { provenance, image }: OpenedImage,
  { access }: ScanOptions,
): Promise<BaseImage | undefined> {
  if (!provenance) return undefined;
  const { baseFromProvenance } = await import('../source/provenance.ts');
  const layers = image.layers.map(({ digest }) => digest);
  try {
    const bytes = await provenance.read();
    const base = bytes && baseFromProvenance(bytes, layers);
    return base && { ...image.base, ...base };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    access.onWarning?.(thrown.message);
    return undefined;
  }
}

/** What reads layers is loaded only for an image that is not known: new data alone needs none of it. */
async function surveyed(opened: OpenedImage, options: ScanOptions): Promise<KnownImage> {
  const { lookInto } = await import('./look-into.ts');
  const look = options.look && (await (await import('./placed/layer-look.ts')).layerLookOf(options.look));
  return lookInto(opened, options, look);
}

function describe(
  { image }: OpenedImage,
  { inventory, read }: KnownImage,
  base: BaseImage | undefined,
): EvidenceTarget {
  return {
    kind: 'image',
    ...(image.digest ? { digest: image.digest } : {}),
    id: image.id,
    platform: platformText(image.platform),
    ...(inventory.distribution ? { distribution: inventory.distribution } : {}),
    ...(base ? { base } : {}),
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
