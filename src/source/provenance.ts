import { digestIn } from '../model/digest.ts';
import type { BaseImage } from '../model/image.ts';
import { asArray, asRecord, asString, parseJson } from '../util/json.ts';

/** Where BuildKit keeps what it did, in the provenance of either version of SLSA. */
const buildKit = 'https://mobyproject.org/buildkit@v1#metadata';

type Json = Record<string, unknown>;

/**
 * What BuildKit's provenance (an in-toto statement with SLSA provenance 0.2 or 1 as predicate) says of the base image:
 * the one image that the build took, and, where it kept all (`mode=max`), which layers came with it. `layers` are the
 * digests of the image's own, bottom first. Undefined when it does not tell, or can't be read: it is not signed, and
 * only says whose a layer is.
 */
export function baseFromProvenance(bytes: Buffer, layers: readonly string[]): BaseImage | undefined {
  const predicate = predicateOf(bytes);
  if (!predicate) return undefined;
  const definition = asRecord(predicate.buildDefinition);
  const materials = asArray(definition?.resolvedDependencies ?? predicate.materials) ?? [];
  const images = materials.flatMap((material) => imageOf(asRecord(material)));
  const count = layersOfBase(predicate, layers);
  if (count === undefined) return undefined;
  // Of several images only one is the last stage's base, and which one is not said.
  const only = images.length === 1 ? images[0] : undefined;
  return { ...only, layers: count, by: 'provenance' };
}

function predicateOf(bytes: Buffer): Json | undefined {
  try {
    return asRecord(asRecord(parseJson(bytes, 100))?.predicate);
  } catch {
    return undefined;
  }
}

/** A material that is an image: `pkg:docker/debian@12?platform=linux%2Famd64`. */
function imageOf(material: Json | undefined): Pick<BaseImage, 'name' | 'digest'>[] {
  const uri = asString(material?.uri);
  const digest = digestIn(`sha256:${asString(asRecord(material?.digest)?.sha256)}`);
  if (!uri?.startsWith('pkg:docker/')) return [];
  const name = uri.slice('pkg:docker/'.length).split('?', 1)[0]?.replace('@', ':');
  const decoded = name === undefined ? undefined : decodedText(name);
  // The frontend that reads the Dockerfile is a material of the build as well.
  if (decoded === undefined || decoded.startsWith('docker/dockerfile')) return [];
  return [{ name: decoded.slice(0, 1_000), ...(digest ? { digest } : {}) }];
}

function decodedText(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The layers of the first step whose result the image begins with: what a step builds on is its source's result. */
function layersOfBase(predicate: Json, layers: readonly string[]): number | undefined {
  const metadata = asRecord(predicate.metadata) ?? asRecord(asRecord(predicate.runDetails)?.metadata);
  const kept = asRecord(metadata?.[buildKit]) ?? asRecord(metadata?.buildkit_metadata);
  let least: number | undefined;
  for (const steps of Object.values(asRecord(kept?.layers) ?? {})) {
    for (const step of asArray(steps) ?? []) {
      const digests = (asArray(step) ?? []).map((item) => asString(asRecord(item)?.digest));
      const isPart =
        digests.length > 0 && digests.length < layers.length && digests.every((one, i) => one === layers[i]);
      if (isPart && (least === undefined || digests.length < least)) least = digests.length;
    }
  }
  return least;
}
