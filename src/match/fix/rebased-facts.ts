import type { Collected, FileFact } from '../../model/collected.ts';
import type { ImageFacts, InstructionFact } from '../../model/image-facts.ts';
import { compareText } from '../../util/compare-text.ts';

/** How many layers the image's own base has, and by how many more the other one's own layers stand higher. */
export interface LayersOn {
  readonly baseLayers: number;
  readonly shift: number;
}

/**
 * How an image is run on another base: what only the lines of the old base in its history set is the new base's now, all
 * else stays, for builders set things that no line tells. Without a history it is run as before. The size is as before:
 * nobody knows that of the old base.
 */
export function imageOn(
  own: ImageFacts | undefined,
  base: ImageFacts | undefined,
  { shift }: LayersOn,
): ImageFacts | undefined {
  const told = own?.history.filter(({ from }) => from === 'own') ?? [];
  if (!own || !base || told.length === 0) return own;
  const below = own.history.filter(({ from }) => from === 'base');
  const isIn = (lines: readonly InstructionFact[], instruction: string, name: string): boolean =>
    lines.some((line) => line.name === instruction && line.text.includes(name));
  const stays = (instruction: string, name = ''): boolean =>
    isIn(told, instruction, name) || !isIn(below, instruction, name);
  const one = <Value extends string | readonly string[]>(instruction: string, mine: Value, theirs: Value): Value =>
    isIn(told, instruction, '') || (mine.length > 0 && stays(instruction)) ? mine : theirs;
  const env = own.env.filter(({ name }) => stays('ENV', name));
  const labels = Object.entries(own.labels).filter(([name]) => stays('LABEL', name));
  return {
    ...own,
    user: one('USER', own.user, base.user),
    entrypoint: one('ENTRYPOINT', own.entrypoint, base.entrypoint),
    // An entry point of its own drops the base's command (Dockerfile reference, "ENTRYPOINT").
    cmd: isIn(told, 'ENTRYPOINT', '') ? own.cmd : one('CMD', own.cmd, base.cmd),
    workingDir: one('WORKDIR', own.workingDir, base.workingDir),
    stopSignal: one('STOPSIGNAL', own.stopSignal, base.stopSignal),
    healthcheck: one('HEALTHCHECK', own.healthcheck, base.healthcheck),
    ports: sorted([...base.ports, ...(stays('EXPOSE') ? own.ports : [])]),
    volumes: sorted([...base.volumes, ...(stays('VOLUME') ? own.volumes : [])]),
    env: [...base.env.filter((theirs) => !env.some(({ name }) => name === theirs.name)), ...env],
    labels: Object.assign(Object.create(null), base.labels, Object.fromEntries(labels)),
    history: [
      ...base.history.map((line) => ({ ...line, from: 'base' as const })),
      ...told.map((line) => (line.layer === undefined ? line : { ...line, layer: line.layer + shift })),
    ],
  };
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/**
 * What was collected of an image, as it is on another base: the files of both. Accounts, certificates and the check of
 * package files come out of files that both write, so they are left out: what a rule asks of them is not known.
 */
export function collectedOn(
  own: Collected | undefined,
  base: Collected | undefined,
  { baseLayers, shift }: LayersOn,
): Collected | undefined {
  if (!own) return undefined;
  const files = new Map<string, FileFact>();
  for (const fact of base?.files ?? []) files.set(fact.path, { ...fact, from: 'base' });
  for (const fact of own.files) {
    if (fact.layer >= baseLayers) files.set(fact.path, { ...fact, layer: fact.layer + shift });
  }
  return {
    queries: own.queries.filter((query) => base?.queries.includes(query)),
    files: [...files.values()].sort((a, b) => compareText(a.path, b.path)),
  };
}
