import type { Dockerfile, Instruction, Stage } from '../../detect/dockerfile/contract.ts';
import { partsOf } from '../../detect/dockerfile/parts.ts';
import { baseImage } from '../../detect/dockerfile/run-config.ts';
import { stageMeant } from '../../detect/dockerfile/stages.ts';
import { redactCommand } from '../../util/redact.ts';
import { type InDockerfile, InstructionView } from './instruction.ts';

/** Instructions of which only the last one of a stage counts (Dockerfile reference). */
const lastCounts = new Set(['CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

/** A Dockerfile, as rules read it. */
export class DockerfileView {
  readonly path: string;
  readonly syntax: string;
  readonly base: string;
  readonly stages: readonly Stage[];
  readonly instructions: readonly InstructionView[];

  constructor(path: string, dockerfile: Dockerfile) {
    this.path = path;
    this.syntax = dockerfile.syntax;
    this.base = baseImage(dockerfile);
    this.stages = dockerfile.stages;
    this.instructions = viewsOf(dockerfile);
  }
}

/** The instructions of all stages, each with what is known of it. */
function viewsOf({ stages, instructions }: Dockerfile): InstructionView[] {
  /** By stage: what runs its scripts from here on. */
  const shells = new Map<number, readonly string[]>();
  const lasts = new Map<string, number>();
  for (const [at, { name, stage }] of instructions.entries()) {
    if (lastCounts.has(name)) lasts.set(`${stage} ${name}`, at);
  }
  return instructions.map((instruction, at) => {
    const { name, text, resolved, line, stage: number, flags, pairs } = instruction;
    const stage = stages[number];
    if (name === 'FROM' && stage) shells.set(number, shells.get(stage.parent ?? -1) ?? []);
    if (name === 'SHELL') shells.set(number, partsOf(resolved).words);
    const more: InDockerfile = {
      ...{ resolved, flags, pairs, shell: shells.get(number) ?? [] },
      stage: stage ? stage.name || String(stage.index) : '',
      // Arguments in front of the first FROM are no stage's.
      final: stage?.final ?? false,
      used: stage?.used ?? true,
      image: externalImage(instruction, stage, stages),
      overridden: lastCounts.has(name) && lasts.get(`${number} ${name}`) !== at,
    };
    return new InstructionView({ name, text: redactCommand(text), from: 'own', line }, at, more);
  });
}

/** The image that FROM starts from, or that `--from` takes files from; empty where it is a stage. */
function externalImage(instruction: Instruction, stage: Stage | undefined, stages: readonly Stage[]): string {
  if (instruction.name === 'FROM') return stage && stage.parent === undefined ? stage.image : '';
  const source = instruction.flags.find(({ name }) => name === 'from')?.value ?? '';
  return source === '' || stageMeant(source, stages.slice(0, instruction.stage)) >= 0 ? '' : source;
}
