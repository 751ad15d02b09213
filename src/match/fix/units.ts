import type { Ecosystem } from '../../ecosystem/contract.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { Distribution, Package, Presence } from '../../model/package.ts';
import { compareText } from '../../util/compare-text.ts';
import { findingKey, placeKey } from './contract.ts';
import { byPlace } from './places.ts';

/** A package, or those of its paths that one change moves. */
export interface Placed {
  /** The package as the evidence has it. */
  readonly found: Package;
  /** Those of its paths that are moved. */
  readonly paths: readonly string[];
}

/** What one change moves to another version: the binary packages of one source package, or one dependency in one place. */
export interface Unit {
  readonly ecosystem: string;
  /** Name of the package; of a distribution's package that of its source. */
  readonly name: string;
  /** The version that advisories are compared with. */
  readonly from: string;
  /** As in the contract's `Bump`. */
  readonly place: string;
  readonly distribution: boolean;
  readonly members: readonly Placed[];
  /** The findings in its members that count, worst first. */
  readonly findings: readonly Finding[];
  /** Whether all of it is the base image's. */
  readonly isBase: boolean;
}

/** What units are made from. */
export interface UnitsOf {
  readonly packages: readonly Package[];
  readonly findings: readonly Finding[];
  readonly judged: readonly Presence[];
  readonly distribution: Distribution | undefined;
  /** How many of the lowest layers are the base image's. */
  readonly baseLayers: number;
  ecosystemOf(id: string): Ecosystem | undefined;
}

interface Draft {
  readonly ecosystem: string;
  readonly name: string;
  readonly from: string;
  readonly place: string;
  readonly distribution: boolean;
  readonly members: Placed[];
}

/** The units in which findings count, sorted by kind of package, name, version and place. */
export function unitsOf({ packages, findings, judged, distribution, baseLayers, ecosystemOf }: UnitsOf): Unit[] {
  const counting = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (!counts(finding, judged)) continue;
    const known = counting.get(findingKey(finding));
    if (known) known.push(finding);
    else counting.set(findingKey(finding), [finding]);
  }
  const drafts = new Map<string, Draft>();
  for (const found of packages) {
    // What another package owns has no version of its own that could be chosen.
    if (found.ownedBy !== undefined || found.presence === 'application') continue;
    for (const draft of draftsOf(found, ecosystemOf(found.ecosystem), distribution)) addDraft(drafts, draft);
  }
  return [...drafts.values()]
    .map((draft): Unit => {
      const own = draft.members.flatMap(({ found }) => counting.get(placeKey(found.purl, found.paths)) ?? []);
      return { ...draft, findings: own, isBase: draft.members.every(({ found }) => found.layer < baseLayers) };
    })
    .filter((unit) => unit.findings.length > 0)
    .sort(compareUnits);
}

function addDraft(drafts: Map<string, Draft>, draft: Draft): void {
  const key = JSON.stringify([draft.ecosystem, draft.name, draft.from, draft.place]);
  const known = drafts.get(key);
  if (known) known.members.push(...draft.members);
  else drafts.set(key, draft);
}

/** A distribution's package in one place; a dependency in each place that names it. */
function draftsOf(found: Package, ecosystem: Ecosystem | undefined, distribution: Distribution | undefined): Draft[] {
  const key = ecosystem?.advisories(found, distribution);
  if (!ecosystem || !key) return [];
  const { ecosystem: kind, paths } = found;
  if (ecosystem.database) {
    const name = found.origin?.name ?? found.name;
    return [{ ecosystem: kind, name, from: key.version, place: '', distribution: true, members: [{ found, paths }] }];
  }
  return [...byPlace(paths)].map(([place, own]) => {
    const members = [{ found, paths: own }];
    return { ecosystem: kind, name: found.name, from: found.version, place, distribution: false, members };
  });
}

function compareUnits(a: Unit, b: Unit): number {
  return (
    compareText(a.ecosystem, b.ecosystem) ||
    compareText(a.name, b.name) ||
    compareText(a.from, b.from) ||
    compareText(a.place, b.place)
  );
}
