import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { Package } from '../../model/package.ts';
import { compareText } from '../../util/compare-text.ts';
import { harmless } from '../../util/harmless.ts';
import { dependenciesOf } from '../sbom/dependencies.ts';
import { commandText } from '../text-command.ts';

/** Most manifests of a snapshot: what has more is no image that anybody builds. */
const manifestsTold = 5_000;

/** Longest name of a manifest and longest value of its metadata, in characters. */
const longestText = 500;

/** One package in a manifest, by GitHub's schema of snapshots. */
export interface Resolved {
  readonly package_url: string;
  readonly relationship: 'direct' | 'indirect';
  readonly scope: 'runtime' | 'development';
  readonly dependencies: readonly string[];
}

/** One list of packages that were found together. */
export interface Manifest {
  readonly name: string;
  readonly file?: { readonly source_location: string };
  readonly metadata?: Readonly<Record<string, string | number>>;
  readonly resolved: Readonly<Record<string, Resolved>>;
}

/** What a manifest is made of. */
interface Gathered {
  readonly name: string;
  readonly file?: { readonly source_location: string };
  readonly metadata?: Readonly<Record<string, string | number>>;
  readonly resolved: Map<string, Resolved>;
}

/**
 * The packages by where they are from: those of a lock file under its path, those that are installed in an image by layer
 * and kind. What belongs to a distribution's package is left out: under its other name it would be alerted for a fix
 * that the distribution has made.
 */
export function manifestsOf({ packages, target }: Evidence): Record<string, Manifest> {
  const { of } = dependenciesOf(packages);
  const needed = new Set(of.flat());
  const gathered = new Map<string, Gathered>();
  packages.forEach((found, place) => {
    if (found.ownedBy !== undefined || !found.purl.startsWith('pkg:')) return;
    const needs = (of[place] ?? []).flatMap((other) => packages[other]?.purl ?? []);
    const resolved: Resolved = {
      package_url: found.purl,
      relationship: needed.has(place) ? 'indirect' : 'direct',
      scope: found.dev ? 'development' : 'runtime',
      dependencies: [...new Set(needs)].filter((purl) => purl !== found.purl).sort(compareText),
    };
    for (const manifest of placesOf(found, target)) add(gathered, manifest, resolved);
  });
  const sorted = [...gathered.values()].sort((a, b) => compareText(a.name, b.name)).slice(0, manifestsTold);
  // An entry's name may be `__proto__`: fromEntries makes it a member like any other.
  return Object.fromEntries(
    sorted.map(({ resolved, ...manifest }) => [
      manifest.name,
      { ...manifest, resolved: Object.fromEntries([...resolved].sort(([a], [b]) => compareText(a, b))) },
    ]),
  );
}

function add(gathered: Map<string, Gathered>, manifest: Omit<Gathered, 'resolved'>, found: Resolved): void {
  const known = gathered.get(manifest.name) ?? { ...manifest, resolved: new Map<string, Resolved>() };
  gathered.set(manifest.name, known);
  const same = known.resolved.get(found.package_url);
  known.resolved.set(found.package_url, same === undefined ? found : merged(same, found));
}

/** One package that was found twice: what anybody needs to run is no development's alone. */
function merged(one: Resolved, other: Resolved): Resolved {
  return {
    package_url: one.package_url,
    relationship: one.relationship === 'direct' ? 'direct' : other.relationship,
    scope: one.scope === 'runtime' ? 'runtime' : other.scope,
    dependencies: [...new Set([...one.dependencies, ...other.dependencies])].sort(compareText),
  };
}

function placesOf(found: Package, target: EvidenceTarget): Omit<Gathered, 'resolved'>[] {
  const isSource = target.kind === 'source';
  if (found.presence === 'declared' || isSource) {
    const paths = found.paths.length === 0 ? [found.ecosystem] : found.paths;
    return [...new Set(paths)].map((path) => {
      const name = shown(path.replace(/^\/+/, '')) || 'unknown';
      // Only the files of a source folder are in the repository.
      return isSource ? { name, file: { source_location: name } } : { name };
    });
  }
  const layer = target.layers[found.layer];
  if (layer === undefined) return [{ name: shown(found.ecosystem) || 'unknown' }];
  const command = shown(commandText(layer.createdBy));
  return [
    {
      name: `layer ${found.layer}: ${shown(found.ecosystem)}`,
      metadata: {
        layer: found.layer,
        diffId: layer.diffId,
        digest: layer.digest,
        ...(command === '' ? {} : { createdBy: command }),
      },
    },
  ];
}

function shown(text: string): string {
  return harmless(text.toWellFormed()).slice(0, longestText).toWellFormed();
}
