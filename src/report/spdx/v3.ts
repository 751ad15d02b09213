import type { Property } from '../sbom/property.ts';
import type { SpdxContent, SpdxElement, SpdxRelation } from './content.ts';
import type { SpdxMaking } from './v2.ts';

/** The name of the one blank node of a document: how all its elements came to be. */
const creationInfo = '_:creation';

/** Makes the graph of SPDX 3.0.1 in JSON-LD: profiles core, software, simple licensing and extension. */
export function documentV3(content: SpdxContent, making: SpdxMaking): object {
  const iri = (id: string): string => `${making.namespace}#${id}`;
  const licences = licenceElements(content, iri);
  const suppliers = supplierElements(content, iri);
  const packages = [content.subject, ...content.elements].map((element) => packageOf(element, iri));
  const relations = [
    ...content.relations.map((relation) => relationshipOf(relation, iri)),
    ...declaredLicences(content, iri),
  ];
  const inSbom = [...packages, ...relations, ...licences, ...suppliers];
  return {
    '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
    '@graph': [
      ...makers(making, iri),
      {
        type: 'SpdxDocument',
        spdxId: iri('Document'),
        creationInfo,
        name: content.name,
        ...extensionOf(content.facts),
        profileConformance: ['core', 'software', 'simpleLicensing', 'extension'],
        dataLicense: iri('DataLicense'),
        element: [iri('Agent'), iri('Tool'), iri('DataLicense'), iri('Sbom')],
        rootElement: [iri('Sbom')],
      },
      element('simplelicensing_LicenseExpression', iri('DataLicense'), {
        simplelicensing_licenseExpression: 'CC0-1.0',
      }),
      element('software_Sbom', iri('Sbom'), {
        software_sbomType: ['analyzed'],
        element: inSbom.map(({ spdxId }) => spdxId),
        rootElement: [iri(content.subject.id)],
      }),
      ...inSbom,
    ],
  };
}

/** An element of the graph (SPDX 3.0.1, Core, `Element`). */
interface GraphElement {
  readonly spdxId: string;
}

function element(type: string, spdxId: string, fields: object): GraphElement {
  return { type, spdxId, creationInfo, ...fields } as GraphElement;
}

function makers({ created, version }: SpdxMaking, iri: (id: string) => string): object[] {
  return [
    {
      type: 'CreationInfo',
      '@id': creationInfo,
      specVersion: '3.0.1',
      created,
      createdBy: [iri('Agent')],
      createdUsing: [iri('Tool')],
    },
    element('SoftwareAgent', iri('Agent'), { name: 'sluice' }),
    element('Tool', iri('Tool'), { name: `sluice-${version}` }),
  ];
}

const purposes: Readonly<Record<SpdxElement['purpose'], string>> = {
  container: 'container',
  source: 'source',
  'operating-system': 'operatingSystem',
  archive: 'archive',
  application: 'application',
  library: 'library',
};

function packageOf(found: SpdxElement, iri: (id: string) => string): GraphElement {
  const { id, name, version, purpose, description, purl, digests, supplier, sourceInfo, facts } = found;
  return element('software_Package', iri(id), {
    name,
    ...(description === undefined ? {} : { description }),
    ...(purl === undefined
      ? {}
      : {
          externalIdentifier: [{ type: 'ExternalIdentifier', externalIdentifierType: 'packageUrl', identifier: purl }],
        }),
    ...(digests.length === 0
      ? {}
      : { verifiedUsing: digests.map(({ algorithm, hex }) => ({ type: 'Hash', algorithm, hashValue: hex })) }),
    ...extensionOf(facts),
    ...(supplier === undefined ? {} : { suppliedBy: iri(supplierId(supplier)) }),
    software_primaryPurpose: purposes[purpose],
    ...(version === undefined ? {} : { software_packageVersion: version }),
    ...(purl === undefined ? {} : { software_packageUrl: purl }),
    ...(sourceInfo === undefined ? {} : { software_sourceInfo: sourceInfo }),
  });
}

/** Properties as SPDX takes them over from CycloneDX (SPDX 3.0.1, Extension, `CdxPropertiesExtension`). */
function extensionOf(facts: readonly Property[]): object {
  if (facts.length === 0) return {};
  const entries = facts.map(({ name, value }) => ({
    type: 'extension_CdxPropertyEntry',
    extension_cdxPropName: name,
    extension_cdxPropValue: value,
  }));
  return { extension: [{ type: 'extension_CdxPropertiesExtension', extension_cdxProperty: entries }] };
}

function relationshipOf({ from, kind, to }: SpdxRelation, iri: (id: string) => string): GraphElement {
  const ends = { from: iri(from), to: to.map(iri) };
  if (kind === 'contains') {
    return element('Relationship', iri(`${from}-contains`), { ...ends, relationshipType: 'contains' });
  }
  const name = { needs: 'needs', declares: 'declares', 'declares for development': 'declares-development' }[kind];
  return element('LifecycleScopedRelationship', iri(`${from}-${name}`), {
    ...ends,
    relationshipType: 'dependsOn',
    scope: kind === 'declares for development' ? 'development' : 'runtime',
  });
}

/** Each expression once, however many packages state it, and the texts of the licences that SPDX does not know. */
function licenceElements({ elements, licences }: SpdxContent, iri: (id: string) => string): GraphElement[] {
  const own = new Map(licences.map(({ id }) => [id, iri(id)]));
  const texts = licences.map(({ id, text, name }) =>
    element('simplelicensing_SimpleLicensingText', iri(id), { name, simplelicensing_licenseText: text }),
  );
  const expressions = expressionsOf(elements).map((expression, number) => {
    const used = expression.split(/[\s()]+/).filter((token) => own.has(token));
    return element('simplelicensing_LicenseExpression', iri(expressionId(number)), {
      simplelicensing_licenseExpression: expression,
      ...(used.length === 0
        ? {}
        : {
            simplelicensing_customIdToUri: [...new Set(used)].map((key) => {
              return { type: 'DictionaryEntry', key, value: own.get(key) };
            }),
          }),
    });
  });
  return [...texts, ...expressions];
}

function expressionsOf(elements: readonly SpdxElement[]): string[] {
  return [...new Set(elements.flatMap(({ license }) => (license === undefined ? [] : [license])))].sort();
}

function expressionId(number: number): string {
  return `License-${number}`;
}

/** What packages state, by what they state; SPDX 3 has a relation of its own for each package. */
function declaredLicences({ elements }: SpdxContent, iri: (id: string) => string): GraphElement[] {
  const numbers = new Map(expressionsOf(elements).map((expression, number) => [expression, number]));
  return elements.flatMap(({ id, license }) => {
    const number = license === undefined ? undefined : numbers.get(license);
    if (number === undefined) return [];
    return [
      element('Relationship', iri(`${id}-license`), {
        from: iri(id),
        relationshipType: 'hasDeclaredLicense',
        to: [iri(expressionId(number))],
      }),
    ];
  });
}

function supplierElements({ elements }: SpdxContent, iri: (id: string) => string): GraphElement[] {
  const names = new Set(elements.flatMap(({ supplier }) => (supplier === undefined ? [] : [supplier])));
  return [...names].sort().map((name) => element('Organization', iri(supplierId(name)), { name }));
}

/** Any name is good for an IRI when it is percent-encoded. */
function supplierId(name: string): string {
  return `Organization-${encodeURIComponent(name.toWellFormed())}`;
}
