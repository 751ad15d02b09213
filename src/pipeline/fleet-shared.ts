import type { SharedSurveys } from '../catalog/survey-image.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob } from '../source/contract.ts';
import { type FleetLayers, nameOf } from './fleet-layers.ts';
import { SurveyMemory } from './fleet-memory.ts';

/** The surveys of other machines, asked for once by all images of a run. */
export class FleetShared implements SharedSurveys {
  readonly #shared: SharedSurveys;
  readonly #layers: FleetLayers;
  readonly #memory = new SurveyMemory();
  readonly #asking = new Map<string, Promise<LayerSurvey | undefined>>();
  readonly #keeping = new Map<string, Promise<void>>();

  constructor(shared: SharedSurveys, layers: FleetLayers) {
    this.#shared = shared;
    this.#layers = layers;
  }

  async find(blob: LayerBlob): Promise<LayerSurvey | undefined> {
    const name = nameOf(blob);
    const known = this.#memory.get(name);
    if (known) return known;
    const found = await this.#ask(name, blob);
    // Another image may have surveyed it while the answer was waited for.
    return found ?? this.#layers.find(blob);
  }

  /** Every image that waited for a survey brings it; one is enough. */
  keep(blob: LayerBlob, encoded: Buffer): Promise<void> {
    const name = nameOf(blob);
    const keeping = this.#keeping.get(name) ?? this.#shared.keep(blob, encoded);
    this.#keeping.set(name, keeping);
    return keeping;
  }

  #ask(name: string, blob: LayerBlob): Promise<LayerSurvey | undefined> {
    const asked = this.#asking.get(name);
    if (asked) return asked;
    const answer = this.#shared.find(blob).then((found) => {
      this.#asking.delete(name);
      if (found) {
        this.#memory.set(name, found);
        this.#layers.learned(blob);
      }
      return found;
    });
    this.#asking.set(name, answer);
    return answer;
  }
}
