import type { SecretScanner } from '../../detect/secrets/contract.ts';
import type { ImageConfig } from '../../model/image.ts';
import type { ImageFacts, InstructionFact } from '../../model/image-facts.ts';
import type { Place } from '../../model/placed-finding.ts';
import { blinding, type Problem } from '../../model/problem.ts';
import type { OpenedImage } from '../../source/contract.ts';
import { type FoundSecret, spanOf } from './secret-findings.ts';

/** Most of an image's configuration that is searched, in characters. */
const mostText = 16 * 1024 * 1024;

/** Lines of a history in which the one is looked for that set a variable: real images have some dozens. */
const mostLines = 200;

/** A text of the configuration or manifest, and what it is. */
interface ConfigurationText {
  readonly text: string;
  readonly place: Place;
}

/** Secrets in an image's environment, labels, annotations, commands and history, which are searched as they are. */
export function imageSecrets(
  opened: Pick<OpenedImage, 'config' | 'annotations'>,
  facts: ImageFacts,
  scanner: SecretScanner,
): { readonly found: readonly FoundSecret[]; readonly problems: readonly Problem[] } {
  const found: FoundSecret[] = [];
  let left = mostText;
  let unread = 0;
  for (const { text, place } of textsOf(opened.config, opened.annotations ?? {}, facts)) {
    left -= text.length;
    if (left < 0) {
      unread++;
      continue;
    }
    // In one line of a history, or in the value of a variable, nobody looks for a line and a column.
    for (const match of scanner.search(text, place.in)) {
      found.push({
        match,
        place: place.in === 'history' ? place : { ...place, ...(match.line > 1 ? spanOf(match) : {}) },
      });
    }
  }
  const message = `${unread} texts of the image's configuration are too long: no secrets are looked for in them`;
  return { found, problems: unread > 0 ? [blinding('secrets/too-large', message)] : [] };
}

function* textsOf(
  { run, history }: ImageConfig,
  annotations: Readonly<Record<string, unknown>>,
  facts: ImageFacts,
): Iterable<ConfigurationText> {
  for (const variable of run.env) {
    const name = variable.slice(0, Math.max(0, variable.indexOf('=')));
    yield { text: variable, place: { in: 'environment', name, ...causeOf('ENV', name, facts) } };
  }
  for (const [name, value] of run.labels) {
    yield { text: `${name}=${value}`, place: { in: 'label', name, ...causeOf('LABEL', name, facts) } };
  }
  for (const [name, value] of Object.entries(annotations)) {
    if (typeof value === 'string') yield { text: `${name}=${value}`, place: { in: 'annotation', name } };
  }
  const commands = { Entrypoint: run.entrypoint, Cmd: run.cmd, Healthcheck: run.healthcheck };
  for (const [name, words] of Object.entries(commands)) {
    if (words.length > 0) yield { text: words.join(' '), place: { in: 'configuration', name } };
  }
  for (const [step, { createdBy }] of history.entries()) {
    const line = facts.history[step];
    yield { text: withoutMarks(createdBy), place: { in: 'history', step, ...placeOfLine(line) } };
  }
}

/** A line of a history without what builders put before and behind it, which reads like a comment. */
function withoutMarks(createdBy: string): string {
  return createdBy.replace(/^\/bin\/sh -c #\(nop\) */, '').replace(/ # buildkit$/, '');
}

function placeOfLine(line: InstructionFact | undefined): Pick<Place, 'layer' | 'from'> {
  if (!line) return {};
  return { ...(line.layer === undefined ? {} : { layer: line.layer }), from: line.from };
}

/** The line of the history that set a variable or label: the last one that names it. */
function causeOf(instruction: string, name: string, { history }: ImageFacts): Pick<Place, 'step' | 'from'> {
  let read = 0;
  for (let step = history.length - 1; step >= 0 && read < mostLines; step--) {
    const line = history[step];
    if (line?.name !== instruction) continue;
    read++;
    if (sets(line.text, name)) return { step, from: line.from };
  }
  return {};
}

/** Whether an instruction's text has `NAME=`, or `NAME value` in its old form. */
function sets(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1];
    const after = text[at + name.length];
    if ((before === ' ' || before === '"' || before === "'") && (after === '=' || after === ' ' || after === '"'))
      return true;
  }
  return false;
}
