import { bounded, type FunctionGroup } from './contract.ts';
import { sizeOfText } from './text.ts';

/** Lists that are shorter than this are looked through; of longer ones a set is made. */
const fewItems = 8;

/** Functions over lists and maps. The loops `all`, `exists`, `exists_one`, `filter` and `map` are no functions. */
export const listFunctions: FunctionGroup = {
  docs: [
    {
      signature: 'list.size(): int',
      doc: 'how many items; also of a map, and of a text its characters',
      example: 'image.volumes.size() == 0',
      native: true,
    },
    { signature: 'size(list): int', doc: 'the same', example: 'size(image.healthcheck) > 0', native: true },
    { signature: 'map.size(): int', doc: 'how many entries', example: 'image.labels.size() < 50', native: true },
    { signature: 'size(map): int', doc: 'the same', example: 'size(image.env) < 100', native: true },
    { signature: 'string.size(): int', doc: 'how many characters', example: 'image.user.size() > 0', native: true },
    { signature: 'size(string): int', doc: 'the same', example: 'size(finding.title) < 200', native: true },
    {
      signature: 'list<string>.join(): string',
      doc: 'all items one after the other',
      example: "image.cmd.join() == 'sh'",
      native: true,
    },
    {
      signature: 'list<string>.join(string): string',
      doc: 'all items with a text between them',
      example: "image.entrypoint.join(' ').contains('bash')",
      native: true,
    },
    {
      signature: 'list<string>.containsAny(list<string>): bool',
      doc: 'whether one of the items is in another list',
      example: "finding.cwes.containsAny(['CWE-78', 'CWE-94'])",
    },
    {
      signature: 'list<int>.containsAny(list<int>): bool',
      doc: 'the same of numbers',
      example: 'image.portNumbers.containsAny([22, 23])',
    },
    {
      signature: 'list<string>.containsAll(list<string>): bool',
      doc: 'whether all items of another list are there',
      example: "image.signers.containsAll(['build@example.com'])",
    },
    {
      signature: 'list<string>.distinct(): list<string>',
      doc: 'each item once',
      example: 'image.packages.map(p, p.ecosystem).distinct().size() < 5',
    },
  ],
  handlers: {
    size: { run: sizeOf },
    join: { run: (list: readonly string[], by = '') => bounded(list.join(by)), fails: true, costs: true },
    containsAny: {
      run: (list: readonly unknown[], wanted: readonly unknown[]) => anyOf(wanted)(list),
      prepare: anyOf,
      costs: true,
    },
    containsAll: { run: containsAll, costs: true },
    distinct: { run: (list: readonly unknown[]) => [...new Set(list)], costs: true },
  },
};

function sizeOf(of: unknown): number {
  if (typeof of === 'string') return sizeOfText(of);
  if (Array.isArray(of)) return of.length;
  return of instanceof Map ? of.size : Object.keys(of as object).length;
}

function anyOf(wanted: readonly unknown[]): (list: readonly unknown[]) => boolean {
  if (wanted.length < fewItems) return (list) => list.length > 0 && wanted.some((item) => list.includes(item));
  const set = setOf(wanted);
  return (list) => list.some((item) => set.has(item));
}

function containsAll(list: readonly unknown[], wanted: readonly unknown[]): boolean {
  if (list.length < fewItems || wanted.length < fewItems) return wanted.every((item) => list.includes(item));
  const set = setOf(list);
  return wanted.every((item) => set.has(item));
}

const sets = new WeakMap<readonly unknown[], ReadonlySet<unknown>>();

/** The items of a list as a set, made once as long as the list is there. */
export function setOf(list: readonly unknown[]): ReadonlySet<unknown> {
  let set = sets.get(list);
  if (set === undefined) {
    set = new Set(list);
    sets.set(list, set);
  }
  return set;
}
