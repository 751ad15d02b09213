/** What a `META-INF/MANIFEST.MF` says of the whole archive: names in lower case to values. */
export type Manifest = ReadonlyMap<string, string>;

/** An archive without a manifest. */
export const noManifest: Manifest = new Map();

/** Longer values (lists of exported packages) are cut: none of them names an artifact. */
const longestValue = 1024;
/** A main section has a few dozen attributes. */
const mostAttributes = 1000;

/** Attributes of the main section that tell a version, the surest first. */
export const versionAttributes = [
  'plugin-version',
  'implementation-version',
  'bundle-version',
  'specification-version',
];
/** Sections behind the main one that are looked through for a version; a signed archive has one for every class. */
const mostSections = 8;

/**
 * Reads the main section (JAR file specification, "JAR Manifest"). Where it tells no version, that of the first package
 * with one (`Name: org/apache/xerces/impl/`, `Implementation-Version: …`) stands in: so Xerces, Xalan and Ant have it.
 */
export function parseManifest(bytes: Buffer): Manifest {
  const start = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  const main = new Map<string, string>();
  let at = readSection(bytes, start, main);
  if (versionAttributes.some((name) => main.has(name))) return main;
  for (let sections = 0; sections < mostSections && at < bytes.length; sections++) {
    const values = new Map<string, string>();
    at = readSection(bytes, at, values);
    const version = values.get('implementation-version');
    if (version !== undefined) return main.set('implementation-version', version);
  }
  return main;
}

/**
 * Reads up to the first empty line, and says where the next section begins; a line that begins with a space carries on
 * the one before; names in any case.
 */
function readSection(bytes: Buffer, from: number, values: Map<string, string>): number {
  let name = '';
  let value = '';
  let at = from;
  while (at < bytes.length && values.size < mostAttributes) {
    const end = lineEnd(bytes, at);
    const next = end + (bytes[end] === 0x0d && bytes[end + 1] === 0x0a ? 2 : 1);
    if (end === at) {
      at = next;
      break;
    }
    if (bytes[at] === 0x20) {
      if (value.length < longestValue) value += bytes.toString('latin1', at + 1, end);
    } else {
      if (name !== '') values.set(name, decode(value));
      const colon = bytes.subarray(at, end).indexOf(0x3a);
      name = colon < 0 ? '' : bytes.toString('latin1', at, at + Math.min(colon, longestValue)).toLowerCase();
      value = colon < 0 ? '' : bytes.toString('latin1', at + colon + 1, Math.min(end, at + colon + 1 + longestValue));
    }
    at = next;
  }
  if (name !== '') values.set(name, decode(value));
  return at;
}

/** A line may break inside of a UTF-8 character, so lines are joined as bytes (latin1) and decoded whole. */
function decode(value: string): string {
  return Buffer.from(value.slice(0, longestValue), 'latin1').toString('utf8').trim();
}

function lineEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  return at;
}
