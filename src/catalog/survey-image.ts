import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Ecosystem } from '../ecosystem/contract.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob, OpenLayer } from '../source/contract.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { dealLayers, type NumberedBlob } from './layer-bins.ts';
import type { LayerCache } from './layer-cache.ts';
import { decodeSurvey, encodeSurvey } from './survey-codec.ts';
import { surveyLayer } from './survey-layer.ts';
import { layerError, type SurveyAnswer } from './worker-protocol.ts';

/** Surveys that other machines made, and a place to leave ours: see `--cache`. It may be slow, wrong or gone. */
export interface SharedSurveys {
  /** The survey of exactly this blob by this version of the analyzer; undefined when there is none that can be believed. Never throws. */
  find(blob: LayerBlob): Promise<LayerSurvey | undefined>;
  /** Leaves the encoded survey of a blob whose digests were checked. Never throws. */
  keep(blob: LayerBlob, encoded: Buffer): Promise<void>;
}

/** How an image's layers are surveyed. */
export interface SurveyOptions {
  readonly ecosystems: readonly Ecosystem[];
  readonly open: OpenLayer;
  /** Absent: nothing is kept and nothing is known. */
  readonly cache?: LayerCache | undefined;
  /** Most threads; as many as cores when absent. */
  readonly jobs?: number | undefined;
  /** Called after each layer. */
  readonly onLayer?: (done: number, all: number) => void;
}

/** The surveys of an image's layers, bottom first: known ones from the cache, the others read side by side. @throws SluiceError */
export async function surveyImage(layers: readonly LayerBlob[], options: SurveyOptions): Promise<LayerSurvey[]> {
  const work = new SurveyWork(layers, options);
  await work.run();
  return work.surveys();
}

class SurveyWork {
  readonly #layers: readonly LayerBlob[];
  readonly #options: SurveyOptions;
  /** Layers that stand in the image twice, such as empty ones, are surveyed once. */
  readonly #byDiffId = new Map<string, LayerSurvey>();
  #done = 0;

  constructor(layers: readonly LayerBlob[], options: SurveyOptions) {
    this.#layers = layers;
    this.#options = options;
  }

  async run(): Promise<void> {
    const missing = this.#missing();
    const [own = [], ...others] = workerFile === undefined ? [missing] : dealLayers(missing, this.#options.jobs);
    const threads = others.map((bin) => this.#thread(bin));
    // A failure in one bin must not leave the others' rejections unheard.
    const results = await Promise.allSettled([this.#here(own), ...threads]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  surveys(): LayerSurvey[] {
    return this.#layers.map((blob) => {
      const survey = this.#byDiffId.get(blob.diffId);
      if (!survey) throw new SluiceError('layer/unreadable', `the layer ${blob.digest} was not read`);
      return survey;
    });
  }

  #missing(): NumberedBlob[] {
    const missing = new Map<string, NumberedBlob>();
    this.#layers.forEach((blob, layer) => {
      // Two blobs may claim the same diffID, and two members of an archive the same digest; each must prove it.
      const { place } = blob;
      const key = `${blob.diffId} ${blob.digest} ${place.kind === 'region' ? `${place.offset} ${place.size}` : ''}`;
      if (missing.has(key)) return;
      const known = this.#options.cache?.find(blob);
      if (known) this.#add(known);
      else missing.set(key, { blob, layer });
    });
    return [...missing.values()];
  }

  async #here(items: readonly NumberedBlob[]): Promise<void> {
    for (const item of items) {
      try {
        const survey = await surveyLayer(item.blob, this.#options.ecosystems, this.#options.open);
        this.#options.cache?.keep(item.blob, encodeSurvey(survey));
        this.#add(survey);
      } catch (thrown) {
        if (!(thrown instanceof SluiceError)) throw thrown;
        throw layerError(item, thrown.code, thrown.message);
      }
    }
  }

  #thread(items: readonly NumberedBlob[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(workerFile ?? '', { workerData: { layers: items }, env: {}, execArgv: [] });
      worker.on('message', (answer: SurveyAnswer) => {
        const item = items.find((candidate) => candidate.layer === answer.layer);
        if (!item) return;
        if ('failure' in answer) return reject(layerError(item, answer.failure.code, answer.failure.message));
        try {
          this.#take(item, Buffer.from(answer.survey.buffer));
        } catch (thrown) {
          reject(thrown as Error);
        }
      });
      worker.on('error', (error) =>
        reject(new SluiceError('layer/thread', `a survey thread failed: ${messageOf(error)}`)),
      );
      worker.on('exit', () => resolve());
    });
  }

  #take(item: NumberedBlob, bytes: Buffer): void {
    const survey = decodeSurvey(bytes);
    if (!survey) throw new SluiceError('layer/thread', "a survey thread's answer is damaged");
    this.#options.cache?.keep(item.blob, bytes);
    this.#add(survey);
  }

  #add(survey: LayerSurvey): void {
    this.#byDiffId.set(survey.diffId, survey);
    this.#options.onLayer?.(++this.#done, this.#layers.length);
  }
}

/** The bundled thread beside this file; undefined when sluice runs from its sources, where one thread does it all. */
const workerFile = bundledWorker();

function bundledWorker(): string | undefined {
  const path = fileURLToPath(new URL('./survey-worker.mjs', import.meta.url));
  return existsSync(path) ? path : undefined;
}
