import { setTimeout as delay } from 'node:timers/promises';
import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob } from '../source/contract.ts';
import type { SharedSurveys } from './survey-image.ts';

/** Milliseconds that a finished scan waits until what it shares has been left: it is a favour to others. */
const patience = 5000;

/** Shared surveys whose keeping nobody waits for at once, but all together in the end. */
export class SharedKeeps implements SharedSurveys {
  readonly #shared: SharedSurveys;
  readonly #keeping = new Set<Promise<void>>();

  constructor(shared: SharedSurveys) {
    this.#shared = shared;
  }

  find(blob: LayerBlob): Promise<LayerSurvey | undefined> {
    return this.#shared.find(blob);
  }

  keep(blob: LayerBlob, encoded: Buffer): Promise<void> {
    const keeping = this.#shared
      .keep(blob, encoded)
      .catch(() => undefined)
      .finally(() => this.#keeping.delete(keeping));
    this.#keeping.add(keeping);
    return keeping;
  }

  /** Waits until all is kept, or until it takes too long. */
  async settle(limit = patience): Promise<void> {
    if (this.#keeping.size === 0) return;
    const timer = new AbortController();
    const late = delay(limit, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#keeping), late]);
    timer.abort();
  }
}
