/** Longest pointer, in characters, and most steps of one. */
const longestPointer = 2_000;
const mostSteps = 100;

/**
 * The steps of a JSON pointer (RFC 6901): `/a/b~1c` is `a`, `b/c`. The empty pointer has none and names the whole.
 * Undefined when it is none.
 */
export function pointerSteps(pointer: string): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || pointer.length > longestPointer) return undefined;
  const steps = pointer.slice(1).split('/');
  if (steps.length > mostSteps || steps.some((step) => /~(?![01])/.test(step))) return undefined;
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * What stands at a pointer in a value of objects, maps and lists; undefined when nothing does. Only what the value has of
 * its own is found: never what every object has, such as `constructor`.
 */
export function valueAt(value: unknown, steps: readonly string[]): unknown {
  let at = value;
  for (const step of steps) {
    if (Array.isArray(at)) at = /^(?:0|[1-9]\d{0,9})$/.test(step) ? (at as unknown[])[Number(step)] : undefined;
    else if (at instanceof Map) at = (at as Map<unknown, unknown>).get(step);
    else if (typeof at === 'object' && at !== null && Object.hasOwn(at, step))
      at = (at as Record<string, unknown>)[step];
    else return undefined;
    if (at === undefined) return undefined;
  }
  return at;
}
