import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterTest } from './clean-up.ts';

/** Whether the terminal multiplexer is installed: it is a real terminal that can be looked at. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** Longest wait for something on a screen, in milliseconds. */
const patience = 30_000;

/** A terminal with a program in it. */
export class TerminalScreen {
  readonly #socket: string;

  /** Runs a shell's command line in a terminal of this size, which goes away when the test ends. */
  constructor(command: string, { columns, rows }: { readonly columns: number; readonly rows: number }) {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-tmux-'));
    this.#socket = join(folder, 'socket');
    afterTest(() => {
      this.#run('kill-server');
      rmSync(folder, { recursive: true, force: true });
    });
    this.#run('new-session', '-d', '-x', String(columns), '-y', String(rows), command);
  }

  /** Types keys by their names, or text. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.#run('send-keys', key);
  }

  resize(columns: number, rows: number): void {
    this.#run('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What stands on the screen, without spaces at line ends. */
  text(): string {
    return this.#run('capture-pane', '-p');
  }

  /** As {@link text}, with the sequences that give it its look. */
  styled(): string {
    return this.#run('capture-pane', '-p', '-e');
  }

  /** A variable of the terminal: `alternate_on`, `cursor_flag`. */
  state(name: string): string {
    return this.#run('display-message', '-p', `#{${name}}`).trim();
  }

  /** Waits until the screen shows something, and returns it. @throws Error with what it shows instead */
  async shows(wanted: RegExp): Promise<string> {
    const end = performance.now() + patience;
    for (;;) {
      const text = this.text();
      if (wanted.test(text)) return text;
      if (performance.now() > end) throw new Error(`the terminal does not show ${wanted}:\n${text}`);
      await sleep(50);
    }
  }

  #run(...args: readonly string[]): string {
    const env = { PATH: process.env.PATH ?? '', HOME: tmpdir(), LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };
    return spawnSync('tmux', ['-u', '-f', '/dev/null', '-S', this.#socket, ...args], { env, encoding: 'utf8' }).stdout;
  }
}
