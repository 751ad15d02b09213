/** The parts of a package URL (purl specification, ECMA-427), decoded. */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
  readonly subpath?: string;
}

const plain = /^[A-Za-z0-9.\-_~:]*$/;

/** Builds the canonical text of a package URL. Types' own rules (lower case and so on) are the caller's. */
export function buildPurl(parts: PurlParts): string {
  let text = `pkg:${parts.type}/`;
  if (parts.namespace) text += `${encodeSegments(parts.namespace)}/`;
  text += encode(parts.name);
  if (parts.version) text += `@${encode(parts.version)}`;
  if (parts.qualifiers) text += encodeQualifiers(parts.qualifiers);
  if (parts.subpath) text += `#${encodeSegments(parts.subpath)}`;
  return text;
}

function encodeQualifiers(qualifiers: Readonly<Record<string, string | undefined>>): string {
  const pairs: string[] = [];
  for (const key of Object.keys(qualifiers).sort()) {
    const value = qualifiers[key];
    if (value) pairs.push(`${key.toLowerCase()}=${encode(value)}`);
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function encodeSegments(path: string): string {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(encode)
    .join('/');
}

/** Percent-encodes all but the unreserved characters and the colon, as the specification asks. Lone surrogates become U+FFFD. */
function encode(text: string): string {
  if (plain.test(text)) return text;
  return encodeURIComponent(text.toWellFormed())
    .replace(/%3A/g, ':')
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
