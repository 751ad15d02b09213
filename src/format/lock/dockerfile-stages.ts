import type { From, Instruction, User } from 'dockerfile-ast';
import { chainOf, parseDockerfile } from '../dockerfile.ts';

/** A stretch of the text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** One stage of a Dockerfile (Dockerfile reference, "FROM"). */
export interface Stage {
  /** The image or stage that it starts from, as written. */
  readonly image: string;
  readonly imagePlace: Place;
  /** Name that other stages call it by, lower case; empty when it has none. */
  readonly name: string;
  /** Behind the FROM instruction: where its line ends. */
  readonly fromEnd: number;
  /** The last USER in it. */
  readonly user?: string;
  /** How many instructions it has. */
  readonly instructions: number;
}

/** What is known of a Dockerfile. */
export interface Stages {
  readonly stages: readonly Stage[];
  /** What continues a line: a backslash, or what the `escape` directive says. */
  readonly escape: string;
}

/** Reads the stages of a Dockerfile; undefined when it has none, or is no Dockerfile. Never throws. */
export function readStages(text: string): Stages | undefined {
  const file = parseDockerfile(text);
  if (!file) return undefined;
  try {
    const offsets = lineOffsets(text);
    const stages: Stage[] = [];
    for (const instruction of file.getInstructions()) {
      const last = stages.at(-1);
      if (instruction.getKeyword() === 'FROM') {
        const stage = stageOf(instruction as From, text, offsets);
        if (!stage) return undefined;
        stages.push(stage);
      } else if (last) stages[stages.length - 1] = withInstruction(last, instruction);
    }
    return stages.length === 0 ? undefined : { stages, escape: file.getEscapeCharacter() };
  } catch {
    // The parser is not ours: whatever makes it stumble is no Dockerfile to edit.
    return undefined;
  }
}

function stageOf(from: From, text: string, offsets: readonly number[]): Stage | undefined {
  const [image, range] = [from.getImage(), from.getImageRange()];
  if (image === null || range === null) return undefined;
  const start = offsetOf(range.start, offsets);
  const { end } = from.getRange();
  const newline = text.indexOf('\n', offsetOf(end, offsets));
  return {
    image,
    imagePlace: { start, end: offsetOf(range.end, offsets) },
    name: (from.getBuildStage() ?? '').toLowerCase(),
    fromEnd: newline < 0 ? text.length : newline + 1,
    instructions: 1,
  };
}

function withInstruction(stage: Stage, instruction: Instruction): Stage {
  const user = instruction.getKeyword() === 'USER' ? (instruction as User).getArgumentsContent() : null;
  return { ...stage, instructions: stage.instructions + 1, ...(user === null ? {} : { user }) };
}

/** The stages from the last one back to the one that starts from an image: that is what the result is built on. */
export function finalChain({ stages }: Stages): readonly Stage[] {
  return chainOf(stages);
}

/** Where each line begins; line ends are those that the parser knows. */
function lineOffsets(text: string): number[] {
  const offsets = [0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\r' && text[at + 1] === '\n') continue;
    if (text[at] === '\n' || text[at] === '\r') offsets.push(at + 1);
  }
  return offsets;
}

function offsetOf({ line, character }: { line: number; character: number }, offsets: readonly number[]): number {
  return (offsets[line] ?? 0) + character;
}
