/**
 * A glob of the doublestar library as one over absolute paths; undefined where it says what ours can't. There, `**` that
 * is not a whole segment is `*`.
 */
export function pathGlob(glob: string): string | undefined {
  const text = glob.trim().replace(/^\.\//, '');
  // A class of characters, or a pattern that climbs out of the tree.
  if (text === '' || /[[\]]/.test(text) || text.split('/').includes('..')) return undefined;
  const segments = text.split('/').map((segment) => (segment === '**' ? segment : segment.replace(/\*{2,}/g, '*')));
  // In braces the slash is no border of segments.
  if (/\{[^}]*\*\*[^}]*\}/.test(text)) return undefined;
  const joined = segments.join('/');
  return joined.startsWith('/') ? joined : `/${joined}`;
}

/** A regular expression of a whole name as a pattern with `*`; undefined unless it is plain text with `.*` between. */
export function namePattern(expression: string): string | undefined {
  const text = expression.replace(/^\^/, '').replace(/\$$/, '');
  const pieces = text.split('.*');
  const escaped = /\\[.+-]/g;
  // A dot alone is any character there, and itself here: that is less.
  if (pieces.some((piece) => /[\\^$*+?()[\]{}|]/.test(piece.replace(escaped, '')))) return undefined;
  return pieces.map((piece) => piece.replace(escaped, (two) => two.slice(1))).join('*');
}
