import type { HistoryLine } from '../model/image.ts';
import type { InstructionFact } from '../model/image-facts.ts';
import { redactCommand } from '../util/redact.ts';

/** What a Dockerfile's lines begin with (Dockerfile reference). */
const instructions = new Set([
  ...['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER'],
  ...['ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
]);

/** Longest line that rules are asked on, in characters: a script in a here-document is one line. */
const longestLine = 32_768;

/** What docker's old builder put before the lines that run nothing. */
const noOperation = '/bin/sh -c #(nop)';
/** What BuildKit puts behind every line. */
const buildKitMark = ' # buildkit';
/** The shell that runs commands unless the Dockerfile names another. */
const usualShell = '/bin/sh -c ';

/**
 * What each line of a history says of its Dockerfile (OCI image configuration, `history`), secrets hidden. `baseLayers`:
 * how many layers are the base's.
 */
export function instructionsOf(
  history: readonly HistoryLine[],
  layers: number,
  baseLayers: number,
): readonly InstructionFact[] {
  // A history that does not fit the layers tells of none which line made it.
  const fits = history.filter(({ empty }) => !empty).length === layers;
  const ownFrom = fits ? firstOwnLine(history, baseLayers) : 0;
  let layer = 0;
  return history.map((line, at): InstructionFact => {
    const { name, text } = instructionIn(line.createdBy.slice(0, longestLine));
    const made = fits && !line.empty ? { layer: layer++ } : {};
    return { name, text, ...made, from: at < ownFrom ? 'base' : 'own' };
  });
}

/**
 * The first line that is the image's own. Lines without a layer between the base's last one and the image's first are the
 * base's up to the command that it runs, with which images end that others are built on.
 */
function firstOwnLine(history: readonly HistoryLine[], baseLayers: number): number {
  if (baseLayers === 0) return 0;
  let at = 0;
  for (let seen = 0; at < history.length && seen < baseLayers; at++) if (!history[at]?.empty) seen++;
  let own = at;
  // Behind the last layer of all, the image's own command may follow: only the first is the base's.
  const isLast = !history.some(({ empty }, line) => line >= at && !empty);
  for (; at < history.length && history[at]?.empty; at++) {
    if (instructionIn(history[at]?.createdBy ?? '').name !== 'CMD') continue;
    own = at + 1;
    if (isLast) break;
  }
  return own;
}

/** The name of an instruction and its line as the Dockerfile has it, as far as what builders leave of it tells. */
function instructionIn(createdBy: string): Pick<InstructionFact, 'name' | 'text'> {
  let line = createdBy.trim();
  if (line.endsWith(buildKitMark)) line = line.slice(0, -buildKitMark.length);
  if (line.startsWith(noOperation)) return named(redactCommand(line.slice(noOperation.length).trim()));
  const isRun = line.startsWith('RUN ');
  // Docker's old builder wrote a command as it was run, and nothing else so.
  if (!isRun && !line.startsWith('|') && !line.startsWith(usualShell)) return named(redactCommand(line));
  const command = withoutArguments(isRun ? line.slice(4).trimStart() : line);
  const bare = command.startsWith(usualShell) ? command.slice(usualShell.length) : command;
  return { name: 'RUN', text: `RUN ${redactCommand(bare.trim())}`.trim() };
}

function named(line: string): Pick<InstructionFact, 'name' | 'text'> {
  const blank = line.indexOf(' ');
  const first = (blank < 0 ? line : line.slice(0, blank)).toUpperCase();
  return { name: instructions.has(first) ? first : '', text: line };
}

/** Takes away the build arguments before a command, `|2 A=x B=y /bin/sh -c …`: their values may hold anything. */
function withoutArguments(command: string): string {
  if (!command.startsWith('|')) return command;
  const usual = command.indexOf(` ${usualShell}`);
  if (usual >= 0) return command.slice(usual + 1);
  const shell = / (?:\/(?:usr\/)?bin\/|cmd |powershell )/.exec(command);
  return shell ? command.slice(shell.index + 1) : '';
}
