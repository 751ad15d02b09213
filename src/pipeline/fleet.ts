import { availableParallelism } from 'node:os';
import { SurveyPool } from '../catalog/survey-pool.ts';
import type { Wanted } from '../model/collected.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Judged } from '../policy/judge.ts';
import type { Failure } from '../report/fleet/row.ts';
import type { FleetLayerTotals } from '../report/fleet/table.ts';
import { identifyTarget, type Target } from '../source/target.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import type { Step } from '../util/telemetry/step.ts';
import { type FleetLayers, type LayerName, nameOf } from './fleet-layers.ts';
import type { ListedTarget } from './fleet-list.ts';
import { inOrder } from './fleet-order.ts';
import { FleetShared } from './fleet-shared.ts';
import type { ScanCaches, ScanOptions } from './options.ts';
import { scan } from './scan.ts';

/** Most images that are looked into at once: each holds its surveys and the tree of its files in memory. */
const mostAtOnce = 8;

/** Most images that may be done, or begun, while an earlier one is not: their reports wait in memory. */
const mostAhead = 32;

/** What every image of a fleet is scanned with; the rest is the fleet's own. */
export type FleetScan = Omit<ScanOptions, 'caches' | 'onProgress' | 'pool' | 'wanted'>;

/** How many images are scanned. */
export interface FleetOptions<J extends Judged = Judged> {
  /** What each image is scanned with. */
  readonly scan: FleetScan;
  readonly caches: ScanCaches & { readonly layers: FleetLayers };
  /** Judges what was found of an image that goes by these names: by one moment for all images. */
  readonly judge: (evidence: Evidence, names: readonly string[]) => Promise<J>;
  /** What the policy for the image asks for beyond what every scan finds out. */
  readonly wanted?: (evidence: Evidence, names: readonly string[]) => Wanted | undefined;
  /** Told of every verdict where images are measured, with the step that is the image. */
  readonly onJudged?: (step: Step, target: ListedTarget, names: readonly string[], judged: J) => void;
  /** Told of every step. */
  readonly onProgress?: (progress: FleetProgress) => void;
  /** Told of retries and of credentials that could not be had, with the image they concern. */
  readonly onWarning?: (target: ListedTarget, message: string) => void;
}

/** How far a fleet is. */
export interface FleetProgress {
  readonly images: number;
  readonly allImages: number;
  /** Layers that are known by now, of those that were asked for. */
  readonly layers: number;
  readonly allLayers: number;
}

/** What became of one image. `T` is what was made of its evidence. */
export type FleetOutcome<T> =
  | { readonly target: ListedTarget; readonly made: T }
  | { readonly target: ListedTarget; readonly failure: Failure };

/**
 * Scans many targets, several at once, and hands on what `make` makes of each, in the order of the list. A target that
 * can't be read is an outcome like others. Evidence is not kept: what `make` returns should be small.
 * @throws SluiceError that `make` or `take` throws, except for one that is about a single image
 */
export async function scanFleet<T, J extends Judged = Judged>(
  targets: readonly ListedTarget[],
  options: FleetOptions<J>,
  make: (target: ListedTarget, judged: J) => T,
  take: (outcome: FleetOutcome<T>) => void,
): Promise<FleetLayerTotals> {
  const images = new Map<string, CountedLayer>();
  const pool = new SurveyPool({ jobs: options.scan.jobs });
  const shared = options.scan.shared && new FleetShared(options.scan.shared, options.caches.layers);
  let done = 0;
  const tell = (): void => {
    const { asked, done: layers } = options.caches.layers.counts;
    options.onProgress?.({ images: done, allImages: targets.length, layers, allLayers: asked });
  };
  const work = async (target: ListedTarget): Promise<FleetOutcome<T>> => {
    const step = options.scan.trace?.step('image');
    try {
      const identified = identify(target);
      const names = identified.kind === 'registry' ? [identified.reference] : [];
      const found = await scan(identified, {
        ...scanOptions(target, options),
        pool,
        shared,
        trace: step,
        wanted: (looked) => options.wanted?.(looked, names),
        onProgress: tell,
      });
      countLayers(found.target.layers, images);
      options.caches.layers.settle(found.target.layers);
      const judged = await options.judge(found, names);
      if (step) options.onJudged?.(step, target, names, judged);
      return { target, made: make(target, judged) };
    } catch (thrown) {
      step?.end(thrown);
      if (concernsAll(thrown)) throw thrown;
      return { target, failure: failureOf(thrown) };
    } finally {
      step?.end();
      done++;
      tell();
    }
  };
  try {
    await inOrder(targets, { atOnce: imagesAtOnce(options.scan.jobs), ahead: mostAhead }, work, take);
  } finally {
    pool.close();
  }
  return totalsOf(images.values(), options.caches.layers);
}

/** Twice as many images as threads, so that the threads find work while manifests are fetched and findings matched. */
function imagesAtOnce(jobs = availableParallelism()): number {
  return Math.min(mostAtOnce, 2 * jobs);
}

function identify({ text: written, of }: ListedTarget): Target {
  const text = of?.image ?? written;
  // What looks like a flag is a slip, and no image is called so.
  if (text.startsWith('-')) throw new SluiceError('target/missing', `${text} is no target`);
  return identifyTarget(text);
}

function scanOptions(target: ListedTarget, options: Pick<FleetOptions, 'scan' | 'caches' | 'onWarning'>): ScanOptions {
  const { scan: given, caches, onWarning } = options;
  const access = { ...given.access, onWarning: (message: string) => onWarning?.(target, message) };
  const platform = target.of ? { platform: target.of.platform, explicit: true } : given.platform;
  return { ...given, platform, access, caches };
}

/** A layer, and how many images have it. */
interface CountedLayer {
  readonly layer: LayerName;
  images: number;
}

/** An image that has a layer twice counts once. */
function countLayers(own: readonly LayerName[], all: Map<string, CountedLayer>): void {
  for (const [name, layer] of new Map(own.map((layer) => [nameOf(layer), layer]))) {
    const counted = all.get(name) ?? { layer, images: 0 };
    counted.images++;
    all.set(name, counted);
  }
}

function totalsOf(counted: Iterable<CountedLayer>, layers: FleetLayers): FleetLayerTotals {
  const totals = { layers: 0, surveyed: 0, known: 0, shared: 0 };
  for (const { layer, images } of counted) {
    totals.layers++;
    if (layers.wasSurveyed(layer)) totals.surveyed++;
    else totals.known++;
    if (images > 1) totals.shared++;
  }
  return totals;
}

/** Reports that can't be written and data that can't be read are no fault of the image that met them first. */
function concernsAll(thrown: unknown): boolean {
  return thrown instanceof SluiceError && (thrown.code === 'output/unwritable' || thrown.code.startsWith('advisory/'));
}

/** One image that meets a bug of ours must not cost the results of all others. */
function failureOf(thrown: unknown): Failure {
  if (thrown instanceof SluiceError) return { code: thrown.code, message: thrown.message, hint: thrown.hint };
  return { code: 'bug/unforeseen', message: messageOf(thrown), hint: 'this is a bug in sluice: please report it' };
}
