import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { Package } from '../../model/package.ts';
import { dependenciesOf } from '../sbom/dependencies.ts';
import {
  distributionFacts,
  documentFacts,
  isImage,
  layerFacts,
  packageFacts,
  placeFacts,
  subjectNames,
  targetFacts,
} from '../sbom/facts.ts';
import { digestsOf, type PackageDigest } from '../sbom/hashes.ts';
import { optional, type Property } from '../sbom/property.ts';
import { ElementIds } from './ids.ts';
import { Licences, type OwnLicence } from './licences.ts';
import { supplierName } from './supplier.ts';

/** What every version of SPDX calls a package: the image, its distribution, a layer, or a package in it. */
export interface SpdxElement {
  /** Letters, digits, points and hyphens; the same for the same package in every document. */
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  readonly purpose: 'container' | 'source' | 'operating-system' | 'archive' | 'application' | 'library';
  readonly description?: string;
  readonly purl?: string;
  readonly digests: readonly PackageDigest[];
  readonly supplier?: string;
  readonly sourceInfo?: string;
  /** An SPDX licence expression. */
  readonly license?: string;
  readonly facts: readonly Property[];
}

/** `declares`: a file in the one names the others, which are not there themselves. */
export interface SpdxRelation {
  readonly from: string;
  readonly kind: 'contains' | 'needs' | 'declares' | 'declares for development';
  readonly to: readonly string[];
}

/** Everything that a document says, whatever its version. Its keys have one order: documents are named by its text. */
export interface SpdxContent {
  readonly name: string;
  readonly subject: SpdxElement;
  readonly elements: readonly SpdxElement[];
  readonly relations: readonly SpdxRelation[];
  /** Licences that SPDX does not know, with their texts. */
  readonly licences: readonly OwnLicence[];
  readonly facts: readonly Property[];
}

/** Gathers what a document says. */
export function contentOf(evidence: Evidence): SpdxContent {
  const { target, packages } = evidence;
  const ids = new ElementIds();
  const licences = new Licences();
  const elements = packages.map((found) => packageElement(found, ids.of(found), licences, target));
  const needs = dependenciesOf(packages);
  const idOf = (place: number): string => elements[place]?.id ?? '';
  const around = surroundings(target);
  const content = target.digest ?? target.id;
  return {
    name: content === undefined ? subjectNames[target.kind] : `${subjectNames[target.kind]} ${content}`,
    subject: subjectElement(target),
    elements: [...around, ...elements],
    relations: [
      ...(around.length === 0 ? [] : [{ from: subjectId, kind: 'contains' as const, to: around.map(({ id }) => id) }]),
      ...placements(evidence, idOf),
      ...needs.of.flatMap((needed, place) =>
        needed.length === 0 ? [] : [{ from: idOf(place), kind: 'needs' as const, to: needed.map(idOf) }],
      ),
    ],
    licences: licences.own(),
    facts: [...documentFacts(evidence), ...optional('dependencies', needs.complete ? undefined : 'incomplete')],
  };
}

/** The id of what was looked into. */
const subjectId = 'Image';

function layerId(number: number): string {
  return `Layer-${number}`;
}

/** Named by content: the registry or file that it came from is not part of what it is. */
function subjectElement(target: EvidenceTarget): SpdxElement {
  const content = target.digest ?? target.id;
  return {
    id: subjectId,
    name: subjectNames[target.kind],
    ...(content === undefined ? {} : { version: content }),
    purpose:
      isImage(target) || target.kind === 'rootfs' ? 'container' : target.kind === 'source' ? 'source' : 'application',
    digests: content === undefined ? [] : digestsOf([content]),
    facts: targetFacts(target),
  };
}

/** The distribution, and the layers, bottom first. */
function surroundings(target: EvidenceTarget): SpdxElement[] {
  const { distribution, layers } = target;
  const system: SpdxElement[] = distribution
    ? [
        {
          id: 'OperatingSystem',
          name: distribution.id || 'unknown',
          ...(distribution.version === '' ? {} : { version: distribution.version }),
          purpose: 'operating-system',
          ...(distribution.name === '' ? {} : { description: distribution.name }),
          digests: [],
          facts: distributionFacts(distribution),
        },
      ]
    : [];
  const archives = layers.map((layer, number): SpdxElement => {
    return {
      id: layerId(number),
      name: `layer ${number}`,
      version: layer.diffId,
      purpose: 'archive',
      digests: digestsOf([layer.digest]),
      facts: layerFacts(number, target),
    };
  });
  return [...system, ...archives];
}

function packageElement(found: Package, id: string, licences: Licences, target: EvidenceTarget): SpdxElement {
  const { name, version, purl, presence, origin, vendor } = found;
  const supplier = supplierName(vendor);
  const license = licences.expression(found.license);
  return {
    id,
    name: name === '' ? 'unknown' : name,
    ...(version === '' ? {} : { version }),
    purpose: presence === 'application' ? 'application' : 'library',
    purl,
    digests: digestsOf(found.hashes),
    ...(supplier === undefined ? {} : { supplier }),
    ...(origin === undefined ? {} : { sourceInfo: `built package from: ${origin.name} ${origin.version}` }),
    ...(license === undefined ? {} : { license }),
    // Who brought the layer stands with the layer's own element.
    facts: [
      ...packageFacts(found, placeFacts(found.layer, target)),
      ...optional('vendor', vendor === supplier || vendor?.trim() === '' ? undefined : vendor),
    ],
  };
}

/** Where each package is: in its layer, or only named by a file of the image. */
function placements({ packages, target }: Evidence, idOf: (place: number) => string): SpdxRelation[] {
  const contained = new Map<string, string[]>();
  const declared: string[] = [];
  const development: string[] = [];
  packages.forEach(({ presence, dev, layer }, place) => {
    if (presence === 'declared') {
      (dev ? development : declared).push(idOf(place));
      return;
    }
    const holder = target.layers[layer] === undefined ? subjectId : layerId(layer);
    const held = contained.get(holder);
    if (held) held.push(idOf(place));
    else contained.set(holder, [idOf(place)]);
  });
  const holders = [subjectId, ...target.layers.map((_layer, number) => layerId(number))];
  return [
    ...holders.map((from) => ({ from, kind: 'contains' as const, to: contained.get(from) ?? [] })),
    { from: subjectId, kind: 'declares' as const, to: declared },
    { from: subjectId, kind: 'declares for development' as const, to: development },
  ].filter(({ to }) => to.length > 0);
}
