import type { Ecosystem } from '../ecosystem/contract.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob, OpenLayer, ReadRange } from '../source/contract.ts';
import { SluiceError } from '../util/error.ts';
import { Gate } from '../util/gate.ts';
import { type Attributes, inStep, type Step } from '../util/telemetry/step.ts';
import type { LayerCache } from './layer-cache.ts';
import type { LayerLook } from './looking/contract.ts';
import { hasLooked } from './looking/has-looked.ts';
import { SurveyPool } from './survey-pool.ts';
import { type Awaited, type Surveyed, taskKey } from './survey-task.ts';
import { failureOf, layerError } from './worker-protocol.ts';

/** Surveys that other machines made, and a place to leave ours: see `--cache`. It may be slow, wrong or gone. */
export interface SharedSurveys {
  /** The survey of exactly this blob by this version of the analyzer; undefined when there is none that can be believed. Never throws. */
  find(blob: LayerBlob): Promise<LayerSurvey | undefined>;
  /** Leaves the encoded survey of a blob whose digests were checked. Never throws. */
  keep(blob: LayerBlob, encoded: Buffer): Promise<void>;
}

/** Layers that are read by their index at once: each has several requests under way, and their bytes in memory. */
const indexedAtOnce = 3;

/** How an image's layers are surveyed. */
export interface SurveyOptions {
  readonly ecosystems: readonly Ecosystem[];
  readonly open: OpenLayer;
  /** What is looked for beside packages. Absent: nothing. */
  readonly look?: LayerLook | undefined;
  /** Absent: layers are read whole, whatever index they have. */
  readonly readRange?: ReadRange | undefined;
  /** Absent: nothing is kept and nothing is known. */
  readonly cache?: LayerCache | undefined;
  /** Absent: nothing is shared. */
  readonly shared?: SharedSurveys | undefined;
  /** The threads of this process; made for this image alone when absent. */
  readonly pool?: SurveyPool | undefined;
  /** Most threads of a pool that is made; as many as cores when absent. */
  readonly jobs?: number | undefined;
  /** What each layer is measured beneath. Absent: nothing is measured. */
  readonly trace?: Step | undefined;
  /** Called after each layer. */
  readonly onLayer?: (done: number, all: number) => void;
  /** Told of each layer what becomes of it. */
  readonly onLayerState?: ((state: LayerState) => void) | undefined;
}

/** Where the work on one layer stands. */
export interface LayerState {
  readonly layer: number;
  /** `known` from a cache, `waiting` for its turn, `reading`, or `read`. */
  readonly state: 'known' | 'waiting' | 'reading' | 'read';
  /** Size of the blob in bytes. */
  readonly size: number;
  /** How many packages it brought, once that is known. */
  readonly packages?: number;
}

/** Where the survey of a layer is from: a cache, its index, its bytes; nowhere, when another layer has failed. */
type LayerFrom = 'cache' | 'shared' | 'index' | 'read' | 'nothing';

/** A layer to survey, and its number in the image. */
interface Missing {
  readonly blob: LayerBlob;
  readonly layer: number;
}

/** The surveys of an image's layers, bottom first: known ones from a cache, the others read side by side. @throws SluiceError */
export async function surveyImage(layers: readonly LayerBlob[], options: SurveyOptions): Promise<LayerSurvey[]> {
  const pool = options.pool ?? new SurveyPool({ jobs: options.jobs });
  try {
    const work = new SurveyWork(layers, options, pool);
    await work.run();
    return work.surveys();
  } finally {
    if (!options.pool) pool.close();
  }
}

class SurveyWork {
  readonly #layers: readonly LayerBlob[];
  readonly #options: SurveyOptions;
  readonly #pool: SurveyPool;
  /**
   * Layers that stand in the image twice, such as empty ones, are surveyed once. The diffID alone would not do: a layer
   * of which only an index was read could claim that of a clean one, and would be taken for it.
   */
  readonly #byKey = new Map<string, LayerSurvey>();
  /** What is waited for, by the number of the layer. */
  readonly #awaited = new Map<number, Awaited<unknown>>();
  /** The lowest layer that failed: it is the error of the image, however the threads went. */
  #failed: { readonly layer: number; readonly error: unknown } | undefined;
  #done = 0;
  readonly #indexed = new Gate(indexedAtOnce);

  constructor(layers: readonly LayerBlob[], options: SurveyOptions, pool: SurveyPool) {
    this.#layers = layers;
    this.#options = options;
    this.#pool = pool;
  }

  async run(): Promise<void> {
    await Promise.all(
      this.#missing().map((item) => this.#measured(item).catch((thrown: unknown) => this.#fail(item, thrown))),
    );
    if (this.#failed) throw this.#failed.error;
  }

  surveys(): LayerSurvey[] {
    return this.#layers.map((blob) => {
      const survey = this.#byKey.get(taskKey(blob));
      if (!survey) throw new SluiceError('layer/unreadable', `the layer ${blob.digest} was not read`);
      return survey;
    });
  }

  #missing(): Missing[] {
    const missing = new Map<string, Missing>();
    this.#layers.forEach((blob, layer) => {
      const key = taskKey(blob);
      if (missing.has(key) || this.#byKey.has(key)) return;
      const known = this.#options.cache?.find(blob, this.#options.look?.looked);
      if (!known) {
        missing.set(key, { blob, layer });
        this.#tell(blob, 'waiting');
        return;
      }
      this.#options.trace?.step('layer', { ...layerAttributes({ blob, layer }), ...fromAttributes('cache') }).end();
      this.#add(blob, known);
    });
    return [...missing.values()];
  }

  #measured(item: Missing): Promise<void> {
    return inStep(this.#options.trace, 'layer', async (step) => {
      step?.set(layerAttributes(item));
      const from = await this.#survey(item);
      step?.set(fromAttributes(from));
    });
  }

  async #survey(item: Missing): Promise<LayerFrom> {
    const { blob, layer } = item;
    const { cache, shared } = this.#options;
    // To look into a layer whose digest is only claimed is less work than to check it.
    const known = shared && !blob.claimed ? await this.#findShared(item, shared) : undefined;
    if (known) return this.#add(blob, known, 'shared');
    // A lower layer has failed meanwhile: its error is the one that counts.
    if (this.#failed && this.#failed.layer < layer) return 'nothing';
    const indexed = blob.index && (await this.#indexed.run(() => this.#byIndex(blob)));
    if (indexed) return this.#add(blob, indexed, 'index');
    const { survey, encoded } = await this.#wait<Surveyed>(
      layer,
      this.#pool.survey(blob, { ...this.#options, onStart: () => this.#tell(blob, 'reading') }),
    );
    if (survey.read === undefined && this.#options.look?.values !== true) {
      cache?.keep(blob, encoded());
      shared?.keep(blob, encoded()).catch(() => undefined);
    }
    return this.#add(blob, survey, 'read');
  }

  /**
   * What another machine made of this blob. The digest is only a claim of whoever wrote the image, unless the bytes
   * have it: a registry's are named by it, and a local file's are hashed. The configuration's claim must be right too.
   */
  async #findShared({ blob, layer }: Missing, shared: SharedSurveys): Promise<LayerSurvey | undefined> {
    const found = await shared.find(blob);
    if (found?.diffId !== blob.diffId || found.read !== undefined) return undefined;
    if (!hasLooked(found, this.#options.look?.looked)) return undefined;
    if (blob.place.kind === 'registry') return found;
    if (blob.place.size !== blob.size) return undefined;
    const digest = await this.#wait(layer, this.#pool.digest(blob, this.#options));
    return digest === blob.digest ? found : undefined;
  }

  /** Loads what reads an index only for layers that have one. */
  async #byIndex(blob: LayerBlob): Promise<LayerSurvey | undefined> {
    const { surveyFromIndex } = await import('./survey-index.ts');
    return surveyFromIndex(blob, this.#options.ecosystems, this.#options.readRange, this.#options.look);
  }

  async #wait<T>(layer: number, awaited: Awaited<T>): Promise<T> {
    this.#awaited.set(layer, awaited);
    try {
      return await awaited.result;
    } finally {
      this.#awaited.delete(layer);
      awaited.leave();
    }
  }

  #fail({ blob, layer }: Missing, thrown: unknown): void {
    if (this.#failed && this.#failed.layer < layer) return;
    // What is no foreseen failure is a bug, and shows as one.
    const error = thrown instanceof SluiceError ? layerError(layer, blob, failureOf(thrown)) : thrown;
    this.#failed = { layer, error };
    for (const [other, awaited] of [...this.#awaited]) if (other > layer) awaited.leave();
  }

  #add(blob: LayerBlob, survey: LayerSurvey, from: LayerFrom = 'cache'): LayerFrom {
    this.#byKey.set(taskKey(blob), survey);
    this.#options.onLayer?.(++this.#done, this.#layers.length);
    this.#tell(blob, from === 'cache' || from === 'shared' ? 'known' : 'read', survey);
    return from;
  }

  /** Of all layers that are this blob. */
  #tell(blob: LayerBlob, state: LayerState['state'], survey?: LayerSurvey): void {
    const { onLayerState } = this.#options;
    if (!onLayerState) return;
    const key = taskKey(blob);
    const packages = survey?.files.reduce((sum, file) => sum + file.packages.length, 0);
    const told = { state, size: blob.size, ...(packages === undefined ? {} : { packages }) };
    this.#layers.forEach((other, layer) => {
      if (taskKey(other) === key) onLayerState({ layer, ...told });
    });
  }
}

function layerAttributes({ blob, layer }: Missing): Attributes {
  return {
    'sluice.layer.number': layer,
    'sluice.layer.diff_id': blob.diffId,
    'sluice.layer.digest': blob.digest,
    'sluice.layer.size': blob.size,
  };
}

function fromAttributes(from: LayerFrom): Attributes {
  return { 'sluice.layer.from': from, 'sluice.layer.cached': from === 'cache' || from === 'shared' };
}
