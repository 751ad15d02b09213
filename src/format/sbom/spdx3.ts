import { asArray, asString } from '../../util/json.ts';
import { distributionOf } from './distribution.ts';
import type { SbomDocument, SbomPackage, SbomProperty, SbomSubject } from './document.ts';
import { hashOf, packageOf, recordsOf, textOf, textsOf } from './draft.ts';
import { packageLimit, tooManyPackages } from './limits.ts';
import { ownNotes } from './own-properties.ts';
import { annotationProperties } from './spdx-annotation.ts';
import { subjectOf } from './subject.ts';

type Element = Record<string, unknown>;

/** The context of SPDX 3.0 documents in JSON-LD, whatever its last digit. */
const contextUrl = 'https://spdx.org/rdf/3.0';

/** Whether a value can be an SPDX 3 document in JSON-LD. */
export function isSpdx3(value: Element): boolean {
  const context = value['@context'];
  const urls = typeof context === 'string' ? [context] : textsOf(context);
  return urls.some((url) => url.startsWith(contextUrl));
}

/** What the graph says of its elements, by their identifiers. */
interface Graph {
  readonly packages: readonly Element[];
  readonly licenseOf: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, readonly SbomProperty[]>;
  /** What documents and bills of materials are about, and what these describe. */
  readonly roots: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, string>;
  readonly documents: readonly Element[];
  readonly incomplete: boolean;
}

/** Reads an SPDX 3.0 document (JSON-LD). @throws SluiceError `sbom/too-many-packages` */
export function readSpdx3(document: Element): SbomDocument {
  const graph = graphOf(asArray(document['@graph']) ? recordsOf(document['@graph']) : [document]);
  const packages: SbomPackage[] = [];
  const noted = graph.documents.flatMap((element) => propertiesOf(element, graph));
  let distribution: SbomDocument['distribution'];
  let subject: SbomSubject = { layers: [] };
  for (const item of graph.packages) {
    const found = packageIn(item, graph);
    if (graph.roots.has(idOf(item)) && (found.type === 'container' || found.purl === undefined) && !isSystem(found)) {
      subject = subjectOf({ ...found, properties: propertiesOf(item, graph) });
    } else if (isSystem(found)) {
      distribution ??= distributionOf({
        ...found,
        properties: propertiesOf(item, graph),
        description: textOf(item.description) ?? textOf(item.summary),
      });
    } else packages.push(found);
  }
  const own = ownNotes(noted);
  return {
    format: 'spdx-3-json',
    subject,
    packages,
    ...(distribution ? { distribution } : {}),
    incomplete: graph.incomplete && !own.blindByData,
    ...(own.judged ? { judged: own.judged } : {}),
    problems: own.problems,
  };
}

function isSystem({ type }: SbomPackage): boolean {
  return type === 'operatingsystem';
}

function graphOf(elements: readonly Element[]): Graph {
  const packages: Element[] = [];
  const documents: Element[] = [];
  const expressions = new Map<string, Expression>();
  const texts = new Map<string, string>();
  const relationships: Element[] = [];
  const annotations = new Map<string, SbomProperty[]>();
  const roots = new Set<string>();
  const names = new Map<string, string>();
  for (const element of elements) {
    const type = typeOf(element);
    const name = textOf(element.name);
    if (name !== undefined) names.set(idOf(element), name);
    if (type === 'software_Package') packages.push(element);
    else if (type === 'Relationship' || type === 'LifecycleScopedRelationship') relationships.push(element);
    else if (type === 'Annotation') annotate(annotations, element);
    else if (type.endsWith('LicenseExpression')) noteExpression(expressions, element);
    else if (type.endsWith('SimpleLicensingText')) noteText(texts, element);
    else if (type === 'SpdxDocument' || type === 'software_Sbom' || type === 'Bom') {
      documents.push(element);
      for (const root of referencesOf(element.rootElement)) roots.add(root);
    }
    if (packages.length > packageLimit) throw tooManyPackages();
  }
  const { licenseOf, incomplete } = relate(relationships, resolved(expressions, texts));
  return { packages, licenseOf, annotations, roots, names, documents, incomplete };
}

/** `software_Package` is also written as `software:Package` or by its whole address. */
function typeOf(element: Element): string {
  const type = asString(element.type) ?? asString(element['@type']) ?? '';
  return type.slice(type.lastIndexOf('/') + 1).replace(':', '_');
}

function idOf(element: Element): string {
  return asString(element.spdxId) ?? asString(element['@id']) ?? '';
}

/** Identifiers, which stand alone or in a list. */
function referencesOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : (asArray(value) ?? []).filter((item) => typeof item === 'string');
}

function annotate(annotations: Map<string, SbomProperty[]>, element: Element): void {
  const properties = annotationProperties(asString(element.statement) ?? '', '');
  const subject = asString(element.subject) ?? '';
  if (properties.length === 0 || subject === '') return;
  const known = annotations.get(subject);
  if (known) known.push(...properties);
  else annotations.set(subject, properties);
}

/** A licence expression, and where the texts of the licences in it are that SPDX does not know. */
interface Expression {
  readonly text: string;
  readonly own: ReadonlyMap<string, string>;
}

function noteExpression(expressions: Map<string, Expression>, element: Element): void {
  const text = textOf(element.simplelicensing_licenseExpression);
  if (text === undefined || text === 'NOASSERTION' || text === 'NONE') return;
  const own = new Map<string, string>();
  for (const { key, value } of recordsOf(element.simplelicensing_customIdToUri)) {
    own.set(asString(key) ?? '', asString(value) ?? '');
  }
  expressions.set(idOf(element), { text, own });
}

function noteText(texts: Map<string, string>, element: Element): void {
  const text = textOf(element.simplelicensing_licenseText);
  const name = textOf(element.name);
  const isCut = name !== undefined && text?.replace(/\s+/g, ' ').startsWith(name);
  const license = isCut ? text : (name ?? text);
  if (license !== undefined) texts.set(idOf(element), license);
}

/** An expression that is one reference alone is the licence it refers to. */
function resolved(
  expressions: ReadonlyMap<string, Expression>,
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const made = new Map<string, string>();
  for (const [id, { text, own }] of expressions) made.set(id, texts.get(own.get(text) ?? '') ?? text);
  return made;
}

/** Licences stand in relationships, and so does it whether what they list is all that there is. */
function relate(
  relationships: readonly Element[],
  expressions: ReadonlyMap<string, string>,
): Pick<Graph, 'licenseOf' | 'incomplete'> {
  const licenseOf = new Map<string, string>();
  let incomplete = false;
  for (const relationship of relationships) {
    const kind = asString(relationship.relationshipType);
    const from = asString(relationship.from) ?? '';
    if (kind === 'contains' && relationship.completeness === 'incomplete') incomplete = true;
    const isDeclared = kind === 'hasDeclaredLicense';
    if (!isDeclared && kind !== 'hasConcludedLicense') continue;
    const license = referencesOf(relationship.to)
      .map((to) => expressions.get(to))
      .find((text) => text !== undefined);
    // What is declared counts before what a tool concluded.
    if (license !== undefined && (isDeclared || !licenseOf.has(from))) licenseOf.set(from, license);
  }
  return { licenseOf, incomplete };
}

function packageIn(item: Element, graph: Graph): SbomPackage {
  const id = idOf(item);
  const purpose = (asString(item.software_primaryPurpose) ?? 'library').toLowerCase();
  return packageOf({
    purl: textOf(item.software_packageUrl) ?? identifierOf(item),
    name: textOf(item.name) ?? '',
    version: textOf(item.software_packageVersion),
    type: purpose,
    license: graph.licenseOf.get(id),
    hashes: recordsOf(item.verifiedUsing)
      .map(({ algorithm, hashValue }) => hashOf(algorithm, hashValue))
      .filter((hash) => hash !== undefined),
    supplier: graph.names.get(asString(item.suppliedBy) ?? ''),
    presence: graph.roots.has(id) && purpose === 'application' ? 'application' : undefined,
    properties: propertiesOf(item, graph),
  });
}

function identifierOf(item: Element): string | undefined {
  const found = recordsOf(item.externalIdentifier).find(({ externalIdentifierType: type }) => {
    return type === 'packageUrl' || type === 'purl';
  });
  return asString(found?.identifier);
}

/** Annotations, and the properties of CycloneDX that the extension carries. */
function propertiesOf(item: Element, graph: Graph): SbomProperty[] {
  const properties: SbomProperty[] = [...(graph.annotations.get(idOf(item)) ?? [])];
  for (const extension of recordsOf(item.extension)) {
    for (const entry of recordsOf(extension.extension_cdxProperty)) {
      const name = textOf(entry.extension_cdxPropName);
      const value = textOf(entry.extension_cdxPropValue);
      if (name !== undefined && value !== undefined) properties.push([name, value]);
    }
  }
  const sourceInfo = textOf(item.software_sourceInfo);
  if (sourceInfo !== undefined) properties.push(['spdx:sourceInfo', sourceInfo]);
  return properties;
}
