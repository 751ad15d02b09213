import type { WaivedSubject } from './applied.ts';
import { Candidates } from './candidates.ts';
import type { Watched } from './events.ts';
import type { ReadPurl, Selectors } from './selectors.ts';
import { settle } from './settle.ts';
import type { Tally } from './tally.ts';

/** The waivers that name rules: they take away what these rules fire on, and leave the finding to all others. */
export class RuleWaivers {
  readonly #selectors: readonly (Selectors | undefined)[];
  readonly #tallies: readonly Tally[];
  readonly #watched: Watched;
  readonly #readPurl: (purl: string) => ReadPurl | undefined;
  readonly #ofRule = new Map<string, Candidates | undefined>();

  constructor(
    selectors: readonly (Selectors | undefined)[],
    tallies: readonly Tally[],
    watched: Watched,
    readPurl: (purl: string) => ReadPurl | undefined,
  ) {
    this.#selectors = selectors;
    this.#tallies = tallies;
    this.#watched = watched;
    this.#readPurl = readPurl;
  }

  /** Whether a waiver takes away what a rule fired on. */
  waives(rule: string, { id, names, package: purl, paths, finding }: WaivedSubject): boolean {
    const candidates = this.#candidatesOf(rule);
    if (candidates === undefined) return false;
    const over = candidates.over({
      id,
      aliases: finding?.aliases ?? names ?? [],
      ...(purl === undefined ? {} : { package: purl }),
      paths: (paths ?? finding?.paths ?? []).map((path) => (path.startsWith('/') ? path : `/${path}`)),
    });
    return settle(this.#tallies, over, finding, undefined, this.#watched) !== undefined;
  }

  /** The waivers that name a rule; undefined where none does. */
  #candidatesOf(rule: string): Candidates | undefined {
    if (this.#ofRule.has(rule)) return this.#ofRule.get(rule);
    const naming = this.#selectors.map((one) => (one?.rules.some((matches) => matches(rule)) ? one : undefined));
    const candidates = naming.some((one) => one !== undefined) ? new Candidates(naming, this.#readPurl) : undefined;
    this.#ofRule.set(rule, candidates);
    return candidates;
  }
}
