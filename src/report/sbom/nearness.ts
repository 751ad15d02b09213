/** Most paths of a package that are looked at: one that lies in many places is near to all. */
const mostPaths = 8;

/** How near two packages lie: the length of the folders that their paths begin with together, more for the same file. */
export function nearnessOf(one: readonly string[], other: readonly string[]): number {
  let best = 0;
  for (const a of one.slice(0, mostPaths)) {
    for (const b of other.slice(0, mostPaths)) best = Math.max(best, a === b ? a.length + 1 : sharedFolders(a, b));
  }
  return best;
}

/** Characters up to the last slash that two paths have in common. */
function sharedFolders(a: string, b: string): number {
  let end = 0;
  for (let i = 0; i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i); i++) {
    if (a.charCodeAt(i) === 0x2f) end = i + 1;
  }
  return end;
}
