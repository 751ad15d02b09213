import { purlTerms } from '../../format/vex/purl-terms.ts';
import { digestIn } from '../../model/digest.ts';
import type { EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import { parseReference, type Reference } from '../../model/reference.ts';
import type { VexComponent } from '../../model/vex.ts';
import { type Contained, containersIn } from './containers.ts';
import type { ImageFit, KnownPackage } from './terms.ts';

/** What statements are held against: a target, what it is called, and its packages. */
export interface Scene {
  readonly target: EvidenceTarget;
  /** Digests by which the target is known: its manifest, its configuration, and what the user named. */
  readonly digests: ReadonlySet<string>;
  /** References under which the user named the target. */
  readonly references: readonly Reference[];
  /** The package of a finding; undefined when it is not in the list. */
  packageOf(finding: Finding): KnownPackage | undefined;
  /** The packages that all files of a package are within: the program that it is compiled into, the archive around it … */
  containersOf(found: Package): readonly KnownPackage[];
  /** What was found out already, on components being the image and on purl keys that concern a finding. */
  readonly images: Map<VexComponent, ImageFit>;
  readonly keys: Map<Finding, ReadonlySet<string>>;
}

/** Sets the scene. `names` are references, or digests of indexes that lead to the target; what is neither is left out. */
export function sceneOf(target: EvidenceTarget, packages: readonly Package[], names: readonly string[]): Scene {
  const references = names.flatMap(referenceIn);
  const digests = new Set<string>();
  for (const digest of [target.digest, target.id, ...references.map((one) => one.digest), ...names.map(digestIn)]) {
    if (digest !== undefined) digests.add(digest);
  }
  const byPurl = new Map<string, KnownPackage[]>();
  const all = packages.map((found): KnownPackage => ({ found, terms: purlTerms(found.purl) }));
  for (const known of all) {
    const same = byPurl.get(known.found.purl);
    if (same) same.push(known);
    else byPurl.set(known.found.purl, [known]);
  }
  let contained: Contained | undefined;
  const containers = new Map<Package, readonly KnownPackage[]>();
  return {
    target,
    digests,
    references,
    packageOf(finding) {
      const same = byPurl.get(finding.package) ?? [];
      return same.find(({ found }) => found.presence === finding.presence) ?? same[0];
    },
    containersOf(found) {
      contained ??= containersIn(all, byPurl);
      const holders = containers.get(found) ?? contained(found);
      containers.set(found, holders);
      return holders;
    },
    images: new Map(),
    keys: new Map(),
  };
}

function referenceIn(name: string): Reference[] {
  if (digestIn(name) !== undefined) return [];
  try {
    return [parseReference(name)];
  } catch {
    // A path, or what else stands for a target.
    return [];
  }
}
