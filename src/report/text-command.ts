/** Longest command that is looked at, in characters. */
const longest = 2000;

/**
 * What made a layer, as people know it: without the shell around it. Build arguments are left out: they are long, and
 * secrets stand in them.
 */
export function commandText(createdBy: string): string {
  return createdBy
    .slice(0, longest)
    .replace(/^RUN /, '')
    .replace(/^\|\d{1,4} .*?\/bin\/(?:ba)?sh -c /s, '')
    .replace(/^\/bin\/(?:ba)?sh -c (?:#\(nop\) )?/, '')
    .replace(/ ?# buildkit$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
