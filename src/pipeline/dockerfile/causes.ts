import { causeNames } from '../../configuration/causes.ts';
import { type Dockerfile, finalInstructions, type Instruction } from '../../detect/dockerfile/contract.ts';
import { partsOf } from '../../detect/dockerfile/parts.ts';
import { portsOf } from '../../detect/dockerfile/run-config.ts';
import type { InstructionFact } from '../../model/image-facts.ts';
import type { Place } from '../../model/placed-finding.ts';

/** What an instruction is called that sets a part of the configuration, by the part's name. */
const instructionBy = new Map(Object.entries(causeNames).map(([instruction, name]) => [name, instruction]));

/** Tells which line of a Dockerfile made something of an image. */
export class Causes {
  readonly #instructions: readonly Instruction[];
  readonly #lines: ReadonlyMap<number, number>;
  /** The step of the history that made each layer. */
  readonly #steps: ReadonlyMap<number, number>;
  /** The first step that is the Dockerfile's. */
  readonly #first: number;
  /** The lines with FROM: that of the image below, and that of the last stage. */
  readonly #base: number;
  readonly #last: number;

  /** `lines`: the line of the Dockerfile by step of the history. */
  constructor(dockerfile: Dockerfile, history: readonly InstructionFact[], lines: ReadonlyMap<number, number>) {
    this.#instructions = finalInstructions(dockerfile);
    this.#lines = lines;
    this.#steps = new Map(history.flatMap(({ layer }, step) => (layer === undefined ? [] : [[layer, step]])));
    this.#first = Math.min(...lines.keys(), history.length);
    const final = dockerfile.stages.filter((stage) => stage.final);
    this.#base = final[0]?.line ?? 1;
    this.#last = final.at(-1)?.line ?? this.#base;
  }

  /** The line from 1 that made what is in a place; undefined when it can't be told. */
  lineOf(place: Place): number | undefined {
    const { in: where, name = '', step, layer, from } = place;
    if (where === 'commit' || where === 'annotation' || where === 'dockerfile') return undefined;
    if (where === 'environment') return this.#lastSetting('ENV', name) ?? this.#base;
    if (where === 'label') return this.#lastSetting('LABEL', name) ?? this.#base;
    if (where === 'configuration') return this.#configured(name);
    if (from === 'base') return this.#base;
    if (step !== undefined) return this.#ofStep(step);
    const made = layer === undefined ? undefined : this.#steps.get(layer);
    return made === undefined ? undefined : this.#ofStep(made);
  }

  #ofStep(step: number): number | undefined {
    // What stands in front of the first line that is the Dockerfile's own is the image's that it starts from.
    return this.#lines.get(step) ?? (step < this.#first ? this.#base : undefined);
  }

  #lastSetting(instruction: string, name: string): number | undefined {
    return this.#instructions.findLast((one) => one.name === instruction && one.pairs.some(([key]) => key === name))
      ?.line;
  }

  /** What no instruction sets should be set in the last stage. */
  #configured(name: string): number {
    const [part = '', value] = name.split(' ');
    const instruction = instructionBy.get(part);
    const sets = (one: Instruction): boolean =>
      one.name === instruction && (instruction !== 'EXPOSE' || value === undefined || exposes(one, value));
    return this.#instructions.findLast(sets)?.line ?? this.#last;
  }
}

function exposes({ resolved }: Instruction, port: string): boolean {
  return partsOf(resolved).words.flatMap(portsOf).includes(port);
}
