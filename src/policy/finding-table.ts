import { clearingFix, orderOf } from '../match/clearing-fix.ts';
import type { Finding } from '../model/finding.ts';
import { severities } from '../model/severity.ts';
import { compareText } from '../util/compare-text.ts';

const ranks = new Map<string, number>(severities.map((severity, rank) => [severity, rank]));
const width = severities.length;

/** The update to begin with. */
export interface FirstUpdate {
  readonly name: string;
  /** The version that is there now. */
  readonly from: string;
  readonly version: string;
}

/**
 * Findings as numbers, for many rules fire on very many of them: how bad each is, in which package, and at which place
 * that package is.
 */
export class FindingTable {
  readonly #findings: readonly Finding[];
  readonly #severities: Uint8Array;
  readonly #purls: Uint32Array;
  readonly #places: Uint32Array;
  /** Numbers of the findings at each place. */
  readonly #at: number[][] = [];
  /** What is counted of one group of findings: made once, cleared after each. */
  readonly #counts: Uint32Array;
  readonly #seen: Uint8Array;
  readonly #clearing = new Map<number, string>();

  constructor(findings: readonly Finding[]) {
    this.#findings = findings;
    this.#severities = new Uint8Array(findings.length);
    this.#purls = new Uint32Array(findings.length);
    this.#places = new Uint32Array(findings.length);
    const purls = new Map<string, number>();
    const places: Map<string, number>[] = [];
    for (let index = 0; index < findings.length; index++) {
      const { severity, package: purl, paths } = findings[index] as Finding;
      this.#severities[index] = ranks.get(severity) ?? width - 1;
      let number = purls.get(purl);
      if (number === undefined) {
        number = purls.size;
        purls.set(purl, number);
        places.push(new Map());
      }
      this.#purls[index] = number;
      this.#places[index] = this.#placeOf(places[number] as Map<string, number>, paths[0] ?? '', index);
    }
    this.#counts = new Uint32Array(this.#at.length * width);
    this.#seen = new Uint8Array(purls.size);
  }

  /** The number of a place of one package; a new one where the findings have not been there yet. */
  #placeOf(known: Map<string, number>, path: string, index: number): number {
    const place = known.get(path);
    if (place !== undefined) {
      this.#at[place]?.push(index);
      return place;
    }
    known.set(path, this.#at.length);
    return this.#at.push([index]) - 1;
  }

  /** How many there are of each severity, worst first, and in how many packages. */
  countsOf(indexes: readonly number[]): { readonly bySeverity: readonly number[]; readonly packages: number } {
    const bySeverity = severities.map(() => 0);
    let packages = 0;
    for (const index of indexes) {
      const rank = this.#severities[index] as number;
      bySeverity[rank] = (bySeverity[rank] ?? 0) + 1;
      const purl = this.#purls[index] as number;
      if (this.#seen[purl] === 0) packages++;
      this.#seen[purl] = 1;
    }
    for (const index of indexes) this.#seen[this.#purls[index] as number] = 0;
    return { bySeverity, packages };
  }

  /** The version that clears most of what is at the place of a finding; empty when nothing there has a fix. */
  clearingVersion(index: number): string {
    const place = this.#places[index] as number;
    let version = this.#clearing.get(place);
    if (version === undefined) {
      version = this.#versionFor(this.#at[place] ?? []);
      this.#clearing.set(place, version);
    }
    return version;
  }

  /**
   * Of the package that has the worst of these findings and a fix for any, the version that clears most of them;
   * undefined when nothing has a fix. `whole`: all that is wrong with their packages is taken into account.
   */
  firstUpdate(indexes: readonly number[], whole: boolean): FirstUpdate | undefined {
    const touched = whole ? this.#wholePlaces(indexes) : this.#placesOf(indexes);
    let worst: number | undefined;
    for (const [place, there] of touched) {
      if (!there.some((index) => (this.#findings[index]?.fixed.length ?? 0) > 0)) continue;
      this.#count(place, there);
      if (worst === undefined || this.#isWorse(place, worst)) worst = place;
    }
    for (const place of touched.keys()) this.#counts.fill(0, place * width, (place + 1) * width);
    const there = worst === undefined ? undefined : touched.get(worst);
    const first = there && this.#findings[there[0] as number];
    return first && { name: first.name, from: first.version, version: this.#versionFor(there) };
  }

  /** The places of these findings, each with those of the findings that are there, in their order. */
  #placesOf(indexes: readonly number[]): Map<number, readonly number[]> {
    const touched = new Map<number, number[]>();
    let there: number[] = [];
    let at = -1;
    for (const index of indexes) {
      const place = this.#places[index] as number;
      if (place !== at) {
        at = place;
        there = touched.get(place) ?? [];
        touched.set(place, there);
      }
      there.push(index);
    }
    return touched;
  }

  /** The places of these findings, each with all findings that are there. */
  #wholePlaces(indexes: readonly number[]): Map<number, readonly number[]> {
    const touched = new Map<number, readonly number[]>();
    let at = -1;
    for (const index of indexes) {
      const place = this.#places[index] as number;
      if (place !== at) touched.set(place, this.#at[place] ?? []);
      at = place;
    }
    return touched;
  }

  #count(place: number, indexes: readonly number[]): void {
    for (const index of indexes) {
      const cell = place * width + (this.#severities[index] as number);
      this.#counts[cell] = (this.#counts[cell] as number) + 1;
    }
  }

  /** By how many there are of each severity, the worst one first; then by name and version. */
  #isWorse(place: number, other: number): boolean {
    for (let rank = 0; rank < width; rank++) {
      const [a, b] = [this.#counts[place * width + rank] as number, this.#counts[other * width + rank] as number];
      if (a !== b) return a > b;
    }
    return compareText(this.#sortKey(place), this.#sortKey(other)) < 0;
  }

  #sortKey(place: number): string {
    const first = this.#findings[this.#at[place]?.[0] as number];
    return first ? `${first.name}\0${first.version}\0${first.paths[0] ?? ''}` : '';
  }

  #versionFor(indexes: readonly number[]): string {
    const findings = indexes.map((index) => this.#findings[index] as Finding);
    const [first] = findings;
    return (first && clearingFix(findings, orderOf(first))?.version) ?? '';
  }
}
