import { digestIn } from '../../model/digest.ts';
import { asRecord, asString } from '../../util/json.ts';
import { distributionOf } from './distribution.ts';
import type { SbomDocument, SbomPackage, SbomProperty, SbomSubject } from './document.ts';
import { packageOf, recordsOf, textOf, textsOf } from './draft.ts';
import { packageLimit, tooManyPackages } from './limits.ts';

/** Fields of a package's metadata that tell of its source or build, which Syft's CycloneDX has as `syft:metadata:*`. */
const metadataFields = [
  'architecture',
  'epoch',
  'modularityLabel',
  'originPackage',
  'source',
  'sourceRpm',
  'sourceVersion',
];

/** Whether a value can be a document in Syft's own format. */
export function isSyft(value: Record<string, unknown>): boolean {
  return (
    Array.isArray(value.artifacts) &&
    (asString(asRecord(value.schema)?.url)?.includes('syft') === true || asRecord(value.descriptor)?.name === 'syft')
  );
}

/** Reads a document in Syft's own format (schema 5 and later). @throws SluiceError `sbom/too-many-packages` */
export function readSyft(document: Record<string, unknown>): SbomDocument {
  const artifacts = recordsOf(document.artifacts);
  if (artifacts.length > packageLimit) throw tooManyPackages();
  const distribution = distributionIn(asRecord(document.distro) ?? {});
  return {
    format: 'syft-json',
    subject: subjectOf(asRecord(document.source) ?? {}),
    packages: artifacts.map(packageIn),
    ...(distribution ? { distribution } : {}),
    incomplete: false,
    problems: [],
  };
}

function packageIn(artifact: Record<string, unknown>): SbomPackage {
  const metadata = asRecord(artifact.metadata) ?? {};
  const locations = recordsOf(artifact.locations);
  const evidence = locations.filter(({ annotations }) => asRecord(annotations)?.evidence !== 'supporting');
  return packageOf({
    purl: textOf(artifact.purl),
    name: textOf(artifact.name) ?? '',
    version: textOf(artifact.version),
    type: 'library',
    license: licenseOf(artifact.licenses),
    supplier: textOf(metadata.vendor),
    properties: propertiesOf(metadata),
    paths: evidence.map(({ path }) => textOf(path)).filter((path) => path !== undefined),
  });
}

function propertiesOf(metadata: Record<string, unknown>): SbomProperty[] {
  const properties: SbomProperty[] = [];
  for (const name of metadataFields) {
    const value = metadata[name];
    const text = typeof value === 'number' ? String(value) : textOf(value);
    if (text !== undefined) properties.push([`syft:metadata:${name}`, text]);
  }
  return properties;
}

/** Licences are texts in older schemas, and records with an expression in newer ones. */
function licenseOf(value: unknown): string | undefined {
  const found = new Set(textsOf(value));
  for (const { value: text, spdxExpression } of recordsOf(value)) {
    const license = textOf(spdxExpression) ?? textOf(text);
    if (license !== undefined) found.add(license);
  }
  return found.size === 0 ? undefined : [...found].join(' AND ');
}

function distributionIn(distro: Record<string, unknown>): SbomDocument['distribution'] {
  const id = textOf(distro.id);
  if (id === undefined) return undefined;
  const like = textsOf(distro.idLike).map((name, i): SbomProperty => [`syft:distro:idLike:${i}`, name]);
  const codename = textOf(distro.versionCodename);
  return distributionOf({
    name: id,
    version: textOf(distro.versionID) ?? '',
    properties: codename === undefined ? like : [...like, ['syft:distro:versionCodename', codename]],
    description: textOf(distro.prettyName),
  });
}

/** The field of the target was once called `target`. */
function subjectOf(source: Record<string, unknown>): SbomSubject {
  const image = asRecord(source.metadata) ?? asRecord(source.target) ?? {};
  if (source.type !== 'image') return { layers: [] };
  const digest = digestIn(image.manifestDigest);
  const id = digestIn(image.imageID);
  const [os, architecture] = [textOf(image.os), textOf(image.architecture)];
  const platform = os && architecture ? `${os}/${architecture}` : undefined;
  return { ...(digest ? { digest } : {}), ...(id ? { id } : {}), ...(platform ? { platform } : {}), layers: [] };
}
