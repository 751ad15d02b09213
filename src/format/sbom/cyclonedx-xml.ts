import { SluiceError } from '../../util/error.ts';
import type { XmlElement } from '../xml-tree.ts';

/** Elements of CycloneDX whose children are a list (XML schema of CycloneDX 1.2 to 1.7), by name. */
const lists: ReadonlySet<string> = new Set([
  'components',
  'compositions',
  'hashes',
  'properties',
  'licenses',
  'occurrences',
  'assemblies',
  'dependencies',
  'vulnerabilities',
]);

/** Branches that hold nothing that is read: dependencies nest as deep as a graph goes. */
const passedOver: ReadonlySet<string> = new Set([
  'services',
  'externalReferences',
  'pedigree',
  'formulation',
  'declarations',
]);

/** A CycloneDX document in XML in the shape of its JSON, as far as it is read. @throws SluiceError `sbom/unknown` */
export function cycloneDxOfXml(root: XmlElement): Record<string, unknown> {
  if (root.name !== 'bom' || !(root.attributes.get('xmlns') ?? prefixedNamespace(root)).includes('cyclonedx')) {
    throw new SluiceError('sbom/unknown', 'the XML is no CycloneDX document');
  }
  const bom = objectOf(root);
  // Beside the components, both tell of other things than the parts.
  delete bom.dependencies;
  delete bom.vulnerabilities;
  return bom;
}

function prefixedNamespace({ attributes }: XmlElement): string {
  for (const [name, value] of attributes) if (name.startsWith('xmlns:') && value.includes('cyclonedx')) return value;
  return '';
}

/** Recursion is bounded: the elements were read by `parseXml`, which bounds their depth. */
function objectOf({ attributes, children }: XmlElement): Record<string, unknown> {
  const made = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of attributes) made[name] = value;
  for (const child of children) {
    if (passedOver.has(child.name)) continue;
    made[child.name] = lists.has(child.name)
      ? child.children.map((item) => itemOf(child.name, item))
      : contentOf(child);
  }
  return made;
}

function contentOf(element: XmlElement): unknown {
  return element.children.length === 0 && element.attributes.size === 0 ? element.text : objectOf(element);
}

/** The members of a list, where XML puts into attributes and text what JSON puts into fields. */
function itemOf(list: string, element: XmlElement): unknown {
  const { name, text, attributes } = element;
  if (list === 'hashes') return { alg: attributes.get('alg'), content: text };
  if (list === 'properties') return { name: attributes.get('name'), value: text };
  if (list === 'licenses') return name === 'expression' ? { expression: text } : { license: objectOf(element) };
  return list === 'assemblies' || list === 'dependencies' || list === 'vulnerabilities'
    ? (attributes.get('ref') ?? text)
    : objectOf(element);
}
