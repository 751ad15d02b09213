import type { BaseImage, ImageConfig } from '../model/image.ts';
import type { EnvFact, ImageFacts, InstructionFact } from '../model/image-facts.ts';
import { blinding, type Problem } from '../model/problem.ts';
import { compareText } from '../util/compare-text.ts';
import { isSecretName, redactCommand } from '../util/redact.ts';
import { hiddenValue, looksSecret } from '../util/secret-value.ts';
import type { OpenedImage } from './contract.ts';
import { instructionsOf } from './instructions.ts';

/** Most variables, labels, annotations, ports, volumes and words of a command that are kept: real images have some dozens. */
const maxItems = 2_000;

/** Most lines of a history: an image has at most 4096 layers, and lines that made none beside them. */
const mostLines = 10_000;

/** Longest text that is kept of one of them, in characters; builders write whole documents into labels. */
const maxText = 4_096;

/** What facts are read from: an image, or what a Dockerfile would make. */
interface Described extends Pick<OpenedImage, 'annotations'> {
  readonly image: Pick<OpenedImage['image'], 'layers'>;
  readonly config: Omit<OpenedImage['config'], 'platform'>;
}

/** How containers of an image are run and how it was built, without secrets, and what of that was too much. */
export function imageFactsOf(
  { image, config, annotations = {} }: Described,
  base: BaseImage | undefined,
): { readonly facts: ImageFacts; readonly problems: readonly Problem[] } {
  const { run, history, created } = config;
  const few = new Few();
  const instructions = instructionsOf(history, config.diffIds.length, base?.layers ?? 0);
  const facts: ImageFacts = {
    user: cut(run.user),
    entrypoint: words(few.of('words of the entrypoint', run.entrypoint)),
    cmd: words(few.of('words of the command', run.cmd)),
    workingDir: cut(run.workingDir),
    stopSignal: cut(run.stopSignal),
    healthcheck: words(few.of('words of the health check', run.healthcheck)),
    ports: few.of('ports', run.ports).map(cut),
    volumes: few.of('volumes', run.volumes).map(cut),
    env: few.of('variables', run.env).map(envFact),
    labels: texts(few.of('labels', [...run.labels])),
    annotations: texts(few.of('annotations', Object.entries(annotations))),
    history: few.of('lines of history', instructions, mostLines),
    created,
    ...(isTimed(config, base ? instructions : []) ? { timed: true } : {}),
    size: image.layers.reduce((sum, layer) => sum + layer.size, 0),
  };
  return { facts, problems: few.problems };
}

/**
 * Whether a clock ran while the image was built: builders that are told a date (SOURCE_DATE_EPOCH) write that everywhere,
 * in whole seconds; all others the moment of each line, with its fraction. What the base's builder wrote stays as it is:
 * where no base is known, nobody can tell which lines are the image's own, and its date alone counts.
 */
function isTimed(
  { history, created }: Pick<ImageConfig, 'history' | 'created'>,
  instructions: readonly InstructionFact[],
): boolean {
  const own = history.flatMap((line, at) => (instructions[at]?.from === 'own' ? (line.created ?? []) : []));
  const moments = new Set([...own, ...(created === '' ? [] : [created])].map((time) => Date.parse(time)));
  return moments.size > 1 || [created, ...own].some((time) => /\.\d*[1-9]/.test(time));
}

/** Takes the first of what is too many, and says so: a secret or a port may hide behind them. */
class Few {
  readonly problems: Problem[] = [];

  of<T>(what: string, all: readonly T[], most = maxItems): readonly T[] {
    if (all.length <= most) return all;
    this.problems.push(
      blinding('config/too-many', `the image's configuration has ${all.length} ${what}; the first ${most} are read`),
    );
    return all.slice(0, most);
  }
}

function cut(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}

/** The words of a command, without what stands behind an option whose name tells that it is a secret. */
function words(list: readonly string[]): string[] {
  return list.map((word, at) => {
    const before = list[at - 1] ?? '';
    const announced = before.startsWith('-') && !before.includes('=') && isSecretName(before) && !word.startsWith('-');
    return announced && word !== '' ? hiddenValue : shown(word);
  });
}

function envFact(variable: string): EnvFact {
  const equals = variable.indexOf('=');
  const name = cut(equals < 0 ? variable : variable.slice(0, equals));
  const value = equals < 0 ? '' : variable.slice(equals + 1);
  const secret = looksSecret(name, value);
  return { name, value: secret ? hiddenValue : cut(value), secret };
}

/** By name, sorted; without a prototype, for names come from outside. */
function texts(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of [...entries].sort(([a], [b]) => compareText(a, b))) {
    if (typeof value === 'string') found[cut(name)] = looksSecret(name, value) ? hiddenValue : shown(value);
  }
  return found;
}

function shown(text: string): string {
  return cut(redactCommand(text.slice(0, maxText + 1)));
}
