import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { Distribution, Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { collectedOn, imageOn } from './rebased-facts.ts';

/** An image as it would be on another base. */
export interface Rebased {
  readonly evidence: Evidence;
  /** Names of distribution packages whose versions on the other base nobody knows, sorted. */
  readonly unknown: readonly string[];
}

/**
 * Puts the packages of a candidate in the place of those of the base, with the image's own layers on it as they are. A
 * package that the image's own layers installed or updated, and that the candidate has as well, is the newer of the two.
 * Findings are those of before: match again.
 */
export function rebased(
  evidence: Evidence,
  baseLayers: number,
  candidate: Evidence,
  name: string,
  ecosystemOf: (id: string) => Ecosystem | undefined,
): Rebased {
  const shift = candidate.target.layers.length - baseLayers;
  const theirs = new Map(candidate.packages.map((found, at) => [installedKey(found), at]));
  const packages = [...candidate.packages];
  const isOtherRelease = !isSameRelease(evidence.target.distribution, candidate.target.distribution);
  const unknown = new Set<string>();
  for (const found of evidence.packages) {
    if (found.layer < baseLayers) continue;
    const own = { ...found, layer: found.layer + shift };
    const ecosystem = ecosystemOf(found.ecosystem);
    const at = ecosystem?.database ? theirs.get(installedKey(found)) : undefined;
    if (at === undefined) {
      packages.push(own);
      if (ecosystem?.database && isOtherRelease) unknown.add(found.name);
    } else if (!isOtherRelease && ecosystem && ecosystem.order.compare(own.version, packages[at]!.version) > 0) {
      packages[at] = own;
    }
  }
  const target = targetOn(evidence.target, candidate.target, baseLayers, name);
  const problems = problemsOn(evidence.problems, candidate.problems, baseLayers, shift);
  const { image: _image, collected: _collected, ...rest } = evidence;
  const on = { baseLayers, shift };
  const image = imageOn(evidence.image, candidate.image, on);
  const collected = collectedOn(evidence.collected, candidate.collected, on);
  return {
    evidence: {
      ...rest,
      target,
      packages,
      problems,
      ...(image ? { image } : {}),
      ...(collected ? { collected } : {}),
    },
    unknown: [...unknown].sort(),
  };
}

function installedKey({ ecosystem, name, arch = '' }: Package): string {
  return `${ecosystem}\0${name}\0${arch}`;
}

function isSameRelease(a: Distribution | undefined, b: Distribution | undefined): boolean {
  return a?.id === b?.id && a?.version === b?.version;
}

function targetOn(own: EvidenceTarget, base: EvidenceTarget, baseLayers: number, name: string): EvidenceTarget {
  const { distribution: _old, contentSets: _sets, release: _end, ...rest } = own;
  const { distribution, contentSets, digest } = base;
  return {
    ...rest,
    ...(distribution ? { distribution } : {}),
    ...(contentSets ? { contentSets } : {}),
    base: { name, ...(digest ? { digest } : {}), layers: base.layers.length, by: 'flag' },
    layers: [...base.layers, ...own.layers.slice(baseLayers)],
  };
}

/** What could not be read below is the candidate's affair now; what stands nowhere is of either. */
function problemsOn(own: readonly Problem[], base: readonly Problem[], baseLayers: number, shift: number): Problem[] {
  const above = own.flatMap((problem) => {
    if (problem.layer === undefined) return problem;
    return problem.layer < baseLayers ? [] : { ...problem, layer: problem.layer + shift };
  });
  return [...base, ...above];
}
