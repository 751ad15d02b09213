import { asArray, asRecord, asString } from '../../util/json.ts';
import { distributionOf } from './distribution.ts';
import type { SbomDocument, SbomFormat, SbomPackage, SbomProperty } from './document.ts';
import { hashOf, packageOf, recordsOf, textOf } from './draft.ts';
import { packageLimit, tooManyPackages } from './limits.ts';
import { ownNotes } from './own-properties.ts';
import { subjectOf } from './subject.ts';

/** Reads a CycloneDX document (ECMA-424) that was read from JSON, or from XML into the same shape. @throws SluiceError `sbom/too-many-packages` */
export function readCycloneDx(bom: Record<string, unknown>, format: SbomFormat): SbomDocument {
  const metadata = asRecord(bom.metadata) ?? {};
  const subject = asRecord(metadata.component) ?? {};
  const all = [...componentsIn(subject.components), ...componentsIn(bom.components)];
  const packages = all.map(componentOf);
  const at = packages.findIndex(({ type }) => type === 'operating-system');
  const system = packages[at];
  const distribution =
    system &&
    distributionOf({
      name: system.name,
      version: system.version,
      description: textOf(all[at]?.description),
      properties: propertiesOf(all[at]?.properties),
    });
  const notes = ownNotes(propertiesOf(metadata.properties));
  return {
    format,
    subject: subjectOf({
      type: asString(subject.type) ?? '',
      version: subject.version,
      properties: propertiesOf(subject.properties),
    }),
    packages: packages.filter(({ type }) => type !== 'operating-system'),
    ...(distribution ? { distribution } : {}),
    incomplete: isIncomplete(bom.compositions) && !notes.blindByData,
    ...(notes.judged ? { judged: notes.judged } : {}),
    problems: notes.problems,
  };
}

/** Components and those inside of them, in the order of the document, without recursion. */
function componentsIn(value: unknown): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const waiting = recordsOf(value).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (found.length >= packageLimit) throw tooManyPackages();
    found.push(next);
    for (const item of recordsOf(next.components).reverse()) waiting.push(item);
  }
  return found;
}

function componentOf(component: Record<string, unknown>): SbomPackage {
  const supplier = textOf(asRecord(component.supplier)?.name) ?? textOf(component.publisher);
  return packageOf({
    purl: asString(component.purl),
    group: textOf(component.group),
    name: textOf(component.name) ?? '',
    version: textOf(component.version),
    type: textOf(component.type) ?? '',
    license: licenseOf(component.licenses),
    hashes: recordsOf(component.hashes)
      .map(({ alg, content }) => hashOf(alg, content))
      .filter((hash) => hash !== undefined),
    supplier,
    scope: asString(component.scope),
    properties: propertiesOf(component.properties),
    paths: recordsOf(asRecord(component.evidence)?.occurrences)
      .map(({ location }) => textOf(location))
      .filter((path) => path !== undefined),
  });
}

/** CycloneDX `licenseChoice`: an expression, or licences by SPDX id or name, all of which hold. */
function licenseOf(value: unknown): string | undefined {
  const found: string[] = [];
  for (const choice of recordsOf(value)) {
    const license = asRecord(choice.license);
    const text = textOf(choice.expression) ?? textOf(license?.id) ?? textOf(license?.name);
    if (text !== undefined && !found.includes(text)) found.push(text);
  }
  return found.length === 0 ? undefined : found.join(' AND ');
}

function propertiesOf(value: unknown): SbomProperty[] {
  const properties: SbomProperty[] = [];
  for (const item of recordsOf(value)) {
    const name = textOf(item.name);
    const text = textOf(item.value);
    if (name !== undefined && text !== undefined) properties.push([name, text]);
  }
  return properties;
}

/** An aggregate that says `incomplete`, of whatever kind, unless it speaks of vulnerabilities alone. */
function isIncomplete(value: unknown): boolean {
  return recordsOf(value).some((composition) => {
    if (asString(composition.aggregate)?.startsWith('incomplete') !== true) return false;
    const speaksOf = (key: string): boolean => (asArray(composition[key])?.length ?? 0) > 0;
    return !speaksOf('vulnerabilities') || speaksOf('assemblies') || speaksOf('dependencies');
  });
}
