import { harmless } from '../util/harmless.ts';
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
  #last: number;

  constructor(env: NodeJS.ProcessEnv, quiet: boolean, { lines = false } = {}) {
    this.#live = !quiet && !env.CI && env.TERM !== 'dumb' && isTerminal(2);
    this.#lines = lines && !quiet && !this.#live;
    this.#last = this.#lines ? performance.now() : 0;
  }

  /** Shows a phrase in place of the last one, at most twenty times a second. */
  say(phrase: string): void {
    if (!this.#live && !this.#lines) return;
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

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[2K');
    this.#shown = false;
  }

  /** Takes the line away and leaves a last word, on a terminal alone. */
  finish(word: string): void {
    this.clear();
    if (this.#live) process.stderr.write(`${harmless(word)}\n`);
  }
}
