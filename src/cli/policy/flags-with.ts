import type { Flags } from '../flags.ts';

/** The same flags with some of them set otherwise; an empty list takes a flag away. */
export function flagsWith(given: Flags, others: Readonly<Record<string, readonly string[]>>): Flags {
  const list = (name: string): readonly string[] =>
    Object.hasOwn(others, name) ? (others[name] ?? []) : given.list(name);
  return { operands: [], list, text: (name) => list(name).at(-1), on: (name) => list(name).length > 0 };
}
