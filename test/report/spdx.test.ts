import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { report } from '../../src/report/spdx.ts';
import { context, evidence, hostile, pack, shop, shopVerdict, trapImage, trapVerdict } from './samples.ts';
import { spdxCheck } from './schemas.ts';

const pass: Verdict = { decision: 'pass', reasons: [] };
const check2 = spdxCheck('2.3');
const check3 = spdxCheck('3.0.1');

interface Package2 {
  readonly SPDXID: string;
  readonly name: string;
  readonly licenseDeclared?: string;
  readonly annotations?: readonly { readonly comment: string }[];
  readonly [key: string]: unknown;
}

interface Document2 {
  readonly documentNamespace: string;
  readonly creationInfo: object;
  readonly annotations?: readonly { readonly comment: string }[];
  readonly packages: readonly Package2[];
  readonly hasExtractedLicensingInfos?: readonly { readonly licenseId: string; readonly extractedText: string }[];
  readonly relationships: readonly {
    readonly spdxElementId: string;
    readonly relationshipType: string;
    readonly relatedSpdxElement: string;
  }[];
}

interface Element3 {
  readonly type: string;
  readonly spdxId?: string;
  readonly [key: string]: unknown;
}

/** SPDX 2.3, which must be good and hold together. */
function v2(given: Evidence, verdict = pass): Document2 {
  const document = JSON.parse(report.render(given, verdict, context)) as Document2;
  expect(check2(document)).toEqual([]);
  const ids = ['SPDXRef-DOCUMENT', ...document.packages.map(({ SPDXID }) => SPDXID)];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^SPDXRef-[A-Za-z0-9.-]+$/.test(id))).toEqual([]);
  const named = document.relationships.flatMap((each) => [each.spdxElementId, each.relatedSpdxElement]);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  const known = (document.hasExtractedLicensingInfos ?? []).map(({ licenseId }) => licenseId);
  const own = document.packages.flatMap(
    ({ licenseDeclared = '' }) => licenseDeclared.match(/LicenseRef-[\w.-]+/g) ?? [],
  );
  expect(new Set(own)).toEqual(new Set(known));
  return document;
}

/** SPDX 3.0.1, likewise. */
function v3(given: Evidence, verdict = pass): Element3[] {
  const document = JSON.parse(report.render(given, verdict, { ...context, variant: '3.0.1' })) as {
    '@graph': Element3[];
  };
  expect(check3(document)).toEqual([]);
  const elements = document['@graph'];
  const ids = elements.flatMap(({ spdxId }) => (spdxId === undefined ? [] : [spdxId]));
  expect(ids.length).toBe(elements.length - 1);
  expect(new Set(ids).size).toBe(ids.length);
  const namespace = `${ids[0]?.split('#')[0]}#`;
  const named = [...JSON.stringify(document).matchAll(/"(urn:uuid:[^"\\]*)"/g)].map((match) => match[1] as string);
  expect(named.filter((id) => !ids.includes(id) || !id.startsWith(namespace))).toEqual([]);
  const inSbom = elements.find(({ type }) => type === 'software_Sbom')?.element as string[];
  const around = elements.filter(({ type }) =>
    ['SpdxDocument', 'software_Sbom', 'SoftwareAgent', 'Tool'].includes(type),
  );
  expect(ids.length).toBe(inSbom.length + around.length + 1);
  return elements;
}

/** What the properties of an element say, as the reader of a document takes them. */
function facts({ annotations = [] }: Pick<Package2, 'annotations'>): string[] {
  return annotations.flatMap(({ comment }) => comment.split('\n'));
}

function named(document: Document2, name: string): Package2 {
  const found = document.packages.filter((each) => each.name === name);
  expect(found).toHaveLength(1);
  return found[0] as Package2;
}

describe('a check that takes anything would be none', () => {
  test('2.3', () => {
    const document = JSON.parse(report.render(shop, shopVerdict, context)) as { packages: Record<string, unknown>[] };
    (document.packages[0] as Record<string, unknown>).primaryPackagePurpose = 'THING';
    expect(check2(document)).toHaveLength(1);
  });

  test('3.0.1', () => {
    const text = report.render(shop, shopVerdict, { ...context, variant: '3.0.1' });
    expect(check3(JSON.parse(text.replace('"operatingSystem"', '"thing"'))).length).toBeGreaterThan(0);
  });
});

describe('SPDX 2.3', () => {
  test('names packages, each with what is known of it', () => {
    const document = v2(shop, shopVerdict);
    expect(
      document.packages.map(({ name, versionInfo, primaryPackagePurpose }) => [
        name,
        versionInfo,
        primaryPackagePurpose,
      ]),
    ).toEqual([
      ['container image', `sha256:${'a'.repeat(64)}`, 'CONTAINER'],
      ['alpine', '3.18.9', 'OPERATING_SYSTEM'],
      ['layer 0', `sha256:${'1'.repeat(64)}`, 'ARCHIVE'],
      ['layer 1', `sha256:${'3'.repeat(64)}`, 'ARCHIVE'],
      ['musl', '1.2.3-r3', 'LIBRARY'],
      ['musl-utils', '1.2.3-r3', 'LIBRARY'],
      ['@scope/tool', '1.0.0', 'LIBRARY'],
      ['lodash', '4.17.4', 'LIBRARY'],
      ['minimatch', '3.0.4', 'LIBRARY'],
    ]);
    const utils = named(document, 'musl-utils');
    expect(utils).toEqual({
      SPDXID: expect.stringMatching(/^SPDXRef-Package-apk-musl-utils-[0-9a-f]{16}$/),
      name: 'musl-utils',
      versionInfo: '1.2.3-r3',
      downloadLocation: 'NOASSERTION',
      filesAnalyzed: false,
      sourceInfo: 'built package from: musl 1.2.3-r3',
      licenseConcluded: 'NOASSERTION',
      licenseDeclared: expect.stringMatching(/^LicenseRef-MIT-BSD-GPL2--[0-9a-f]{12}$/),
      copyrightText: 'NOASSERTION',
      externalRefs: [
        {
          referenceCategory: 'PACKAGE-MANAGER',
          referenceType: 'purl',
          referenceLocator: 'pkg:apk/alpine/musl-utils@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
        },
      ],
      primaryPackagePurpose: 'LIBRARY',
      annotations: [
        {
          annotationDate: '1970-01-01T00:00:00Z',
          annotationType: 'OTHER',
          annotator: 'Tool: sluice-1.2.3',
          comment: [
            'sluice:ecosystem=apk',
            'sluice:presence=installed',
            'sluice:layer=0',
            `sluice:layer:diffID=sha256:${'1'.repeat(64)}`,
            'sluice:arch=x86_64',
            'sluice:origin:name=musl',
            'sluice:origin:version=1.2.3-r3',
            'sluice:path=/lib/apk/db/installed',
          ].join('\n'),
        },
      ],
    });
    expect(document.hasExtractedLicensingInfos).toEqual([
      { licenseId: utils.licenseDeclared, extractedText: 'MIT BSD GPL2+', name: 'MIT BSD GPL2+' },
    ]);
    expect(named(document, 'lodash').licenseDeclared).toBe('MIT');
    expect(named(document, '@scope/tool').licenseDeclared).toBe('MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)');
    expect(named(document, 'minimatch').licenseDeclared).toBe('NOASSERTION');
    expect(facts(named(document, 'layer 1'))).toEqual([
      'sluice:layer=1',
      `sluice:layer:diffID=sha256:${'3'.repeat(64)}`,
      'sluice:layer:createdBy=RUN |1 TOKEN=s3cret /bin/sh -c npm ci # buildkit',
    ]);
  });

  test('says what contains what, and what needs what', () => {
    const a = pack({ name: 'a', version: '1', needs: ['b'] });
    const b = pack({ name: 'b', version: '1', layer: 0 });
    const tool = pack({ name: 'tool', version: '1', presence: 'application', paths: ['/bin/tool'] });
    const lock = { presence: 'declared', paths: ['/app/package-lock.json'] } as const;
    const later = pack({ name: 'later', version: '1', ...lock, needs: ['tests'] });
    const tests = pack({ name: 'tests', version: '1', ...lock, dev: true });
    const document = v2(evidence({ packages: [a, b, tool, later, tests] }));
    const short = (id: string) => id.replace(/^SPDXRef-(?:Package-npm-)?/, '').replace(/-[0-9a-f]{16}$/, '');
    expect(
      document.relationships.map(
        ({ spdxElementId, relationshipType, relatedSpdxElement }) =>
          `${short(spdxElementId)} ${relationshipType} ${short(relatedSpdxElement)}`,
      ),
    ).toEqual([
      'DOCUMENT DESCRIBES Image',
      'Image CONTAINS OperatingSystem',
      'Image CONTAINS Layer-0',
      'Image CONTAINS Layer-1',
      'Layer-0 CONTAINS b',
      'Layer-1 CONTAINS a',
      'Layer-1 CONTAINS tool',
      'later DEPENDENCY_OF Image',
      'tests DEV_DEPENDENCY_OF Image',
      'a DEPENDS_ON b',
      'later DEPENDS_ON tests',
    ]);
    expect(named(document, 'tool').primaryPackagePurpose).toBe('APPLICATION');
  });

  test('says digests, makers, and licences that only the package knows', () => {
    const found = pack({
      name: 'a',
      version: '1',
      vendor: ' Makers\nof things ',
      hashes: [`sha256:${'c'.repeat(64)}`],
      license: 'MIT AND LicenseRef-house',
    });
    const document = v2(evidence({ packages: [found] }));
    expect(named(document, 'a')).toMatchObject({
      supplier: 'Organization: Makers of things',
      checksums: [{ algorithm: 'SHA256', checksumValue: 'c'.repeat(64) }],
      licenseDeclared: 'MIT AND LicenseRef-house',
    });
    expect(facts(named(document, 'a')).at(-1)).toBe('sluice:vendor= Makers\\nof things ');
    expect(document.hasExtractedLicensingInfos).toEqual([
      {
        licenseId: 'LicenseRef-house',
        extractedText: 'The package names this licence; its text is not known.',
        name: 'LicenseRef-house',
      },
    ]);
  });

  test('says what was judged and what could not be read', () => {
    expect(facts(v2(shop, shopVerdict))).toEqual([
      'sluice:judged=installed',
      'sluice:problem:blinding={"code":"rpm/row-damaged","message":"a row is damaged","path":"/var/lib/rpm/rpmdb.sqlite","layer":0}',
      'sluice:problem={"code":"npm/unreadable","message":"not JSON","path":"/app/x/package.json","layer":1}',
    ]);
  });

  test('a value with line ends is one line still, and no other property', () => {
    const found = pack({ name: 'a', version: '1', arch: 'x\r\nsluice:presence=application\\n' });
    expect(facts(named(v2(evidence({ packages: [found] })), 'a'))).toContain(
      'sluice:arch=x\\r\\nsluice:presence=application\\\\n',
    );
  });

  test('a source tree and a root filesystem hold packages themselves', () => {
    for (const kind of ['source', 'rootfs'] as const) {
      const document = v2(evidence({ target: { kind, layers: [] }, packages: [pack({ name: 'a', version: '' })] }));
      expect(document.packages.map(({ name, primaryPackagePurpose }) => [name, primaryPackagePurpose])).toEqual([
        kind === 'source' ? ['source tree', 'SOURCE'] : ['root filesystem', 'CONTAINER'],
        ['a', 'LIBRARY'],
      ]);
      expect(document.relationships.map(({ relationshipType }) => relationshipType)).toEqual(['DESCRIBES', 'CONTAINS']);
    }
  });

  test('two packages of one purl have two ids, and an image without packages is a document', () => {
    const a = pack({ name: 'a', version: '1' });
    expect(v2(evidence({ packages: [a, { ...a, origin: { name: 'o', version: '1' } }, a] })).packages).toHaveLength(7);
    expect(v2(evidence({})).packages).toHaveLength(4);
  });
});

describe('SPDX 3.0.1', () => {
  test('says the same', () => {
    const musl = { vendor: 'Makers', needs: ['musl-utils'], hashes: [`sha1:${'d'.repeat(40)}`] };
    const [first, ...others] = shop.packages;
    const elements = v3({ ...shop, packages: [{ ...(first as Evidence['packages'][0]), ...musl }, ...others] });
    const packages = elements.filter(({ type }) => type === 'software_Package');
    expect(packages.map(({ name, software_primaryPurpose: purpose }) => [name, purpose])).toEqual([
      ['container image', 'container'],
      ['alpine', 'operatingSystem'],
      ['layer 0', 'archive'],
      ['layer 1', 'archive'],
      ['musl', 'library'],
      ['musl-utils', 'library'],
      ['@scope/tool', 'library'],
      ['lodash', 'library'],
      ['minimatch', 'library'],
    ]);
    expect(packages[4]).toEqual({
      type: 'software_Package',
      spdxId: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}#Package-apk-musl-[0-9a-f]{16}$/),
      creationInfo: '_:creation',
      name: 'musl',
      externalIdentifier: [
        {
          type: 'ExternalIdentifier',
          externalIdentifierType: 'packageUrl',
          identifier: 'pkg:apk/alpine/musl@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
        },
      ],
      verifiedUsing: [{ type: 'Hash', algorithm: 'sha1', hashValue: 'd'.repeat(40) }],
      extension: [
        {
          type: 'extension_CdxPropertiesExtension',
          extension_cdxProperty: [
            ['sluice:ecosystem', 'apk'],
            ['sluice:presence', 'installed'],
            ['sluice:layer', '0'],
            ['sluice:layer:diffID', `sha256:${'1'.repeat(64)}`],
            ['sluice:arch', 'x86_64'],
            ['sluice:path', '/lib/apk/db/installed'],
          ].map(([name, value]) => {
            return { type: 'extension_CdxPropertyEntry', extension_cdxPropName: name, extension_cdxPropValue: value };
          }),
        },
      ],
      suppliedBy: expect.stringMatching(/#Organization-Makers$/),
      software_primaryPurpose: 'library',
      software_packageVersion: '1.2.3-r3',
      software_packageUrl: 'pkg:apk/alpine/musl@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
    });
    const short = (id: unknown) =>
      String(id)
        .replace(/^.*#(?:Package-(?:npm|apk)-)?/, '')
        .replace(/-[0-9a-f]{16}$/, '');
    const relations = elements.filter(({ type }) => type.endsWith('Relationship'));
    expect(
      relations.map(({ from, relationshipType, to, scope }) => {
        return [short(from), relationshipType, scope, ...(to as string[]).map(short)];
      }),
    ).toEqual([
      ['Image', 'contains', undefined, 'OperatingSystem', 'Layer-0', 'Layer-1'],
      ['Layer-0', 'contains', undefined, 'musl', 'musl-utils'],
      ['Layer-1', 'contains', undefined, '-scope-tool', 'lodash'],
      ['Image', 'dependsOn', 'runtime', 'minimatch'],
      ['musl', 'dependsOn', 'runtime', 'musl-utils'],
      ['musl', 'hasDeclaredLicense', undefined, 'License-0'],
      ['musl-utils', 'hasDeclaredLicense', undefined, 'License-0'],
      ['-scope-tool', 'hasDeclaredLicense', undefined, 'License-2'],
      ['lodash', 'hasDeclaredLicense', undefined, 'License-1'],
    ]);
    const licences = elements.filter(({ type }) => type.startsWith('simplelicensing_'));
    expect(licences.map((each) => each.simplelicensing_licenseExpression ?? each.simplelicensing_licenseText)).toEqual([
      'CC0-1.0',
      'MIT BSD GPL2+',
      expect.stringMatching(/^LicenseRef-MIT-BSD-GPL2--[0-9a-f]{12}$/),
      'MIT',
      'MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)',
    ]);
    expect(licences[2]?.simplelicensing_customIdToUri).toEqual([
      {
        type: 'DictionaryEntry',
        key: licences[2]?.simplelicensing_licenseExpression,
        value: licences[1]?.spdxId,
      },
    ]);
  });

  test('of nothing is a document', () => {
    expect(v3(evidence({ target: { kind: 'rootfs', layers: [] } })).map(({ type }) => type)).toEqual([
      'CreationInfo',
      'SoftwareAgent',
      'Tool',
      'SpdxDocument',
      'simplelicensing_LicenseExpression',
      'software_Sbom',
      'software_Package',
    ]);
  });
});

describe('the tag-value form', () => {
  const render = (given: Evidence) => report.render(given, pass, { ...context, variant: '2.3-tag-value' });

  test('says what the JSON form says', () => {
    const text = render(shop);
    const document = v2(shop);
    expect(text.match(/^PackageName: .*$/gm)).toEqual(document.packages.map(({ name }) => `PackageName: ${name}`));
    expect(text.match(/^SPDXID: .*$/gm)).toEqual(
      ['SPDXRef-DOCUMENT', ...document.packages.map(({ SPDXID }) => SPDXID)].map((id) => `SPDXID: ${id}`),
    );
    expect(text.match(/^Relationship: .*$/gm)).toEqual(
      document.relationships.map(
        ({ spdxElementId, relationshipType, relatedSpdxElement }) =>
          `Relationship: ${spdxElementId} ${relationshipType} ${relatedSpdxElement}`,
      ),
    );
    expect(text).toContain('PrimaryPackagePurpose: OPERATING-SYSTEM\n');
    expect(text).toContain('PackageSourceInfo: <text>built package from: musl 1.2.3-r3</text>\n');
    expect(text).toContain('AnnotationComment: <text>sluice:ecosystem=apk\nsluice:presence=installed\n');
    expect(text).toMatch(
      /^LicenseID: LicenseRef-MIT-BSD-GPL2--[0-9a-f]{12}\nExtractedText: <text>MIT BSD GPL2\+<\/text>$/m,
    );
  });

  test('has no line that hostile text made', () => {
    const trap = pack({
      name: 'a\nSPDXID: SPDXRef-evil',
      version: '<text>1',
      license: 'x</text>\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-evil',
      vendor: 'v\u2028SPDXID: SPDXRef-evil',
    });
    const text = render(evidence({ packages: [trap] }));
    expect(text).toContain('\nPackageName: a SPDXID: SPDXRef-evil\n');
    expect(text).toContain('\nPackageVersion: < text>1\n');
    // Within the text of the licence, which goes on.
    expect(text).toContain('x< /text>\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-evil</text>');
    expect(text.match(/^SPDXID: SPDXRef-evil/m)).toBeNull();
    expect(render(trapImage)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(render(trapImage).isWellFormed()).toBe(true);
  });
});

describe('every version', () => {
  test('keeps hostile text text', () => {
    v2(trapImage, trapVerdict);
    v3(trapImage, trapVerdict);
    for (const variant of ['2.3', '3.0.1']) {
      const text = report.render(trapImage, trapVerdict, { ...context, variant });
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(text.isWellFormed()).toBe(true);
    }
    const odd = { license: hostile, vendor: hostile, hashes: [hostile], needs: [hostile], ownedBy: hostile };
    const nameless = pack({ name: '', version: '', purl: 'pkg:npm/x', ...odd });
    v2(evidence({ packages: [nameless] }));
    v3(evidence({ packages: [nameless] }));
  });

  test('is named by what it says', () => {
    const versions = ['2.3', '3.0.1', '2.3-tag-value'];
    const namespaces = (given: Evidence, more = {}) =>
      versions.map(
        (variant) => /urn:uuid:[0-9a-f-]{36}/.exec(report.render(given, pass, { ...context, ...more, variant }))?.[0],
      );
    expect(namespaces(structuredClone(shop))).toEqual(namespaces(shop));
    const other = { ...shop, problems: [] };
    const all = [
      namespaces(shop),
      namespaces(other),
      namespaces(shop, { sourceDateEpoch: '1' }),
      namespaces(shop, { version: '9' }),
    ].flat();
    expect(new Set(all).size).toBe(12);
  });

  test('has the time that the user gives, or the beginning of time', () => {
    for (const variant of ['2.3', '3.0.1', '2.3-tag-value']) {
      const render = (more: object) => report.render(shop, pass, { ...context, variant, ...more });
      expect(render({})).toContain('1970-01-01T00:00:00Z');
      expect(render({ sourceDateEpoch: '1735689600' })).toContain('2025-01-01T00:00:00Z');
      expect(() => render({ sourceDateEpoch: 'now' })).toThrow(
        expect.objectContaining({ code: 'usage/source-date-epoch' }),
      );
    }
  });

  test('the id of a package is the same in documents of two images', () => {
    const a = pack({ name: 'a', version: '1' });
    const ids = [[a], [pack({ name: 'z', version: '1' }), a]].map(
      (packages) => named(v2(evidence({ packages })), 'a').SPDXID,
    );
    expect(ids[0]).toBe(ids[1]);
  });
});
