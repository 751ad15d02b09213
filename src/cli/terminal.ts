import { harmless } from '../util/harmless.ts';

/** Whether colours may be written to a stream (no-color.org). */
export function coloured(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Shows on one line of the terminal what is being done; writes nothing when there is none, in CI, or when quiet. */
export class Progress {
  readonly #live: boolean;
  #shown = false;
  #last = 0;

  constructor(env: NodeJS.ProcessEnv, quiet: boolean) {
    this.#live = process.stderr.isTTY === true && !quiet && !env.CI && env.TERM !== 'dumb';
  }

  /** Shows a phrase in place of the last one, at most twenty times a second. */
  say(phrase: string): void {
    const now = performance.now();
    if (!this.#live || now - this.#last < 50) return;
    this.#last = now;
    this.#shown = true;
    process.stderr.write(`\r\x1b[2K${harmless(phrase).slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[2K');
    this.#shown = false;
  }
}
