import type { Package } from '../../model/package.ts';
import { nearnessOf } from './nearness.ts';
import { installedFolder, NodeModules } from './node-modules.ts';

/** Most relations in a document: more are made only to fill the memory. */
const relationLimit = 1_000_000;

/** Most comparisons of packages, for names that thousands of packages share. */
const stepLimit = 5_000_000;

/** What packages need, by their places in the list. */
export interface Dependencies {
  /** For each package the places of those that it needs, in order. */
  readonly of: readonly (readonly number[])[];
  /** False when a limit was reached, and relations are left out. */
  readonly complete: boolean;
}

/** Finds the packages that stand behind the names which packages say that they need. */
export function dependenciesOf(packages: readonly Package[]): Dependencies {
  return new Resolver(packages).resolve();
}

class Resolver {
  readonly #packages: readonly Package[];
  /** Places by ecosystem and name, as it is written and in small letters. */
  readonly #byName = new Map<string, number[]>();
  readonly #nodeModules = new NodeModules();
  #relations = 0;
  #steps = 0;

  constructor(packages: readonly Package[]) {
    this.#packages = packages;
    packages.forEach((found, place) => {
      for (const key of new Set([keyOf(found.ecosystem, found.name), foldedKey(found.ecosystem, found.name)])) {
        const places = this.#byName.get(key);
        if (places) places.push(place);
        else this.#byName.set(key, [place]);
      }
      if (found.ecosystem !== 'npm' || found.presence === 'declared') return;
      for (const path of found.paths) this.#nodeModules.add(path, place);
    });
  }

  resolve(): Dependencies {
    const of = this.#packages.map((found, place) => this.#needed(found, place));
    return { of, complete: !this.#exhausted() };
  }

  #needed(found: Package, place: number): number[] {
    const needed = new Set<number>();
    if (found.needs === undefined) return [];
    const lookUp = this.#nodeLookUp(found);
    const byName = !foundByNode(found);
    for (const name of found.needs) {
      if (this.#exhausted()) break;
      const near = lookUp(name);
      const others = near.length === 0 && byName ? this.#named(found, name) : near;
      for (const other of others) if (other !== place) needed.add(other);
    }
    this.#relations += needed.size;
    return [...needed].sort((a, b) => a - b);
  }

  #exhausted(): boolean {
    return this.#relations >= relationLimit || this.#steps >= stepLimit;
  }

  /** npm's packages find each other by folders, each copy for itself. */
  #nodeLookUp({ ecosystem, presence, paths }: Package): (name: string) => readonly number[] {
    if (ecosystem !== 'npm' || presence === 'declared') return () => [];
    const trails = paths.map((path) => this.#nodeModules.trail(installedFolder(path)));
    return (name) => {
      this.#steps += trails.length;
      return trails.flatMap((trail) => NodeModules.find(trail, name) ?? []);
    };
  }

  /** Those of a name: of the same presence, of the same architecture where one is, and the nearest by path. */
  #named(found: Package, name: string): number[] {
    const { ecosystem, presence, arch } = found;
    const all = this.#byName.get(keyOf(ecosystem, name)) ?? this.#byName.get(foldedKey(ecosystem, name)) ?? [];
    this.#steps += all.length;
    const present = all.filter((place) => answers(presence, this.#packages[place] as Package));
    const sameArch = present.filter((place) => this.#packages[place]?.arch === arch);
    const left = sameArch.length > 0 ? sameArch : present;
    if (left.length < 2) return left;
    const nearness = left.map((place) => {
      const { paths } = this.#packages[place] as Package;
      this.#steps += paths.length;
      return nearnessOf(found.paths, paths);
    });
    const nearest = nearness.reduce((most, each) => Math.max(most, each), 0);
    return left.filter((_place, i) => nearness[i] === nearest);
  }
}

/**
 * Whether a package lies where nobody but Node tells what it finds. pnpm puts links beside packages in place of
 * copies, and Yarn's Plug'n'Play has no such folders: there the name has to do.
 */
function foundByNode({ ecosystem, presence, paths }: Package): boolean {
  if (ecosystem !== 'npm' || presence === 'declared') return false;
  return paths.some((path) => path.includes('/node_modules/') && !path.includes('/node_modules/.pnpm/'));
}

/** What is installed needs what is installed; what a file declares, what is declared; the program itself, either. */
function answers(presence: Package['presence'], candidate: Package): boolean {
  return presence === 'application' ? candidate.presence !== 'application' : candidate.presence === presence;
}

function keyOf(ecosystem: string, name: string): string {
  return `${ecosystem} ${name}`;
}

/** Names that differ in their spelling alone: PyPI's normal form, which tells other ecosystems' names apart as well. */
function foldedKey(ecosystem: string, name: string): string {
  return `${ecosystem}  ${name.toLowerCase().replace(/[-_.]+/g, '-')}`;
}
