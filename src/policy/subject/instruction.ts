import { endOfLifeOf } from '../../advisory/end-of-life.ts';
import { releaseOfBase } from '../../detect/dockerfile/base-release.ts';
import { pairsOf } from '../../detect/dockerfile/pairs.ts';
import { type Parts, partsOf } from '../../detect/dockerfile/parts.ts';
import { shells } from '../../detect/dockerfile/shell/contract.ts';
import { commandsIn } from '../../detect/dockerfile/shell/reader.ts';
import type { InstructionFact } from '../../model/image-facts.ts';
import { redactCommand } from '../../util/redact.ts';
import { hiddenValue, looksSecret } from '../../util/secret-value.ts';
import { CommandView } from './command.ts';

/** What a Dockerfile tells of an instruction beyond what it leaves in a history. */
export interface InDockerfile {
  readonly stage: string;
  readonly final: boolean;
  readonly used: boolean;
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  /** The line with variables resolved, with its secrets. */
  readonly resolved: string;
  readonly pairs: readonly (readonly [string, string])[];
  readonly image: string;
  readonly overridden: boolean;
  /** What runs scripts in its stage. */
  readonly shell: readonly string[];
}

/** One line of the history or of a Dockerfile, as rules read it. Fields are worked out when they are asked for, what costs more once. */
export class InstructionView {
  readonly name: string;
  readonly text: string;
  readonly layer: number;
  readonly from: string;
  readonly index: number;
  readonly line: number;
  readonly #more: InDockerfile | undefined;
  #parts: Parts | undefined;
  #commands: readonly CommandView[] | undefined;
  #pairs: readonly (readonly [string, string])[] | undefined;

  constructor({ name, text, layer = -1, from, line = 0 }: InstructionFact, index: number, more?: InDockerfile) {
    this.name = name;
    this.text = text;
    this.layer = layer;
    this.from = from;
    this.index = index;
    this.line = line;
    this.#more = more;
  }

  get stage(): string {
    return this.#more?.stage ?? '';
  }
  get final(): boolean {
    return this.#more?.final ?? true;
  }
  get used(): boolean {
    return this.#more?.used ?? true;
  }
  get arguments(): readonly string[] {
    return this.#taken().words;
  }
  get flags(): ReadonlyMap<string, string> {
    const flags = this.#more?.flags ?? this.#taken().flags;
    return new Map(flags.map(({ name, value }) => [name, redactCommand(value)]));
  }
  get mounts(): readonly string[] {
    const flags = this.#more?.flags ?? [];
    return flags.filter(({ name }) => name === 'mount').map(({ value }) => value);
  }
  get exec(): boolean {
    return this.#taken().exec;
  }
  get commands(): readonly CommandView[] {
    this.#commands ??= commandsOf(this.#taken()).map((command) => new CommandView(command));
    return this.#commands;
  }
  get pipefail(): boolean {
    if (this.#more?.shell.some((word) => word.includes('pipefail'))) return true;
    return this.commands.some(
      ({ program, words }) => (program === 'set' || shells.includes(program)) && words.includes('pipefail'),
    );
  }
  get sets(): ReadonlyMap<string, string> {
    return new Map(this.#settings().map(([name, value]) => [name, this.#isSecret(name, value) ? hiddenValue : value]));
  }
  get secrets(): readonly string[] {
    return this.#settings()
      .filter(([name, value]) => this.#isSecret(name, value))
      .map(([name]) => name);
  }
  get image(): string {
    return this.#more?.image ?? '';
  }
  get endOfLife(): string {
    const release = this.image === '' ? undefined : releaseOfBase(this.image);
    return (release && endOfLifeOf(release)?.endOfLife) ?? '';
  }
  get overridden(): boolean {
    return this.#more?.overridden ?? false;
  }

  #taken(): Parts {
    this.#parts ??= partsOf(this.#more ? redactCommand(this.#more.resolved) : this.text);
    return this.#parts;
  }

  #settings(): readonly (readonly [string, string])[] {
    this.#pairs ??= this.#more?.pairs ?? pairsOf(this.name, this.#taken().rest, '\\');
    return this.#pairs;
  }

  /** A build argument gets its value when the image is built: its name alone tells. */
  #isSecret(name: string, value: string): boolean {
    return looksSecret(name, this.name === 'ARG' && value === '' ? hiddenValue : value);
  }
}

/** The commands that an instruction runs, be they written as a script or as a list of words. */
function commandsOf(parts: Parts): ReturnType<typeof commandsIn> {
  const { name, rest, exec, words } = parts;
  if (name === 'ONBUILD' || name === 'HEALTHCHECK') return commandsOf(partsOf(rest));
  if (name !== 'RUN' && name !== 'CMD' && name !== 'ENTRYPOINT') return [];
  return commandsIn(exec ? words.map(quoted).join(' ') : rest);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
