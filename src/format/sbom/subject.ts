import { digestIn } from '../../model/digest.ts';
import type { EvidenceLayer } from '../../model/evidence.ts';
import type { BaseImage } from '../../model/image.ts';
import type { SbomProperty, SbomSubject } from './document.ts';

/** What a document says of the image, folder or archive that it lists the parts of. */
export interface StatedSubject {
  /** `container` when it is an image. */
  readonly type: string;
  readonly version: unknown;
  readonly hashes?: readonly string[];
  readonly properties: readonly SbomProperty[];
}

const sizeText = /^\d{1,15}$/;
/** Most layers of an image that are taken over; runtimes take 127. */
const layerLimit = 1000;

/** An image's digests, where sluice, Trivy or Syft put them, and its layers as sluice does. */
export function subjectOf({ type, version, hashes, properties }: StatedSubject): SbomSubject {
  const values = new Map(properties);
  const isOwn = values.has('sluice:kind');
  const stated = isOwn
    ? digestIn(values.get('sluice:image:digest'))
    : type === 'container'
      ? (digestIn(version) ?? digestIn(hashes?.[0]))
      : undefined;
  const id = digestIn(values.get('sluice:image:id')) ?? digestIn(values.get('aquasecurity:trivy:ImageID'));
  const platform = values.get('sluice:image:platform');
  const contentSets = properties.filter(([name]) => name === 'sluice:content-set').map(([, value]) => value);
  return {
    ...(stated ? { digest: stated } : {}),
    ...(id ? { id } : {}),
    ...(platform ? { platform } : {}),
    ...(contentSets.length > 0 ? { contentSets } : {}),
    ...baseOf(values),
    layers: layersOf(values),
  };
}

/** The base image, as sluice noted it. */
function baseOf(values: ReadonlyMap<string, string>): { base?: BaseImage } {
  const layers = values.get('sluice:base:layers') ?? '';
  const by = values.get('sluice:base:by');
  if (!sizeText.test(layers) || (by !== 'flag' && by !== 'provenance' && by !== 'history')) return {};
  const name = values.get('sluice:base:name');
  const digest = digestIn(values.get('sluice:base:digest'));
  return { base: { ...(name ? { name } : {}), ...(digest ? { digest } : {}), layers: Number(layers), by } };
}

function layersOf(values: ReadonlyMap<string, string>): EvidenceLayer[] {
  const layers: EvidenceLayer[] = [];
  while (layers.length < layerLimit) {
    const field = (name: string): string | undefined => values.get(`sluice:layer:${layers.length}:${name}`);
    const diffId = digestIn(field('diffID'));
    const digest = digestIn(field('digest'));
    const size = field('size') ?? '';
    if (!diffId || !digest || !sizeText.test(size)) break;
    const read = field('read');
    layers.push({
      diffId,
      digest,
      size: Number(size),
      createdBy: field('createdBy') ?? '',
      ...(read === 'claimed' || read === 'index' ? { read } : {}),
    });
  }
  return layers;
}
