import type { ShellCommand } from '../../detect/dockerfile/shell/contract.ts';
import { operandsOf, optionsOf } from '../../detect/dockerfile/shell/options.ts';
import { type Installs, installsOf } from '../../detect/dockerfile/shell/packages.ts';

/** One command of a script, as rules read it. */
export class CommandView {
  readonly #command: ShellCommand;
  #installs: Installs | undefined;

  constructor(command: ShellCommand) {
    this.#command = command;
  }

  get program(): string {
    return this.#command.program;
  }
  get words(): readonly string[] {
    return this.#command.words;
  }
  get options(): readonly string[] {
    return optionsOf(this.#command);
  }
  get operands(): readonly string[] {
    return operandsOf(this.#command);
  }
  get sudo(): boolean {
    return this.#command.sudo;
  }
  get feeds(): readonly string[] {
    return this.#command.feeds;
  }
  get manager(): string {
    return this.#installed().manager;
  }
  get packages(): readonly string[] {
    return this.#installed().packages;
  }
  get unpinned(): readonly string[] {
    return this.#installed().unpinned;
  }
  get urls(): readonly string[] {
    return this.words.flatMap((word) => /^(?:--?[\w-]{1,40}=)?((?:https?|ftp):\/\/.*)$/is.exec(word)?.[1] ?? []);
  }
  #installed(): Installs {
    this.#installs ??= installsOf(this.#command);
    return this.#installs;
  }
}
