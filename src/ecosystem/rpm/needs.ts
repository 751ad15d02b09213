/**
 * The packages that a header requires, sorted and each once. Of libraries (`libc.so.6(GLIBC_2.4)(64bit)`), files
 * (`/bin/sh`), features (`rpmlib(…)`, `config(…)`) and conditions (`(a if b)`) it does not say which package has them.
 */
export function neededBy(name: string, requires: readonly string[]): readonly string[] | undefined {
  const needs = new Set<string>();
  for (const required of requires) {
    if (required !== name && isPackageName(required)) needs.add(required);
  }
  return needs.size === 0 ? undefined : [...needs].sort();
}

function isPackageName(text: string): boolean {
  if (text === '' || text.includes('.so.') || text.endsWith('.so')) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x28 || code === 0x2f || code === 0x7f) return false;
  }
  return true;
}
