import { asArray, asString } from '../../util/json.ts';
import { distributionOf } from './distribution.ts';
import type { SbomDocument, SbomFormat, SbomPackage, SbomProperty, SbomSubject } from './document.ts';
import { type Draft, hashOf, packageOf, recordsOf, textOf, textsOf } from './draft.ts';
import { packageLimit, tooManyPackages } from './limits.ts';
import { ownNotes } from './own-properties.ts';
import { annotationProperties } from './spdx-annotation.ts';
import { subjectOf } from './subject.ts';

/** Reads an SPDX 2 document (2.0 to 2.3) that was read from JSON, or from tag-value into the same shape. @throws SluiceError `sbom/too-many-packages` */
export function readSpdx2(document: Record<string, unknown>, format: SbomFormat): SbomDocument {
  const all = recordsOf(document.packages);
  if (all.length > packageLimit) throw tooManyPackages();
  const licenses = extractedLicenses(document.hasExtractedLicensingInfos);
  const described = describedIds(document);
  const packages: SbomPackage[] = [];
  let distribution: SbomDocument['distribution'];
  let subject: SbomSubject = { layers: [] };
  const notes = annotationsOf(document);
  for (const item of all) {
    const found = packageIn(item, licenses, described);
    const isSubject = described.has(asString(item.SPDXID) ?? '') && isWhole(found);
    if (isSubject) {
      subject = subjectOf({ ...found, properties: annotationsOf(item) });
    } else if (found.type === 'operating-system') {
      distribution ??= distributionOf({
        ...found,
        properties: annotationsOf(item),
        description: textOf(item.description) ?? textOf(item.summary),
      });
    } else packages.push(found);
  }
  const own = ownNotes(notes);
  return {
    format,
    subject,
    packages,
    ...(distribution ? { distribution } : {}),
    // SPDX 2 has no words for it.
    incomplete: false,
    ...(own.judged ? { judged: own.judged } : {}),
    problems: own.problems,
  };
}

/** What a document describes is a package like others unless it is the image, the folder or the archive as a whole. */
function isWhole({ type, purl }: SbomPackage): boolean {
  return type === 'container' || type === 'file' || (purl === undefined && type !== 'operating-system');
}

/** SPDX identifiers of what the document is about. */
function describedIds(document: Record<string, unknown>): ReadonlySet<string> {
  const ids = new Set(textsOf(document.documentDescribes));
  for (const { spdxElementId, relationshipType, relatedSpdxElement } of recordsOf(document.relationships)) {
    if (spdxElementId === 'SPDXRef-DOCUMENT' && relationshipType === 'DESCRIBES')
      ids.add(asString(relatedSpdxElement) ?? '');
    if (relatedSpdxElement === 'SPDXRef-DOCUMENT' && relationshipType === 'DESCRIBED_BY')
      ids.add(asString(spdxElementId) ?? '');
  }
  ids.delete('');
  return ids;
}

function packageIn(
  item: Record<string, unknown>,
  licenses: ReadonlyMap<string, string>,
  described: ReadonlySet<string>,
): SbomPackage {
  const purpose = (asString(item.primaryPackagePurpose) ?? '').toLowerCase().replaceAll('_', '-');
  const purls = purlsOf(item);
  const root = described.has(asString(item.SPDXID) ?? '');
  const draft: Draft = {
    purl: purls[0],
    name: textOf(item.name) ?? '',
    version: stated(item.versionInfo),
    type: purpose === '' ? 'library' : purpose,
    license: licenseOf(item, licenses),
    hashes: recordsOf(item.checksums)
      .map(({ algorithm, checksumValue }) => hashOf(algorithm, checksumValue))
      .filter((hash) => hash !== undefined),
    supplier: actorName(item.supplier) ?? actorName(item.originator),
    // The program that a document is about is no part of itself.
    presence: root && purpose === 'application' ? 'application' : undefined,
    properties: propertiesOf(item),
  };
  return packageOf(draft);
}

/** Purls in the references to package managers; `PACKAGE_MANAGER` is how SPDX 2.2 wrote the category. */
function purlsOf(item: Record<string, unknown>): string[] {
  const found: string[] = [];
  for (const { referenceType, referenceLocator } of recordsOf(item.externalRefs)) {
    const purl = asString(referenceLocator);
    if (purl !== undefined && asString(referenceType)?.endsWith('purl')) found.push(purl);
  }
  return found;
}

function propertiesOf(item: Record<string, unknown>): SbomProperty[] {
  const properties = annotationsOf(item);
  const sourceInfo = textOf(item.sourceInfo);
  if (sourceInfo !== undefined) properties.push(['spdx:sourceInfo', sourceInfo]);
  return properties;
}

function annotationsOf(item: Record<string, unknown>): SbomProperty[] {
  const properties: SbomProperty[] = [];
  for (const { comment, annotator } of recordsOf(item.annotations)) {
    properties.push(...annotationProperties(asString(comment) ?? '', asString(annotator) ?? ''));
  }
  return properties;
}

/** What is declared counts before what a tool concluded. */
function licenseOf(item: Record<string, unknown>, licenses: ReadonlyMap<string, string>): string | undefined {
  const text = stated(item.licenseDeclared) ?? stated(item.licenseConcluded);
  return text === undefined ? undefined : (licenses.get(text) ?? text);
}

/** Licences that the document brings itself, by their reference: by name, or by the text that the name was cut from. */
function extractedLicenses(value: unknown): ReadonlyMap<string, string> {
  const licenses = new Map<string, string>();
  for (const { licenseId, name, extractedText } of recordsOf(value)) {
    const id = asString(licenseId);
    const title = stated(name);
    const text = stated(extractedText);
    const isCut = title !== undefined && text?.replace(/\s+/g, ' ').startsWith(title);
    const license = isCut ? text : (title ?? text);
    if (id !== undefined && license !== undefined) licenses.set(id, license);
  }
  return licenses;
}

/** SPDX writes `NOASSERTION` and `NONE` where nothing is known. */
function stated(value: unknown): string | undefined {
  const text = textOf(value);
  return text === 'NOASSERTION' || text === 'NONE' ? undefined : text;
}

/** `Organization: AlmaLinux` is AlmaLinux. */
function actorName(value: unknown): string | undefined {
  const text = stated(value);
  const colon = text?.indexOf(': ') ?? -1;
  return text === undefined || colon < 0 ? text : text.slice(colon + 2);
}

/** Whether a value can be an SPDX 2 document. */
export function isSpdx2(value: Record<string, unknown>): boolean {
  return (
    asString(value.spdxVersion)?.startsWith('SPDX-2.') === true &&
    (asArray(value.packages) !== undefined || value.SPDXID !== undefined)
  );
}
