import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { Distribution, Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { partlyReadText } from '../text-partly-read.ts';
import { optional, type Property, property } from './property.ts';

/*
 * What every bill of materials says in properties, so that a scan of the document comes to what a scan of the image came
 * to. The names are written down in docs/formats.md: who reads them there goes by it.
 */

/** What was judged, and what could not be read. */
export function documentFacts({ target, judged, problems }: Evidence): Property[] {
  return [
    ...optional('partly-read', partlyReadText(target)),
    ...[...judged].sort().map((presence) => property('judged', presence)),
    ...problems.map(problemFact),
  ];
}

function problemFact({ code, message, path, layer, blinding }: Problem): Property {
  return property(blinding ? 'problem:blinding' : 'problem', JSON.stringify({ code, message, path, layer }));
}

/** The image by its content, the one that it was built on, and its layers, bottom first. */
export function targetFacts({ kind, digest, id, platform, contentSets, base, layers }: EvidenceTarget): Property[] {
  return [
    property('kind', kind),
    ...optional('image:digest', digest),
    ...optional('image:id', id),
    ...optional('image:platform', platform),
    ...(contentSets ?? []).map((name) => property('content-set', name)),
    ...optional('base:name', base?.name),
    ...optional('base:digest', base?.digest),
    ...optional('base:layers', base && String(base.layers)),
    ...optional('base:by', base?.by),
    ...layers.flatMap((layer, number) => [
      property(`layer:${number}:diffID`, layer.diffId),
      property(`layer:${number}:digest`, layer.digest),
      property(`layer:${number}:size`, String(layer.size)),
      ...optional(`layer:${number}:createdBy`, layer.createdBy === '' ? undefined : layer.createdBy),
      ...optional(`layer:${number}:read`, layer.read),
    ]),
  ];
}

/** The layer that brought a package. */
export function placeFacts(number: number, { layers }: EvidenceTarget): Property[] {
  return [property('layer', String(number)), ...optional('layer:diffID', layers[number]?.diffId)];
}

/** A layer, and the line of the history that made it. */
export function layerFacts(number: number, target: EvidenceTarget): Property[] {
  const createdBy = target.layers[number]?.createdBy;
  return [...placeFacts(number, target), ...optional('layer:createdBy', createdBy === '' ? undefined : createdBy)];
}

/** What os-release says, word by word. */
export function distributionFacts({ id, version, like, name, codename }: Distribution): Property[] {
  return [
    property('distribution:id', id),
    property('distribution:version', version),
    ...like.map((other) => property('distribution:like', other)),
    property('distribution:name', name),
    ...optional('distribution:codename', codename),
  ];
}

/** What no format has a field for; the layer comes from {@link placeFacts} or {@link layerFacts}. */
export function packageFacts(found: Package, layer: readonly Property[]): Property[] {
  const { ecosystem, presence, origin, arch, module, ownedBy, dev, paths } = found;
  return [
    property('ecosystem', ecosystem),
    property('presence', presence),
    ...layer,
    ...optional('arch', arch),
    ...optional('module', module),
    ...optional('origin:name', origin?.name),
    ...optional('origin:version', origin?.version),
    ...optional('ownedBy', ownedBy),
    ...optional('dev', dev ? 'true' : undefined),
    ...paths.map((path) => property('path', path)),
  ];
}

/** Whether it is an image, also where only a bill of materials tells of it. */
export function isImage({ kind, digest, id, layers }: EvidenceTarget): boolean {
  return kind === 'image' || (kind === 'sbom' && (digest !== undefined || id !== undefined || layers.length > 0));
}

/** How people call what was looked into. It is named by its content: where it came from is not part of what it is. */
export const subjectNames: Readonly<Record<EvidenceTarget['kind'], string>> = {
  image: 'container image',
  rootfs: 'root filesystem',
  source: 'source tree',
  sbom: 'bill of materials',
  dockerfile: 'Dockerfile',
};
