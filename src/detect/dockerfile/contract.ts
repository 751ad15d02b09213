/** A flag between an instruction's name and its words: `--from=build`. */
export interface Flag {
  /** Lower case, without dashes. */
  readonly name: string;
  readonly value: string;
}

/** A here-document of an instruction (Dockerfile reference, "Here-Documents"). */
export interface Heredoc {
  readonly name: string;
  readonly text: string;
}

/** One instruction as a Dockerfile has it, with its secrets. */
export interface Instruction {
  /** Upper case; also words that are no instruction. */
  readonly name: string;
  /** In one line as the builder joins it, from its name on, without comments and flags of RUN; here-documents behind it. */
  readonly text: string;
  /** {@link text} with the variables that the Dockerfile sets. A script is the shell's to resolve: it stands as it is. */
  readonly resolved: string;
  /** From 1. */
  readonly line: number;
  readonly endLine: number;
  /** Number of the stage, from 0; -1 in front of the first FROM. */
  readonly stage: number;
  readonly flags: readonly Flag[];
  readonly heredocs: readonly Heredoc[];
  /** Name and value of what ARG, ENV and LABEL set, resolved. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
}

/** One stage: what stands from one FROM to the next. */
export interface Stage {
  /** From 0. */
  readonly index: number;
  /** What other stages call it, lower case; empty when it has no name. */
  readonly name: string;
  /** The image or stage that it starts from, with variables resolved as far as the Dockerfile tells. */
  readonly image: string;
  /** Number of the stage that it starts from; absent when it starts from an image. */
  readonly parent?: number;
  /** The line of its FROM, from 1. */
  readonly line: number;
  /** Whether what it makes is in the image: it is the last stage, or that starts from it. */
  readonly final: boolean;
  /** Whether the last stage needs it, be it for one file. */
  readonly used: boolean;
}

/** What is known of a Dockerfile. */
export interface Dockerfile {
  readonly stages: readonly Stage[];
  /** In the order of the file. */
  readonly instructions: readonly Instruction[];
  /** What reads it, as its directive says: `docker/dockerfile:1`; else empty. */
  readonly syntax: string;
}

/** The instructions that make the image, in the order in which they take effect: those of stages that the last is built on first. */
export function finalInstructions({ stages, instructions }: Dockerfile): readonly Instruction[] {
  return stages
    .filter(({ final }) => final)
    .flatMap(({ index }) => instructions.filter(({ stage }) => stage === index));
}
