import { hash } from 'node:crypto';

/** Longest name that stands in a marker as it is; a longer one stands there by its digest. */
const longestName = 200;

/**
 * The hidden first line of a report, by which a later run finds the comment on the same target: compare it with the whole
 * first line of a comment. In it a name can neither end the comment that it stands in nor mention anybody.
 */
export function commentMarker(name: string): string {
  const plain = encodeURIComponent(name.toWellFormed()).replace(/%2F/g, '/').replace(/%3A/g, ':');
  // `--` ends a comment for some readers of HTML.
  const safe = plain.replace(/[!'()*~]/g, percent).replace(/-(?=-|$)/g, '%2D');
  const target = safe.length > longestName ? `sha256:${hash('sha256', name)}` : safe;
  return `<!-- sluice:comment ${target} -->`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
