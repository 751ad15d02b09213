import { isNameCharacter, usableField } from './name.ts';

/** Most names that are kept of what one package needs. */
const needsLimit = 1000;

/**
 * The name in a requirement (PyPA, dependency specifiers): `name[extras] >=1; markers`. Undefined when it has none, or is
 * needed for one of the package's extras only.
 */
export function neededName(requirement: string): string | undefined {
  const text = requirement.trimStart();
  const cut = text.indexOf(';');
  if (cut !== -1 && isForExtra(text.slice(cut + 1))) return undefined;
  let end = 0;
  while (end < text.length && isNameCharacter(text.charCodeAt(end))) end++;
  const name = text.slice(0, end);
  return usableField(name) ? name : undefined;
}

/** Names in order, each once; undefined when there are none. */
export function sortedNames(names: Iterable<string>): string[] | undefined {
  const sorted = [...new Set(names)].sort();
  return sorted.length === 0 ? undefined : sorted.slice(0, needsLimit);
}

/** Markers that compare `extra`, which no other environment has. */
function isForExtra(markers: string): boolean {
  for (let at = markers.indexOf('extra'); at !== -1; at = markers.indexOf('extra', at + 5)) {
    const before = markers.charCodeAt(at - 1);
    const rest = markers.slice(at + 5, at + 16).trimStart();
    if (!isNameCharacter(before) && (rest.startsWith('==') || rest.startsWith('in'))) return true;
  }
  return false;
}
