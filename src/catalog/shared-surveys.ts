import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob } from '../source/contract.ts';
import type { SharedStore } from '../source/shared-store.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { Gate } from '../util/gate.ts';
import { maxEntryBytes, type SharedEntries } from './shared-entry.ts';
import { decodeSurvey } from './survey-codec.ts';
import type { SharedSurveys } from './survey-image.ts';
import { isSoundSurvey } from './survey-shape.ts';

/** How many entries are read, and how many written, at the same time. */
const transfersAtOnce = 6;
/** How long one entry may take to be read, in milliseconds: longer, and surveying the layer is the shorter way. */
const defaultFindMs = 8_000;
/** How long one entry may take to be written, in milliseconds. */
const defaultKeepMs = 20_000;

/** What says that reading is forbidden, while writing may not be: some registries hide what is not there yet. */
const hidden = new Set(['registry/unauthorized', 'registry/denied']);

/** Settings of {@link SharedSurveyCache}. */
export interface SharedSurveyOptions {
  readonly store: SharedStore;
  readonly entries: SharedEntries;
  /** Told once of a cache that can't be read or written. */
  readonly onWarning: (message: string) => void;
  /** For tests: how long a transfer may take, in milliseconds. */
  readonly timing?: { readonly findMs: number; readonly keepMs: number };
}

/**
 * The layer cache that machines share. What is found counts only when it is whole, of this blob, this tar and this
 * analyzer, and, where there is a key, made by who has it. A cache that fails is not asked again.
 */
export class SharedSurveyCache implements SharedSurveys {
  readonly #options: SharedSurveyOptions;
  readonly #reading = new Gate(transfersAtOnce);
  /** What an entry unpacks to is many times as large as it is: one at a time. */
  readonly #unpacking = new Gate(1);
  readonly #writing = new Gate(transfersAtOnce);
  #readable = true;
  #writable = true;
  #warned = false;

  constructor(options: SharedSurveyOptions) {
    this.#options = options;
  }

  find(blob: LayerBlob): Promise<LayerSurvey | undefined> {
    return this.#reading.run(async () => {
      if (!this.#readable) return undefined;
      const { store, entries, timing } = this.#options;
      try {
        const found = store.find(entries.nameOf(blob), maxEntryBytes);
        const entry = await within(found, timing?.findMs ?? defaultFindMs);
        return entry && (await this.#unpacking.run(() => this.#read(blob, entry)));
      } catch (thrown) {
        this.#readable = false;
        // Whoever waits for one that does not answer would wait again to write to it.
        if (!(thrown instanceof SluiceError && hidden.has(thrown.code))) this.#giveUp();
        this.#warn('read', thrown);
        return undefined;
      }
    });
  }

  keep(blob: LayerBlob, encoded: Buffer): Promise<void> {
    return this.#writing.run(async () => {
      if (!this.#writable) return;
      const { store, entries, timing } = this.#options;
      try {
        const entry = await entries.seal(blob, encoded);
        if (entry) await within(store.put(entries.nameOf(blob), entry), timing?.keepMs ?? defaultKeepMs);
      } catch (thrown) {
        this.#writable = false;
        if (!this.#readable) this.#giveUp();
        this.#warn('written', thrown);
      }
    });
  }

  async #read(blob: LayerBlob, entry: Buffer): Promise<LayerSurvey | undefined> {
    const encoded = await this.#options.entries.open(blob, entry);
    const survey = encoded && soundSurvey(encoded);
    return survey?.diffId === blob.diffId && survey.read === undefined ? survey : undefined;
  }

  #giveUp(): void {
    this.#readable = false;
    this.#writable = false;
    this.#options.store.close();
  }

  #warn(what: 'read' | 'written', thrown: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    const { store, onWarning } = this.#options;
    onWarning(`the shared cache ${store.name} can't be ${what}, so that layers are read again: ${messageOf(thrown)}`);
  }
}

/** A survey whose form is sound; undefined for all else, however it fails to be read. */
function soundSurvey(encoded: Buffer): LayerSurvey | undefined {
  try {
    const survey = decodeSurvey(encoded);
    return survey && isSoundSurvey(survey) ? survey : undefined;
  } catch {
    // The decoder trusts its checksum, which whoever writes to a shared cache can make.
    return undefined;
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new SluiceError('cache/slow', `it did not answer within ${ms / 1000} s`);
    timer = setTimeout(() => reject(error), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
