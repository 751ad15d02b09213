import { hash } from 'node:crypto';

/** Digits of a key: two of a million things have the same one once in five hundred reports, and then are told apart. */
const digits = 14;

/** Gives keys that stay the same in the next report: by what makes a thing the same one, and by its number among those. */
export function keyGiver(): (parts: readonly string[]) => string {
  const given = new Map<string, number>();
  return (parts) => {
    const key = hash('sha256', parts.join('\0')).slice(0, digits);
    const before = given.get(key) ?? 0;
    given.set(key, before + 1);
    return before === 0 ? key : `${key}-${before + 1}`;
  };
}
