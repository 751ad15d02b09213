import type { Evidence } from '../model/evidence.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import type { Problem } from '../model/problem.ts';

/** A configuration file of the target. */
export interface DocumentText {
  /** Absolute. */
  readonly path: string;
  /** Secrets may be hidden, line for line. */
  readonly text: string;
  /** The layer that put it there. */
  readonly layer?: number;
  readonly from?: 'base' | 'own';
  /** purl of the package that lists it. */
  readonly owner?: string;
}

/** An instruction of a Dockerfile, of whatever stage. */
export interface DockerfileInstruction {
  /** What rules read as `instruction`: it has all fields of the type. */
  readonly view: object;
  /** As it is written, secrets hidden, in one line. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** A Dockerfile as rules are asked of it. */
export interface DockerfileInput {
  /** As the user wrote it. */
  readonly path: string;
  /** What rules read as `dockerfile`: it has all fields of the type. Items of its lists that have a `line` tell where findings are. */
  readonly view: object;
  /** Of all stages, in the order of the file. */
  readonly instructions: readonly DockerfileInstruction[];
}

/** What configuration rules are asked of. */
export interface ConfigurationInputs {
  /** With what {@link wantedBy} asks for in `collected`; of a Dockerfile alone, `image` is what its last stage makes. */
  readonly evidence: Evidence;
  readonly now: Date;
  /** References that the image goes by. */
  readonly names?: readonly string[];
  /** All configuration files that were kept, those as well that others include. */
  readonly documents?: readonly DocumentText[];
  /** Where the target is a Dockerfile: its instructions stand for the lines of the history. */
  readonly dockerfile?: DockerfileInput;
}

/** What rules have found, and which of them could not be asked. Both sorted. */
export interface Evaluated {
  readonly findings: readonly PlacedFinding[];
  readonly problems: readonly Problem[];
}
