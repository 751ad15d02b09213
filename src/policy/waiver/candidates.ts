import { PrefixIndex } from './prefix-index.ts';
import { idKey, isPackage, isWhere, type ReadPurl, type Selectors } from './selectors.ts';

/** What waivers select: a finding, or what a rule fired on. */
export interface Selected {
  readonly id: string;
  readonly aliases: readonly string[];
  /** purl. */
  readonly package?: string;
  readonly paths: readonly string[];
}

/**
 * Finds the waivers that are over a finding or what a rule fired on. Each waiver stands in one index, that of its narrowest selector, so that a
 * finding is held against a few of thousands.
 */
export class Candidates {
  readonly #selectors: readonly (Selectors | undefined)[];
  readonly #byId = new Map<string, number[]>();
  readonly #byPackage = new PrefixIndex();
  readonly #byPath = new PrefixIndex();
  /** Those that name nothing but a rule. */
  readonly #always: number[] = [];
  readonly #readPurl: (purl: string) => ReadPurl | undefined;
  readonly #ofPackage = new Map<string, readonly number[]>();
  readonly #ofPath = new Map<string, readonly number[]>();

  /** Waivers by their numbers; those that are not there are over nothing. */
  constructor(selectors: readonly (Selectors | undefined)[], readPurl: (purl: string) => ReadPurl | undefined) {
    this.#selectors = selectors;
    this.#readPurl = readPurl;
    for (const [number, one] of selectors.entries()) if (one !== undefined) this.#add(one, number);
  }

  #add({ ids, packages, paths }: Selectors, number: number): void {
    if (ids.size > 0) {
      for (const id of ids) {
        const known = this.#byId.get(id);
        if (known === undefined) this.#byId.set(id, [number]);
        else known.push(number);
      }
    } else if (packages.length > 0)
      for (const { literal, exact } of packages) this.#byPackage.add(literal, exact, number);
    else if (paths.length > 0) for (const { literal, exact } of paths) this.#byPath.add(literal, exact, number);
    else this.#always.push(number);
  }

  /** Numbers of the waivers that are over it, in their order. */
  over(what: Selected): number[] {
    const { id, aliases, package: purl, paths } = what;
    const found = new Set<number>(this.#always);
    if (this.#byId.size > 0) {
      this.#named(id, found);
      for (const alias of aliases) this.#named(alias, found);
    }
    if (purl !== undefined) for (const number of this.#overPackage(purl)) found.add(number);
    const [path] = paths;
    // A waiver is over all paths or not at all, so the first tells which may be.
    if (path !== undefined) for (const number of this.#overPath(path)) found.add(number);
    if (found.size === 0) return [];
    const numbers: number[] = [];
    for (const number of found) if (this.#isOver(number, what)) numbers.push(number);
    return numbers.sort((a, b) => a - b);
  }

  #named(id: string, found: Set<number>): void {
    for (const number of this.#byId.get(idKey(id)) ?? []) found.add(number);
  }

  #isOver(number: number, { package: purl, paths }: Selected): boolean {
    const selectors = this.#selectors[number];
    return (
      selectors !== undefined &&
      isPackage(selectors.packages, purl === undefined ? undefined : this.#readPurl(purl)) &&
      isWhere(selectors.paths, paths)
    );
  }

  /** What may be over a package, asked once for each. */
  #overPackage(purl: string): readonly number[] {
    return remembered(this.#ofPackage, purl, (found) => {
      const read = this.#readPurl(purl);
      if (read === undefined) return;
      this.#byPackage.collect(read.name, found);
      for (const number of found) if (!isPackage(this.#selectors[number]?.packages ?? [], read)) found.delete(number);
    });
  }

  #overPath(path: string): readonly number[] {
    return remembered(this.#ofPath, path, (found) => {
      this.#byPath.collect(path, found);
      for (const number of found) if (!isWhere(this.#selectors[number]?.paths ?? [], [path])) found.delete(number);
    });
  }
}

function remembered(
  known: Map<string, readonly number[]>,
  key: string,
  find: (found: Set<number>) => void,
): readonly number[] {
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = new Set<number>();
  find(found);
  const numbers = [...found];
  known.set(key, numbers);
  return numbers;
}
