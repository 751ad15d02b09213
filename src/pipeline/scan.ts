import type { AdvisoryDb } from '../advisory/contract.ts';
import { takeInventory } from '../catalog/inventory.ts';
import type { LayerCache } from '../catalog/layer-cache.ts';
import { surveyImage } from '../catalog/survey-image.ts';
import { rereadLayer } from '../catalog/survey-layer.ts';
import { Surveyor } from '../catalog/surveyor.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import { matchPackages } from '../match/match.ts';
import { digestOfHex } from '../model/digest.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import { platformText } from '../model/image.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Presence } from '../model/package.ts';
import { blinding, compareProblems, type Problem } from '../model/problem.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { OpenedImage } from '../source/contract.ts';
import { walkDirectory } from '../source/directory.ts';
import type { PlatformChoice } from '../source/oci-image.ts';
import { openImage } from '../source/open.ts';
import type { RegistryAccess } from '../source/registry-image.ts';
import type { FolderTarget, ImageTarget, Target } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import { neededData } from './needed-data.ts';

/** Everything that a scan goes by. */
export interface ScanOptions {
  readonly ecosystems: readonly Ecosystem[];
  readonly access: RegistryAccess;
  readonly platform: PlatformChoice;
  /** Absent: nothing is kept and nothing is known. */
  readonly cache?: LayerCache | undefined;
  /** Absent: there is no data. */
  readonly db?: AdvisoryDb | undefined;
  /** Most threads. */
  readonly jobs?: number | undefined;
  /** Told what is being done: a short phrase. */
  readonly onProgress?: ((phrase: string) => void) | undefined;
}

/** What a target is, and what is in it, before anything is known of it. */
interface Looked {
  readonly target: EvidenceTarget;
  readonly inventory: Inventory;
}

/** Looks into a target and gathers the evidence on it. @throws SluiceError when it can't be read */
export async function scan(target: Target, options: ScanOptions): Promise<Evidence> {
  const looked = await lookInto(target, options);
  const { target: named, inventory } = looked;
  options.onProgress?.(`matching ${inventory.packages.length} packages`);
  const judged: Presence[] = target.kind === 'source' ? ['declared', 'installed'] : ['installed'];
  return gather(named, inventory, judged, options);
}

function lookInto(target: Target, options: ScanOptions): Promise<Looked> {
  return isFolder(target) ? lookIntoFolder(target, options) : lookIntoImage(target, options);
}

function isFolder(target: Target): target is FolderTarget {
  return target.kind === 'rootfs' || target.kind === 'source';
}

async function lookIntoImage(target: ImageTarget, options: ScanOptions): Promise<Looked> {
  const opened = await openImage(target, options.access, options.platform);
  try {
    const surveys = await surveyImage(opened.layers, {
      ecosystems: options.ecosystems,
      open: opened.open,
      cache: options.cache,
      jobs: options.jobs,
      onLayer: (done, all) => options.onProgress?.(`layer ${done} of ${all}`),
    });
    const inventory = await takeInventory(surveys, options.ecosystems, (layer, readAs) => {
      const blob = opened.layers[layer];
      if (!blob) throw new SluiceError('layer/unreadable', `there is no layer ${layer}`);
      return rereadLayer(blob, readAs, options.ecosystems, opened.open, options.cache);
    });
    const problems = [...opened.problems, ...inventory.problems];
    return { target: describe(opened, inventory, surveys), inventory: { ...inventory, problems } };
  } finally {
    opened.close();
  }
}

function describe({ image }: OpenedImage, inventory: Inventory, surveys: readonly LayerSurvey[]): EvidenceTarget {
  return {
    kind: 'image',
    ...(image.digest ? { digest: image.digest } : {}),
    id: image.id,
    platform: platformText(image.platform),
    ...(inventory.distribution ? { distribution: inventory.distribution } : {}),
    layers: image.layers.map((layer, i) => {
      const read = surveys[i]?.read;
      return read ? { ...layer, read } : layer;
    }),
  };
}

/** A folder is surveyed as if it were the one layer of an image; it has no digest, so nothing of it is kept. */
async function lookIntoFolder(target: FolderTarget, options: ScanOptions): Promise<Looked> {
  const surveyor = new Surveyor(options.ecosystems);
  const problems = walkDirectory(target.path, surveyor);
  const survey = surveyor.finish(digestOfHex('0'.repeat(64)), 0);
  const inventory = await takeInventory([survey], options.ecosystems, async (_layer, readAs) => {
    const again = new Surveyor(options.ecosystems);
    walkDirectory(target.path, again.reread(readAs));
    return again.finish(survey.diffId, 0).files;
  });
  const { distribution } = inventory;
  const named: EvidenceTarget = { kind: target.kind, ...(distribution ? { distribution } : {}), layers: [] };
  return { target: named, inventory: { ...inventory, problems: [...problems, ...inventory.problems] } };
}

function gather(
  target: EvidenceTarget,
  inventory: Inventory,
  judged: readonly Presence[],
  options: ScanOptions,
): Evidence {
  const { packages, distribution } = inventory;
  const byId = new Map(options.ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
  const ecosystemOf = (id: string) => byId.get(id);
  const needed = neededData(inventory, judged, options.ecosystems, options.db);
  const db = options.db ?? { has: () => false, lookup: () => [] };
  const matched = matchPackages(packages, { ecosystemOf, distribution, db });
  const problems: Problem[] = [
    ...inventory.problems,
    ...hiddenPackages(target, inventory, options.ecosystems),
    ...needed.problems,
    ...matched.problems,
  ];
  return {
    target,
    judged,
    packages,
    findings: matched.findings,
    problems: problems.sort(compareProblems),
    sources: needed.sources,
  };
}

/** A distribution without its package database is not a distribution without packages: what it holds can't be seen. */
function hiddenPackages(target: EvidenceTarget, inventory: Inventory, ecosystems: readonly Ecosystem[]): Problem[] {
  const { distribution, packages, problems } = inventory;
  if (!distribution || target.kind === 'source') return [];
  const native = ecosystems.find((ecosystem) => ecosystem.native?.(distribution));
  if (!native || packages.some((found) => found.ecosystem === native.id)) return [];
  // When the database is there and broken, that has been said.
  if (problems.some((problem) => problem.blinding && problem.code.startsWith(`${native.id}/`))) return [];
  const message = `the image says that it is ${distribution.name || distribution.id}, and holds no ${native.id} package database`;
  return [blinding('distribution/no-packages', message)];
}
