import { messageText } from './text.ts';

/** What was found at no path of its own is put at this one: code scanning takes no result without a place. */
export const nowhere = 'image';

/** A path of the image as a URI relative to its root (RFC 3986): every segment percent-encoded, no leading slash. */
export function relativeUri(path: string): string {
  const segments = path
    .toWellFormed()
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return segments.map(encodeURIComponent).join('/') || nowhere;
}

/** A location (SARIF 2.1.0 §3.28): a path of the image, and the package that it is about, where there is one. */
export function locationAt(path: string, text: string, purl: string | undefined, name = text): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(path), uriBaseId: 'ROOTPATH' },
      region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
    },
    ...(purl === undefined ? {} : { logicalLocations: [{ name, fullyQualifiedName: purl, kind: 'package' }] }),
    message: { text: messageText(text) },
  };
}
