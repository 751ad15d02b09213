import { decodeSurvey } from '../catalog/survey-codec.ts';
import type { LayerSurvey } from '../model/survey.ts';

/** Bytes of surveys, as they are encoded, that are remembered; decoded they take some three times as much. */
const rememberedBytes = 64 * 1024 * 1024;

/** A survey, decoded only when a second image asks for it. */
interface Remembered {
  readonly survey: LayerSurvey | Buffer;
  readonly size: number;
}

/** Surveys in memory, by name; the ones that were not asked for longest go first. */
export class SurveyMemory {
  readonly #known = new Map<string, Remembered>();
  readonly #limit: number;
  #bytes = 0;

  constructor(limit = rememberedBytes) {
    this.#limit = limit;
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  get(name: string): LayerSurvey | undefined {
    const found = this.#known.get(name);
    if (!found) return undefined;
    const survey = Buffer.isBuffer(found.survey) ? decodeSurvey(found.survey) : found.survey;
    this.#forget(name);
    if (survey) this.#put(name, { survey, size: found.size });
    return survey;
  }

  /** Remembers a survey, or its encoding. One that would take a quarter of the room is not worth it. */
  set(name: string, survey: LayerSurvey | Buffer): void {
    const size = Buffer.isBuffer(survey) ? survey.length : encodedBytes(survey);
    if (size > this.#limit / 4) return;
    this.#forget(name);
    this.#put(name, { survey, size });
    for (const oldest of this.#known.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.#forget(oldest);
    }
  }

  #put(name: string, remembered: Remembered): void {
    this.#known.set(name, remembered);
    this.#bytes += remembered.size;
  }

  #forget(name: string): void {
    const found = this.#known.get(name);
    if (!found) return;
    this.#known.delete(name);
    this.#bytes -= found.size;
  }
}

/** About as many bytes as the survey's encoding has. */
function encodedBytes({ entries, files }: LayerSurvey): number {
  return entries.paths.length * 80 + files.length * 300 + 1000;
}
