/**
 * The packages that `Pre-Depends` and `Depends` name (deb-control(5)), sorted and each once: of alternatives the first,
 * without versions, architectures and build profiles: `libc6 (>= 2.36), debconf | debconf-2.0, python3:any`.
 */
export function neededBy(before: string | undefined, depends: string | undefined): readonly string[] | undefined {
  const needs: string[] = [];
  if (before) addNames(before, needs);
  if (depends) addNames(depends, needs);
  if (needs.length === 0) return undefined;
  needs.sort();
  for (let at = 1; at < needs.length; at++) {
    if (needs[at] === needs[at - 1]) return [...new Set(needs)];
  }
  return needs;
}

function addNames(field: string, needs: string[]): void {
  for (let at = 0; at < field.length; ) {
    const comma = field.indexOf(',', at);
    const end = comma < 0 ? field.length : comma;
    while (at < end && field.charCodeAt(at) <= 0x20) at++;
    let stop = at;
    while (stop < end && isName(field.charCodeAt(stop))) stop++;
    if (stop > at) needs.push(field.slice(at, stop));
    at = end + 1;
  }
}

/** All that does not end a name: a blank, `(`, `:`, `<`, `[` or `|`. */
function isName(code: number): boolean {
  return code > 0x28 && code !== 0x3a && code !== 0x3c && code !== 0x5b && code !== 0x7c;
}
