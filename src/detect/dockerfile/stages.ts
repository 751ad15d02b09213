import { stageNamed } from '../../format/dockerfile.ts';
import type { Instruction, Stage } from './contract.ts';

/** A stage while the file is read. */
export interface StageDraft {
  readonly name: string;
  readonly image: string;
  readonly line: number;
  /** Number of the stage that it starts from; -1: an image. */
  readonly parent: number;
}

/** What each stage is for: whether the last one is built on it, or takes files from it. */
export function stagesOf(drafts: readonly StageDraft[], instructions: readonly Instruction[]): readonly Stage[] {
  const final = new Set<number>();
  for (let at = drafts.length - 1; at >= 0; at = drafts[at]!.parent) final.add(at);
  const needs = new Map<number, Set<number>>();
  for (const { stage, flags } of instructions) {
    for (const source of flags.flatMap(sourcesIn)) {
      const needed = stageMeant(source, drafts.slice(0, stage));
      if (needed < 0) continue;
      const all = needs.get(stage) ?? new Set();
      needs.set(stage, all.add(needed));
    }
  }
  const used = new Set<number>();
  const open = [drafts.length - 1];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at < 0 || used.has(at)) continue;
    used.add(at);
    open.push(drafts[at]!.parent, ...(needs.get(at) ?? []));
  }
  return drafts.map(({ name, image, line, parent }, index) => ({
    ...{ index, name, image, line, final: final.has(index), used: used.has(index) },
    ...(parent < 0 ? {} : { parent }),
  }));
}

/** What a flag takes files from: `--from=build`, `--mount=type=cache,from=build`. */
function sourcesIn({ name, value }: { readonly name: string; readonly value: string }): readonly string[] {
  if (name === 'from') return [value];
  if (name !== 'mount') return [];
  return value
    .split(',')
    .filter((option) => option.startsWith('from='))
    .map((option) => option.slice('from='.length));
}

/** The number of the stage that `--from` means, by name or number; -1 when it is an image. */
export function stageMeant(source: string, before: readonly { readonly name: string }[]): number {
  const named = stageNamed(source, before);
  if (named >= 0) return named;
  return /^\d{1,4}$/.test(source) && Number(source) < before.length ? Number(source) : -1;
}
