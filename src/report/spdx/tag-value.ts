import type { SpdxDocument, SpdxPackage } from './v2.ts';

/** A document of SPDX 2.3 in the tag-value form: the same that the JSON form says. */
export function tagValueText(document: SpdxDocument): string {
  const { creationInfo, hasExtractedLicensingInfos = [], packages, relationships } = document;
  const lines = [
    line('SPDXVersion', document.spdxVersion),
    line('DataLicense', document.dataLicense),
    line('SPDXID', document.SPDXID),
    line('DocumentName', document.name),
    line('DocumentNamespace', document.documentNamespace),
    ...creationInfo.creators.map((creator) => line('Creator', creator)),
    line('Created', creationInfo.created),
    ...annotationLines(document.SPDXID, document),
    ...packages.flatMap((found) => ['', ...packageLines(found)]),
    ...hasExtractedLicensingInfos.flatMap(({ licenseId, extractedText, name }) => [
      '',
      line('LicenseID', licenseId),
      text('ExtractedText', extractedText),
      line('LicenseName', name),
    ]),
    '',
    ...relationships.map(({ spdxElementId, relationshipType, relatedSpdxElement }) =>
      line('Relationship', `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function packageLines(found: SpdxPackage): string[] {
  const { versionInfo, supplier, checksums = [], sourceInfo, description, externalRefs = [] } = found;
  return [
    line('PackageName', found.name),
    line('SPDXID', found.SPDXID),
    ...(versionInfo === undefined ? [] : [line('PackageVersion', versionInfo)]),
    ...(supplier === undefined ? [] : [line('PackageSupplier', supplier)]),
    line('PackageDownloadLocation', found.downloadLocation),
    line('FilesAnalyzed', 'false'),
    ...checksums.map(({ algorithm, checksumValue }) => line('PackageChecksum', `${algorithm}: ${checksumValue}`)),
    ...(sourceInfo === undefined ? [] : [text('PackageSourceInfo', sourceInfo)]),
    line('PackageLicenseConcluded', found.licenseConcluded),
    line('PackageLicenseDeclared', found.licenseDeclared),
    line('PackageCopyrightText', found.copyrightText),
    ...(description === undefined ? [] : [text('PackageDescription', description)]),
    ...externalRefs.map(({ referenceCategory, referenceType, referenceLocator }) =>
      line('ExternalRef', `${referenceCategory} ${referenceType} ${referenceLocator}`),
    ),
    line('PrimaryPackagePurpose', found.primaryPackagePurpose.replace('_', '-')),
    ...annotationLines(found.SPDXID, found),
  ];
}

function annotationLines(id: string, { annotations = [] }: Pick<SpdxPackage, 'annotations'>): string[] {
  return annotations.flatMap(({ annotator, annotationDate, annotationType, comment }) => [
    line('Annotator', annotator),
    line('AnnotationDate', annotationDate),
    line('AnnotationType', annotationType),
    line('SPDXREF', id),
    text('AnnotationComment', comment),
  ]);
}

/** A value of one line. What would end the line, or control a terminal, becomes a space. */
function line(tag: string, value: string): string {
  const harmless = value.toWellFormed().replace(unsafe, ' ').trim();
  return `${tag}: ${harmless.startsWith('<text>') ? harmless.replace('<', '< ') : harmless}`;
}

/** A value of several lines. Nothing in it can end it early: the form knows no escape for its own end. */
function text(tag: string, value: string): string {
  const lines = value.toWellFormed().split('\n');
  const harmless = lines.map((each) => each.replace(unsafe, ' ')).join('\n');
  return `${tag}: <text>${harmless.replaceAll('</text>', '< /text>')}</text>`;
}

const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
