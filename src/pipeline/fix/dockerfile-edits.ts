import { editFrom, editPackages } from '../../format/lock/dockerfile.ts';
import { finalChain, readStages } from '../../format/lock/dockerfile-stages.ts';
import { type PackageUpdate, updateCommand } from '../../format/lock/package-update.ts';
import type { BaseChange } from '../../match/fix/contract.ts';
import { packageManager } from '../../match/fix/package-manager.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Move } from './choose-versions.ts';
import type { Making } from './lock-edits.ts';
import type { SourceFolder } from './source-folder.ts';

/** A Dockerfile of the source, and the folder that it is in. */
export interface OpenDockerfile {
  readonly folder: SourceFolder;
  readonly path: string;
}

/** Puts the candidate into the Dockerfile. `reference`: what it is pulled by; undefined for one that is an archive. */
export function changeBase(
  docker: OpenDockerfile | undefined,
  base: BaseChange,
  reference: string | undefined,
): Making {
  if (reference === undefined) {
    return byHand(`${base.to} is no reference: push it, and name it in the FROM of the Dockerfile`);
  }
  const text = docker?.folder.text(docker.path);
  if (!docker || text === undefined) return byHand(`in the Dockerfile: FROM ${reference}`);
  const parsed = readStages(text);
  const isPinned = parsed ? finalChain(parsed).at(-1)?.image.includes('@') === true : false;
  const pinned = isPinned && base.digest && !reference.includes('@') ? `${reference}@${base.digest}` : reference;
  const result = editFrom(docker.path, text, pinned);
  if (result.kind === 'refused') return byHand(`${docker.path}: ${result.because}`);
  const after = result.texts.get(docker.path) ?? text;
  if (!keepsInstructions(text, after, 0)) return byHand(`${docker.path}: the edited file would not be one`);
  docker.folder.edit(docker.path, after);
  return { files: [docker.path], commands: [], notes: [] };
}

/**
 * Has the Dockerfile update the packages of all moves of one kind, in one instruction. How each move is made, in their
 * order: where there is no Dockerfile to edit, by a command of its own.
 */
export function updatePackages(
  docker: OpenDockerfile | undefined,
  moves: readonly Move[],
  { packages, image }: Evidence,
): Making[] {
  const manager = packageManager(packages, moves[0]?.unit.ecosystem ?? '') ?? '';
  const text = docker?.folder.text(docker.path);
  const byCommand = (...notes: string[]): Making[] =>
    moves.map((move) => {
      const command = updateCommand(manager, updatesOf([move]), ' ');
      return command === undefined ? byHand('update it in the Dockerfile') : { files: [], commands: [command], notes };
    });
  if (!docker || text === undefined) return byCommand();
  const result = editPackages(docker.path, text, manager, updatesOf(moves), image?.user ?? '');
  if (result.kind === 'refused') return byCommand(`${docker.path}: ${result.because}`);
  const after = result.texts.get(docker.path) ?? text;
  if (!keepsInstructions(text, after, 3)) return byCommand(`${docker.path}: the edited file would not be one`);
  docker.folder.edit(docker.path, after);
  return moves.map(() => ({ files: [docker.path], commands: [], notes: [] }));
}

/** The binary packages of all moves, by name: those of several architectures have one. */
function updatesOf(moves: readonly Move[]): PackageUpdate[] {
  const updates = new Map<string, PackageUpdate>();
  for (const { packages } of moves) {
    for (const { name, version } of packages) updates.set(name, { name, to: version });
  }
  return [...updates.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether the edited text still has the stages it had, with at most so many instructions more. */
function keepsInstructions(before: string, after: string, more: number): boolean {
  const [old, now] = [readStages(before), readStages(after)];
  if (!old || !now || old.stages.length !== now.stages.length) return false;
  const count = (stages: readonly { instructions: number }[]): number =>
    stages.reduce((sum, { instructions }) => sum + instructions, 0);
  const added = count(now.stages) - count(old.stages);
  return added >= 0 && added <= more;
}

function byHand(note: string): Making {
  return { files: [], commands: [], notes: [note] };
}
