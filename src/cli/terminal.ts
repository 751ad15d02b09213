import type { LayerState } from '../catalog/survey-image.ts';
import { harmless } from '../util/harmless.ts';
import type { LiveLayers } from './live-layers.ts';
import { isTerminal, type StandardStream, writeText } from './standard-streams.ts';

/** Whether colours may be written to a stream (no-color.org). */
export function coloured(stream: StandardStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return isTerminal(stream) && env.TERM !== 'dumb';
}

/** Time between two showings on one line of the terminal, in milliseconds. */
const refreshMs = 50;

/** Time between two lines where there is no terminal, in milliseconds: long work shows in a log that it goes on. */
const lineMs = 30_000;

/**
 * Shows on one line of the terminal what is being done. Where there is none, or in CI, it writes nothing, or with
 * `lines` a line now and then; when quiet nothing at all.
 */
export class Progress {
  readonly #live: boolean;
  readonly #lines: boolean;
  #shown = false;
  #layers: LiveLayers | undefined;
  #layersLoad: Promise<void> | undefined;
  #early: LayerState[] = [];
  #last: number;

  constructor(env: NodeJS.ProcessEnv, quiet: boolean, { lines = false } = {}) {
    this.#live = !quiet && !env.CI && env.TERM !== 'dumb' && isTerminal(2);
    this.#lines = lines && !quiet && !this.#live;
    this.#last = this.#lines ? performance.now() : 0;
  }

  /** Shows a phrase in place of the last one, at most twenty times a second. */
  say(phrase: string): void {
    if (!this.#live && !this.#lines) return;
    // While layers are shown they say more; what comes behind them stands in their place.
    if (this.#layers?.isShown) {
      if (!this.#layers.isDone) return;
      this.#layers.clear();
    }
    const now = performance.now();
    if (now - this.#last < (this.#live ? refreshMs : lineMs)) return;
    this.#last = now;
    if (!this.#live) {
      writeText(2, `sluice: ${harmless(phrase)}\n`);
      return;
    }
    this.#shown = true;
    process.stderr.write(`\r\x1b[2K${harmless(phrase).slice(0, (process.stderr.columns || 80) - 1)}`);
  }

  /** What takes the states of layers, to show them line by line; nothing where there is no terminal to show them on. */
  layersOf(name: string): ((state: LayerState) => void) | undefined {
    if (!this.#live) return undefined;
    return (state) => {
      this.#early.push(state);
      if (this.#layers) this.#takeLayers(this.#layers);
      else this.#layersLoad ??= this.#loadLayers(name);
    };
  }

  /** Loaded only when a layer has to be read: a scan of a known image pays nothing for it. */
  async #loadLayers(name: string): Promise<void> {
    const { LiveLayers } = await import('./live-layers.ts');
    this.clear();
    this.#layers = new LiveLayers(name, {
      write: (text) => process.stderr.write(text),
      columns: () => process.stderr.columns || 80,
      rows: () => process.stderr.rows || 24,
      now: () => performance.now(),
    });
    this.#takeLayers(this.#layers);
  }

  #takeLayers(layers: LiveLayers): void {
    for (const state of this.#early.splice(0)) layers.take(state);
  }

  /** Takes the line away, and the layers. */
  clear(): void {
    this.#layers?.clear();
    if (this.#shown) process.stderr.write('\r\x1b[2K');
    this.#shown = false;
  }

  /** Takes the line away and leaves a last word, on a terminal alone. */
  finish(word: string): void {
    this.clear();
    if (this.#live) process.stderr.write(`${harmless(word)}\n`);
  }
}
