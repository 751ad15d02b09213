import type { Ecosystem } from '../../ecosystem/contract.ts';
import { placeKey } from '../../match/fix/contract.ts';
import { movedTo } from '../../match/fix/moved.ts';
import type { Unit } from '../../match/fix/units.ts';
import { chosenVersion, type Tried, versionsToTry } from '../../match/fix/versions.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { Rematch } from './rematch.ts';
import { type Judge, stopsByPackage, stopsOf } from './stops.ts';

/** A unit with the version to move it to, and its packages there. */
export interface Move {
  readonly unit: Unit;
  readonly to: string;
  readonly packages: readonly Package[];
  /** Findings in these packages. */
  readonly findings: readonly Finding[];
}

/** What can be moved, and what of the rest no version ends. */
export interface Moves {
  readonly moves: readonly Move[];
  /** Units at whose findings the gate stops, and no version of which is better. */
  readonly stuck: readonly Unit[];
}

/** How often versions are sought that end what a first choice brought. */
const mostRounds = 3;

interface Attempt {
  readonly unit: Unit;
  readonly version: string;
  readonly packages: readonly Package[];
}

/**
 * Chooses for each unit at whose findings the gate stops the version to move it to. All versions of all units are matched
 * at once, as if they stood beside each other: what is matched in one package does not depend on another.
 */
export async function chooseVersions(
  units: readonly Unit[],
  evidence: Evidence,
  ecosystemOf: (id: string) => Ecosystem | undefined,
  rematch: Rematch,
  judge: Judge,
): Promise<Moves> {
  const trials = new Trials(evidence, ecosystemOf, rematch, judge);
  const stops = stopsByPackage(stopsOf(judge, evidence));
  const stopping = units.filter((unit) => unit.members.some(({ found }) => (stops.get(found.purl) ?? 0) > 0));
  const now = new Map(stopping.map((unit) => [unit, sum(unit.members.map(({ found }) => stops.get(found.purl) ?? 0))]));
  await trials.run(stopping.flatMap((unit) => trials.attempts(unit, unit.findings)));
  for (let round = 1; round < mostRounds; round++) {
    const again = stopping.flatMap((unit) => {
      const tried = trials.of(unit);
      if (tried.some(({ stops: left }) => left === 0)) return [];
      return trials.attempts(
        unit,
        tried.flatMap(({ version }) => trials.findings(unit, version)),
      );
    });
    if (again.length === 0) break;
    await trials.run(again);
  }
  const moves: Move[] = [];
  const stuck: Unit[] = [];
  for (const unit of stopping) {
    const best = chosenVersion(unit, trials.of(unit), now.get(unit)!);
    if (!best) stuck.push(unit);
    else {
      const packages = trials.packages(unit, best.version);
      moves.push({ unit, to: best.version, packages, findings: trials.findings(unit, best.version) });
    }
  }
  return { moves, stuck };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What was tried, and what came of it. */
class Trials {
  readonly #evidence: Evidence;
  readonly #ecosystemOf: (id: string) => Ecosystem | undefined;
  readonly #rematch: Rematch;
  readonly #judge: Judge;
  readonly #tried = new Map<Unit, Map<string, { packages: readonly Package[]; stops: number }>>();
  readonly #found = new Map<string, Finding[]>();

  constructor(evidence: Evidence, ecosystemOf: (id: string) => Ecosystem | undefined, rematch: Rematch, judge: Judge) {
    this.#evidence = evidence;
    this.#ecosystemOf = ecosystemOf;
    this.#rematch = rematch;
    this.#judge = judge;
  }

  /** The versions that fix these findings of a unit and were not tried yet. */
  attempts(unit: Unit, findings: readonly Finding[]): Attempt[] {
    const ecosystem = this.#ecosystemOf(unit.ecosystem);
    if (!ecosystem) return [];
    const tried = this.#tried.get(unit);
    return versionsToTry({ ...unit, findings }, ecosystem.order)
      .filter((version) => !tried?.has(version))
      .map((version) => {
        return { unit, version, packages: movedTo(unit, version, ecosystem, this.#evidence.target.distribution) };
      });
  }

  /** Matches all of them at once, beside what is there: owners answer for what they own. */
  async run(attempts: readonly Attempt[]): Promise<void> {
    if (attempts.length === 0) return;
    const packages = unique(attempts.flatMap((attempt) => attempt.packages));
    const all = await this.#rematch.evidence(this.#evidence, [...this.#evidence.packages, ...packages]);
    const wanted = new Set(packages.map(({ purl }) => purl));
    const findings = all.findings.filter((finding) => wanted.has(finding.package));
    // Packages that came to be the same in several places were matched as one.
    const found = new Map<string, Finding[]>();
    for (const finding of findings) {
      for (const path of finding.paths) {
        const key = placeKey(finding.package, [path]);
        const known = found.get(key);
        if (known) known.push(finding);
        else found.set(key, [finding]);
      }
    }
    for (const [key, those] of found) this.#found.set(key, those);
    const stops = stopsByPackage(stopsOf(this.#judge, { ...this.#evidence, packages, findings, problems: [] }));
    for (const { unit, version, packages: moved } of attempts) {
      const tried = this.#tried.get(unit) ?? new Map();
      this.#tried.set(unit, tried);
      tried.set(version, { packages: moved, stops: sum(moved.map(({ purl }) => stops.get(purl) ?? 0)) });
    }
  }

  /** What was tried of a unit, oldest version first. */
  of(unit: Unit): Tried[] {
    const compare = this.#ecosystemOf(unit.ecosystem)?.order.compare;
    const tried = [...(this.#tried.get(unit) ?? [])].map(([version, { stops }]) => ({ version, stops }));
    return compare ? tried.sort((a, b) => compare(a.version, b.version)) : tried;
  }

  packages(unit: Unit, version: string): readonly Package[] {
    return this.#tried.get(unit)?.get(version)?.packages ?? [];
  }

  findings(unit: Unit, version: string): Finding[] {
    return this.packages(unit, version).flatMap(({ purl, paths }) => {
      const found = this.#found.get(placeKey(purl, paths)) ?? [];
      return found.map((finding) => ({ ...finding, paths }));
    });
  }
}

function unique(packages: readonly Package[]): Package[] {
  return [
    ...new Map(packages.map((found) => [`${placeKey(found.purl, found.paths)}\0${found.presence}`, found])).values(),
  ];
}
