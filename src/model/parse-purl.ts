import type { PurlParts } from './purl.ts';

/** Longest package URL that is read, in characters: a version may be as long as CycloneDX takes it. */
const longestPurl = 8192;

const typeText = /^[a-z][a-z0-9.+-]*$/;
const keyText = /^[a-z][a-z0-9._-]*$/;

/**
 * Reads a package URL (purl specification, ECMA-427) into its decoded parts; undefined when it is none. Types' own rules
 * (lower case and so on) are the caller's. What stands apart from the canonical form and can be read one way only is
 * read: `pkg://`, upper case in the type, an npm scope whose `@` is not encoded.
 */
export function parsePurl(text: string): PurlParts | undefined {
  if (text.length > longestPurl || text.slice(0, 4).toLowerCase() !== 'pkg:') return undefined;
  let rest = text.slice(4);
  const subpath = cutLast(rest, '#');
  if (subpath !== undefined) rest = rest.slice(0, -subpath.length - 1);
  const query = cutLast(rest, '?');
  if (query !== undefined) rest = rest.slice(0, -query.length - 1);
  const at = versionSign(rest);
  const segments = decodedSegments(at < 0 ? rest : rest.slice(0, at));
  const version = at < 0 ? '' : decoded(rest.slice(at + 1));
  const qualifiers = query === undefined ? {} : readQualifiers(query);
  const below = subpath === undefined ? [] : decodedSegments(subpath);
  if (segments === undefined || version === undefined || qualifiers === undefined || below === undefined)
    return undefined;
  const type = segments.shift()?.toLowerCase() ?? '';
  const name = segments.pop();
  if (name === undefined || !typeText.test(type)) return undefined;
  const inside = below.filter((segment) => segment !== '.' && segment !== '..');
  return {
    type,
    ...(segments.length === 0 ? {} : { namespace: segments.join('/') }),
    name,
    ...(version === '' ? {} : { version }),
    qualifiers,
    ...(inside.length === 0 ? {} : { subpath: inside.join('/') }),
  };
}

function cutLast(text: string, sign: string): string | undefined {
  const at = text.lastIndexOf(sign);
  return at < 0 ? undefined : text.slice(at + 1);
}

/** Where the version begins; an `@` at the head of a segment is an npm scope's. */
function versionSign(text: string): number {
  const at = text.lastIndexOf('@');
  return at > 0 && text[at - 1] !== '/' ? at : -1;
}

function decodedSegments(path: string): string[] | undefined {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '') continue;
    const plain = decoded(segment);
    if (plain === undefined) return undefined;
    segments.push(plain);
  }
  return segments;
}

function readQualifiers(query: string): Record<string, string> | undefined {
  const qualifiers = Object.create(null) as Record<string, string>;
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const key = pair.slice(0, equals).toLowerCase();
    const value = decoded(pair.slice(equals + 1));
    if (value === undefined || !keyText.test(key)) return undefined;
    // A key that stands twice says two things.
    if (qualifiers[key] !== undefined) return undefined;
    if (value !== '') qualifiers[key] = value;
  }
  return qualifiers;
}

/** Undefined when the percent signs encode no UTF-8. */
function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
