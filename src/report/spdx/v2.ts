import type { Property } from '../sbom/property.ts';
import type { SpdxContent, SpdxElement, SpdxRelation } from './content.ts';

/** What a document says of its own making. */
export interface SpdxMaking {
  /** `urn:uuid:…` */
  readonly namespace: string;
  /** RFC 3339, UTC, without fractions. */
  readonly created: string;
  /** sluice's own version. */
  readonly version: string;
}

/** One remark on an element (SPDX 2.3 §12). */
interface Annotation {
  readonly annotationDate: string;
  readonly annotationType: 'OTHER';
  readonly annotator: string;
  readonly comment: string;
}

/** A package of SPDX 2.3 (§7). */
export interface SpdxPackage {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo?: string;
  readonly supplier?: string;
  readonly downloadLocation: 'NOASSERTION';
  readonly filesAnalyzed: false;
  readonly checksums?: readonly { readonly algorithm: string; readonly checksumValue: string }[];
  readonly sourceInfo?: string;
  readonly licenseConcluded: 'NOASSERTION';
  readonly licenseDeclared: string;
  readonly copyrightText: 'NOASSERTION';
  readonly description?: string;
  readonly externalRefs?: readonly {
    readonly referenceCategory: 'PACKAGE-MANAGER';
    readonly referenceType: 'purl';
    readonly referenceLocator: string;
  }[];
  readonly primaryPackagePurpose: string;
  readonly annotations?: readonly Annotation[];
}

/** A document of SPDX 2.3 as its JSON form has it. */
export interface SpdxDocument {
  readonly spdxVersion: 'SPDX-2.3';
  readonly dataLicense: 'CC0-1.0';
  readonly SPDXID: 'SPDXRef-DOCUMENT';
  readonly name: string;
  readonly documentNamespace: string;
  readonly creationInfo: { readonly created: string; readonly creators: readonly string[] };
  readonly annotations?: readonly Annotation[];
  readonly hasExtractedLicensingInfos?: readonly {
    readonly licenseId: string;
    readonly extractedText: string;
    readonly name: string;
  }[];
  readonly packages: readonly SpdxPackage[];
  readonly relationships: readonly {
    readonly spdxElementId: string;
    readonly relationshipType: string;
    readonly relatedSpdxElement: string;
  }[];
}

/** Makes the document of SPDX 2.3. */
export function documentV2(content: SpdxContent, making: SpdxMaking): SpdxDocument {
  const { subject, elements, licences, relations } = content;
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: content.name,
    documentNamespace: making.namespace,
    creationInfo: { created: making.created, creators: [annotatorOf(making)] },
    ...annotationsOf(content.facts, making),
    ...(licences.length === 0
      ? {}
      : {
          hasExtractedLicensingInfos: licences.map(({ id, text, name }) => {
            return { licenseId: id, extractedText: text, name };
          }),
        }),
    packages: [subject, ...elements].map((element) => packageOf(element, making)),
    relationships: [
      {
        spdxElementId: 'SPDXRef-DOCUMENT',
        relationshipType: 'DESCRIBES',
        relatedSpdxElement: ref(subject.id),
      },
      ...relations.flatMap(relationshipsOf),
    ],
  };
}

function annotatorOf({ version }: SpdxMaking): string {
  return `Tool: sluice-${version}`;
}

function ref(id: string): string {
  return `SPDXRef-${id}`;
}

function packageOf(element: SpdxElement, making: SpdxMaking): SpdxPackage {
  const { id, name, version, supplier, digests, sourceInfo, license, description, purl, purpose, facts } = element;
  return {
    SPDXID: ref(id),
    name,
    ...(version === undefined ? {} : { versionInfo: version }),
    ...(supplier === undefined ? {} : { supplier: `Organization: ${supplier}` }),
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    ...(digests.length === 0
      ? {}
      : {
          checksums: digests.map(({ algorithm, hex }) => {
            return { algorithm: algorithm.toUpperCase(), checksumValue: hex };
          }),
        }),
    ...(sourceInfo === undefined ? {} : { sourceInfo }),
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: license ?? 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    ...(description === undefined ? {} : { description }),
    ...(purl === undefined
      ? {}
      : {
          externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
        }),
    primaryPackagePurpose: purpose.toUpperCase().replace('-', '_'),
    ...annotationsOf(facts, making),
  };
}

function annotationsOf(facts: readonly Property[], making: SpdxMaking): { readonly annotations?: Annotation[] } {
  if (facts.length === 0) return {};
  const comment = facts.map(({ name, value }) => `${name}=${oneLine(value)}`).join('\n');
  return {
    annotations: [{ annotationDate: making.created, annotationType: 'OTHER', annotator: annotatorOf(making), comment }],
  };
}

/** A value on one line, so that no value can pass for a property of its own. */
function oneLine(value: string): string {
  return value.replace(/[\\\n\r]/g, (c) => (c === '\n' ? '\\n' : c === '\r' ? '\\r' : '\\\\'));
}

function relationshipsOf({ from, kind, to }: SpdxRelation): SpdxDocument['relationships'] {
  const type = { contains: 'CONTAINS', needs: 'DEPENDS_ON' } as const;
  return to.map((other) => {
    if (kind === 'contains' || kind === 'needs') {
      return { spdxElementId: ref(from), relationshipType: type[kind], relatedSpdxElement: ref(other) };
    }
    const relationshipType = kind === 'declares' ? 'DEPENDENCY_OF' : 'DEV_DEPENDENCY_OF';
    return { spdxElementId: ref(other), relationshipType, relatedSpdxElement: ref(from) };
  });
}
