import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sbomSyntax } from '../../../src/format/sbom/sniff.ts';
import { document, linesOf, read, refusal } from './support.ts';

const hex = 'a'.repeat(64);

describe('CycloneDX', () => {
  const bom = (more: object) => ({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, ...more });
  const part = (name: string, more: object = {}) => ({
    type: 'library',
    name,
    version: '1',
    purl: `pkg:npm/${name}@1`,
    ...more,
  });

  test('components within components, and beside the subject', () => {
    const found = read(
      bom({
        metadata: {
          component: {
            type: 'application',
            name: 'app',
            version: '1',
            purl: 'pkg:npm/app@1',
            components: [part('beside')],
          },
        },
        components: [part('a', { components: [part('b', { components: [part('c')] })] }), part('d')],
      }),
    );
    expect(found.packages.map(({ name }) => name)).toEqual(['beside', 'a', 'b', 'c', 'd']);
  });

  test('licences, hashes, supplier, scope and places of a component', () => {
    const { packages } = read(
      bom({
        components: [
          part('a', {
            licenses: [{ license: { id: 'MIT' } }, { license: { name: 'Own words' } }, { license: { id: 'MIT' } }],
            hashes: [
              { alg: 'SHA-256', content: hex.toUpperCase() },
              { alg: 'SHA-256', content: 'zz' },
              { alg: 'ROT13', content: hex },
            ],
            supplier: { name: 'Somebody' },
            scope: 'excluded',
            evidence: { occurrences: [{ location: 'b/c' }, { location: '/a' }, { location: 7 }] },
          }),
          part('b', { licenses: [{ expression: 'MIT OR ISC' }], scope: 'optional' }),
          part('c', { properties: [{ name: 'cdx:npm:package:development', value: 'true' }] }),
        ],
      }),
    );
    expect(packages.map(({ properties: _properties, ...found }) => found)).toEqual([
      {
        purl: 'pkg:npm/a@1',
        group: '',
        name: 'a',
        version: '1',
        type: 'library',
        license: 'MIT AND Own words',
        hashes: [`sha256:${hex}`],
        supplier: 'Somebody',
        presence: 'declared',
        dev: true,
        paths: ['/a', '/b/c'],
      },
      {
        purl: 'pkg:npm/b@1',
        group: '',
        name: 'b',
        version: '1',
        type: 'library',
        license: 'MIT OR ISC',
        hashes: [],
        paths: [],
      },
      { purl: 'pkg:npm/c@1', group: '', name: 'c', version: '1', type: 'library', hashes: [], dev: true, paths: [] },
    ]);
  });

  test.each([
    [[{ aggregate: 'incomplete', assemblies: ['x'] }], true],
    [[{ aggregate: 'incomplete' }], true],
    [[{ aggregate: 'complete' }, { aggregate: 'incomplete_third_party_only', dependencies: ['x'] }], true],
    [[{ aggregate: 'incomplete', vulnerabilities: ['x'] }], false],
    [[{ aggregate: 'complete', assemblies: ['x'] }], false],
    [[{ aggregate: 'unknown' }], false],
    ['incomplete', false],
    [undefined, false],
  ])('compositions %j', (compositions, incomplete) => {
    expect(read(bom({ compositions, components: [part('a')] })).incomplete).toBe(incomplete);
  });

  test('in XML says the same, whatever its prefix', () => {
    const found = read(`<?xml version="1.0" encoding="utf-8"?>
<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.2"><c:components>
<c:component type="library" bom-ref="1"><c:group>@x</c:group><c:name>a</c:name><c:version>1</c:version><c:scope>excluded</c:scope>
<c:hashes><c:hash alg="SHA-256">${hex}</c:hash></c:hashes>
<c:licenses><c:license><c:id>MIT</c:id></c:license></c:licenses><c:purl>pkg:npm/%40x/a@1</c:purl>
<c:components><c:component type="library"><c:name>b</c:name><c:version>2</c:version><c:purl>pkg:npm/b@2</c:purl></c:component></c:components>
</c:component></c:components><c:compositions><c:composition><c:aggregate>incomplete</c:aggregate></c:composition></c:compositions></c:bom>`);
    expect(linesOf(found)).toEqual(['npm @x/a 1 [MIT] [declared] [dev]', 'npm b 2']);
    expect([found.format, found.incomplete]).toEqual(['cyclonedx-xml', true]);
    expect(found.packages[0]?.hashes).toEqual([`sha256:${hex}`]);
  });

  test('an image that the document is of', () => {
    const image = (component: object) => read(bom({ metadata: { component }, components: [] })).subject;
    const sha = `sha256:${hex}`;
    expect(image({ type: 'container', name: 'x', version: sha })).toEqual({ digest: sha, layers: [] });
    expect(image({ type: 'container', name: 'x', version: '1.2' })).toEqual({ layers: [] });
    expect(image({ type: 'application', name: 'x', version: sha })).toEqual({ layers: [] });
    const properties = [{ name: 'aquasecurity:trivy:ImageID', value: sha }];
    expect(image({ type: 'container', name: 'x', properties })).toEqual({ id: sha, layers: [] });
  });
});

describe('SPDX 2', () => {
  const spdx = (more: object) => ({ spdxVersion: 'SPDX-2.2', SPDXID: 'SPDXRef-DOCUMENT', ...more });
  const ref = (purl: string) => [
    { referenceCategory: 'PACKAGE_MANAGER', referenceType: 'purl', referenceLocator: purl },
  ];

  test('what it describes is a package, unless it is the whole', () => {
    const described = (root: object) =>
      linesOf(
        read(
          spdx({
            documentDescribes: ['SPDXRef-root'],
            packages: [
              { SPDXID: 'SPDXRef-root', name: 'root', versionInfo: '1', ...root },
              { SPDXID: 'SPDXRef-a', name: 'a', versionInfo: '1', externalRefs: ref('pkg:npm/a@1') },
            ],
          }),
        ),
      );
    expect(described({})).toEqual(['npm a 1']);
    expect(described({ primaryPackagePurpose: 'CONTAINER', externalRefs: ref('pkg:oci/root@1') })).toEqual(['npm a 1']);
    expect(described({ externalRefs: ref('pkg:bitnami/root@1') })).toEqual(['bitnami root 1', 'npm a 1']);
    const application = { primaryPackagePurpose: 'APPLICATION', externalRefs: ref('pkg:npm/root@1') };
    expect(described(application)).toEqual(['npm a 1', 'npm root 1 [application]']);
  });

  test('licences that the document brings itself', () => {
    const found = read(
      spdx({
        hasExtractedLicensingInfos: [
          { licenseId: 'LicenseRef-1', name: 'Public Domain', extractedText: 'NOASSERTION' },
          { licenseId: 'LicenseRef-2', name: 'Some words', extractedText: 'Some  words\nand more' },
        ],
        packages: [
          { name: 'a', versionInfo: '1', externalRefs: ref('pkg:npm/a@1'), licenseDeclared: 'LicenseRef-1' },
          { name: 'b', versionInfo: '1', externalRefs: ref('pkg:npm/b@1'), licenseDeclared: 'LicenseRef-2' },
          {
            name: 'c',
            versionInfo: '1',
            externalRefs: ref('pkg:npm/c@1'),
            licenseDeclared: 'NOASSERTION',
            licenseConcluded: 'ISC',
          },
          { name: 'd', versionInfo: '1', externalRefs: ref('pkg:npm/d@1'), licenseDeclared: 'NONE' },
        ],
      }),
    );
    expect(found.packages.map(({ license }) => license)).toEqual([
      'Public Domain',
      'Some  words\nand more',
      'ISC',
      undefined,
    ]);
  });

  test('in tag-value, texts of several lines, files and remarks', () => {
    const found = read(`\ufeff# a remark
SPDXVersion: SPDX-2.3
DocumentName: x

PackageName: a
SPDXID: SPDXRef-a
PackageVersion: 1
PackageComment: <text>of
PackageVersion: 9
PackageName: nothing</text>
PackageLicenseDeclared: LicenseRef-own
PackageChecksum: SHA256: ${hex}
ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1
FileName: ./f
SPDXID: SPDXRef-f
PackageVersion: 8

PackageName: b
SPDXID: SPDXRef-b
PackageVersion: <text>2</text>
ExternalRef: PACKAGE_MANAGER purl pkg:npm/b@2

LicenseID: LicenseRef-own
ExtractedText: <text>Own
words</text>
LicenseName: Own

Annotator: Tool: trivy-1
AnnotationComment: <text>PkgType: x</text>
SPDXREF: SPDXRef-b
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a
`);
    expect(linesOf(found)).toEqual(['npm a 1 [Own\nwords]', 'npm b 2']);
    expect(found.packages[0]?.hashes).toEqual([`sha256:${hex}`]);
    expect([...(found.packages[1]?.properties ?? [])]).toEqual([['aquasecurity:trivy:PkgType', 'x']]);
  });

  test('inside of a statement, and of the export of a forge', () => {
    const inner = spdx({ packages: [{ name: 'a', versionInfo: '1', externalRefs: ref('pkg:npm/a@1') }] });
    expect(linesOf(read({ predicateType: 'https://spdx.dev/Document', predicate: inner }))).toEqual(['npm a 1']);
    expect(linesOf(read({ sbom: inner }))).toEqual(['npm a 1']);
  });
});

describe('SPDX 3', () => {
  const graph = (...elements: object[]) => ({
    '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
    '@graph': [
      { type: 'CreationInfo', '@id': '_:c', specVersion: '3.0.1' },
      { type: 'SpdxDocument', spdxId: 'urn:d', rootElement: ['urn:s'] },
      { type: 'software_Sbom', spdxId: 'urn:s', rootElement: ['urn:image'] },
      {
        type: 'software_Package',
        spdxId: 'urn:image',
        name: 'image',
        software_primaryPurpose: 'container',
        software_packageVersion: `sha256:${hex}`,
      },
      ...elements,
    ],
  });
  const pack = {
    type: 'software_Package',
    spdxId: 'urn:a',
    name: 'a',
    software_packageVersion: '1',
    software_packageUrl: 'pkg:npm/a@1',
  };

  test('packages, licences, hashes, the system, and what is not complete', () => {
    const found = read(
      graph(
        { ...pack, verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: hex }], suppliedBy: 'urn:org' },
        {
          type: 'software_Package',
          spdxId: 'urn:b',
          name: 'b',
          software_packageVersion: '2',
          externalIdentifier: [{ externalIdentifierType: 'packageUrl', identifier: 'pkg:npm/b@2' }],
        },
        {
          type: 'software_Package',
          spdxId: 'urn:os',
          name: 'debian',
          software_packageVersion: '12',
          software_primaryPurpose: 'operatingSystem',
        },
        { type: 'Organization', spdxId: 'urn:org', name: 'Somebody' },
        { type: 'simplelicensing_LicenseExpression', spdxId: 'urn:mit', simplelicensing_licenseExpression: 'MIT' },
        { type: 'simplelicensing_LicenseExpression', spdxId: 'urn:isc', simplelicensing_licenseExpression: 'ISC' },
        { type: 'Relationship', from: 'urn:a', relationshipType: 'hasConcludedLicense', to: ['urn:isc'] },
        { type: 'Relationship', from: 'urn:a', relationshipType: 'hasDeclaredLicense', to: ['urn:mit'] },
        {
          type: 'Relationship',
          from: 'urn:image',
          relationshipType: 'contains',
          to: ['urn:a'],
          completeness: 'incomplete',
        },
      ),
    );
    expect(linesOf(found)).toEqual(['npm a 1 [MIT]', 'npm b 2']);
    expect(found.packages[0]).toMatchObject({ hashes: [`sha256:${hex}`], supplier: 'Somebody' });
    expect(found.distribution).toEqual({ id: 'debian', version: '12', like: [], name: 'debian 12' });
    expect(found.subject).toEqual({ digest: `sha256:${hex}`, layers: [] });
    expect(found.incomplete).toBe(true);
  });

  test('one element alone', () => {
    expect(linesOf(read({ '@context': ['https://spdx.org/rdf/3.0.0/spdx-context.jsonld'], ...pack }))).toEqual([
      'npm a 1',
    ]);
  });
});

describe('what is no document', () => {
  test.each([
    ['', 'sbom/empty'],
    ['   ', 'sbom/unknown'],
    ['text', 'sbom/unknown'],
    ['[]', 'sbom/unknown'],
    ['{}', 'sbom/unknown'],
    ['{"bomFormat":"CycloneDX"', 'json/malformed'],
    ['{"bomFormat":"CycloneDX","specVersion":"2.0"}', 'sbom/version'],
    ['{"spdxVersion":"SPDX-1.2"}', 'sbom/unknown'],
    ['SPDXVersion: SPDX-1.2\n', 'sbom/version'],
    ['<a/>', 'sbom/unknown'],
    ['<bom xmlns="http://example.com"/>', 'sbom/unknown'],
    [`{"bomFormat":"CycloneDX","specVersion":"1.5","x":${'['.repeat(300)}`, 'json/too-deep'],
    [Buffer.from('\ufeff{}', 'utf16le'), 'sbom/encoding'],
  ])('%j is refused', (value, code) => {
    expect(refusal(value)).toBe(code);
  });

  test('components without end, in breadth and in depth', () => {
    const wide = {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      components: Array.from({ length: 100_001 }, () => ({ name: 'a' })),
    };
    expect(refusal(wide)).toBe('sbom/too-many-packages');
    expect(refusal({ spdxVersion: 'SPDX-2.3', packages: wide.components })).toBe('sbom/too-many-packages');
    expect(refusal(`SPDXVersion: SPDX-2.3\n${'PackageName: a\n'.repeat(100_001)}`)).toBe('sbom/too-many-packages');
    let deep: object = { name: 'bottom' };
    for (let i = 0; i < 80; i++) deep = { name: `${i}`, components: [deep] };
    const found = read({ bomFormat: 'CycloneDX', specVersion: '1.5', components: [deep] });
    expect(found.packages.length).toBe(81);
  });

  test('a tar whose first file is named like the beginning of one', () => {
    const header = Buffer.alloc(1024);
    header.write('{"bomFormat"');
    expect(sbomSyntax(header)).toBeUndefined();
    header.write('<bom');
    expect(sbomSyntax(header)).toBeUndefined();
    header.write('SPDXVersion: x');
    expect(sbomSyntax(header)).toBeUndefined();
  });
});

describe('documents that were damaged', () => {
  const names = [
    'syft-1.18.cdx.json',
    'syft-1.18.cdx.xml',
    'syft-1.18.spdx.json',
    'syft-1.18.spdx',
    'syft-1.18.syft.json',
    'trivy-0.59.cdx.json',
  ];
  const foreseen = /^read$|^(?:sbom|json|xml)\//;

  test('are read or refused, and never a bug', () => {
    const bytes = names.map(document);
    fc.assert(
      fc.property(
        fc.nat(names.length - 1),
        fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (which, changes) => {
          const damaged = Buffer.from(bytes[which] as Buffer);
          for (const [place, byte] of changes) damaged[Math.floor(place * damaged.length)] = byte;
          expect(refusal(damaged)).toMatch(foreseen);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('hold any value at any place', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const keys = [
      'components',
      'metadata',
      'compositions',
      'properties',
      'packages',
      'relationships',
      'annotations',
      'externalRefs',
      '@graph',
      'artifacts',
      'distro',
      'source',
      'documentDescribes',
    ];
    const kinds = [
      { bomFormat: 'CycloneDX', specVersion: '1.6' },
      { spdxVersion: 'SPDX-2.3' },
      { '@context': 'https://spdx.org/rdf/3.0.1/' },
      { artifacts: [], descriptor: { name: 'syft' } },
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.dictionary(
          fc.constantFrom(...keys),
          fc.oneof(
            value,
            fc.array(
              fc.dictionary(
                fc.constantFrom(
                  'name',
                  'version',
                  'purl',
                  'type',
                  'versionInfo',
                  'licenses',
                  'hashes',
                  'evidence',
                  'annotations',
                  'spdxId',
                  'metadata',
                  'properties',
                ),
                value,
              ),
              { maxLength: 4 },
            ),
          ),
        ),
        (kind, more) => {
          expect(refusal({ ...more, ...kind })).toMatch(foreseen);
        },
      ),
      { numRuns: 300 },
    );
  });
});
