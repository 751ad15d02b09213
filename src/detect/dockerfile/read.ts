import type { Heredoc as ParsedHeredoc, Instruction as ParsedInstruction } from 'dockerfile-ast';
import { parseDockerfile, stageNamed } from '../../format/dockerfile.ts';
import { blinding, type Problem, warning } from '../../model/problem.ts';
import type { Dockerfile, Heredoc, Instruction } from './contract.ts';
import { joinedLines } from './joined.ts';
import { pairsOf } from './pairs.ts';
import { partsOf } from './parts.ts';
import { type StageDraft, stagesOf } from './stages.ts';
import { substituted, Variables } from './variables.ts';

/** Most instructions that are read; real Dockerfiles have some dozens. */
const mostInstructions = 5_000;

/** Most stages that are read. */
const mostStages = 500;

/** The instructions of the Dockerfile reference. */
const known = new Set([
  ...['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER'],
  ...['ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
]);

/** A Dockerfile, and what of it could not be read. */
export interface ReadDockerfile {
  /** Absent: nothing of it could be read. */
  readonly dockerfile?: Dockerfile;
  /** Their `path` is the caller's to add. */
  readonly problems: readonly Problem[];
}

/** Reads a Dockerfile or Containerfile (Dockerfile reference) with all its stages. Never throws. */
export function readDockerfile(text: string): ReadDockerfile {
  const parsed = parseDockerfile(text);
  if (!parsed)
    return { problems: [blinding('dockerfile/unreadable', 'the Dockerfile is too large or can not be parsed')] };
  const reader = new Reader(text, parsed.getEscapeCharacter());
  const found = parsed.getInstructions();
  for (const instruction of found.slice(0, mostInstructions)) if (!reader.add(instruction)) break;
  if (found.length > mostInstructions) reader.tooMany('instructions', mostInstructions);
  const syntax = parsed.getDirectives().find((directive) => directive.getName().toLowerCase() === 'syntax');
  return reader.finish(syntax?.getValue() ?? '');
}

/** Reads instructions in their order: each stage has its own variables. */
class Reader {
  readonly #lines: readonly string[];
  readonly #escape: string;
  readonly #instructions: Instruction[] = [];
  readonly #stages: StageDraft[] = [];
  readonly #variables: Variables[] = [];
  readonly #problems: Problem[] = [];
  /** Arguments in front of the first FROM. */
  readonly #global = new Variables();

  constructor(text: string, escaper: string) {
    this.#lines = text.split(/\r\n|\n|\r/);
    this.#escape = escaper;
  }

  tooMany(what: string, most: number): void {
    this.#problems.push(
      blinding('dockerfile/too-many', `the Dockerfile has too many ${what}; the first ${most} are read`),
    );
  }

  /** Takes one instruction. False: there are too many stages. */
  add(parsed: ParsedInstruction): boolean {
    const { start, end } = parsed.getRange();
    const heredocs = heredocsOf(parsed);
    const first = heredocs.reduce((least, { line }) => Math.min(least, line), end.line + 1);
    const joined = joinedLines(this.#lines.slice(start.line, first), this.#escape);
    const parts = partsOf(joined);
    if (parts.name === 'FROM' && this.#stages.length >= mostStages) {
      this.tooMany('stages', mostStages);
      return false;
    }
    if (!known.has(parts.name)) this.#unknown(parts.name, start.line + 1);
    const bodies = heredocs.map(({ name, line, endLine }): Heredoc => {
      return { name, text: this.#lines.slice(line, endLine).join('\n') };
    });
    // Flags of RUN say how the command is run, and not what: no builder writes them into the history.
    const line = parts.name === 'RUN' ? `RUN ${parts.rest}` : joined;
    const isScript = parts.name === 'RUN' || parts.name === 'CMD' || parts.name === 'ENTRYPOINT';
    // The names in FROM are those in front of the first one.
    const { known: names } = parts.name === 'FROM' ? this.#global : this.#known();
    const resolve = (text: string): string => substituted(text, names, this.#escape);
    const resolved = isScript ? line : resolve(line);
    const pairs = pairsOf(parts.name, parts.rest, this.#escape).map(([name, value]) => [name, resolve(value)] as const);
    if (parts.name === 'FROM') this.#from(resolved, start.line + 1);
    this.#set(parts.name, pairs);
    const { name, flags } = parts;
    const stage = this.#stages.length - 1;
    this.#instructions.push({
      ...{ name, text: withBodies(line, bodies, heredocs), resolved: withBodies(resolved, bodies, heredocs) },
      ...{ line: start.line + 1, endLine: end.line + 1, stage, heredocs: bodies, pairs },
      flags: flags.map((flag) => ({ name: flag.name, value: resolve(flag.value) })),
    });
    return true;
  }

  /** A file that is none has them in every line: the first is told. */
  #unknown(name: string, line: number): void {
    if (this.#problems.some(({ code }) => code === 'dockerfile/unknown-instruction')) return;
    const message = `line ${line}: ${name.slice(0, 40)} is no instruction`;
    this.#problems.push(warning('dockerfile/unknown-instruction', message));
  }

  finish(syntax: string): ReadDockerfile {
    if (this.#stages.length === 0) {
      return { problems: [...this.#problems, blinding('dockerfile/no-from', 'the Dockerfile has no FROM')] };
    }
    const stages = stagesOf(this.#stages, this.#instructions);
    return { dockerfile: { stages, instructions: this.#instructions, syntax }, problems: this.#problems };
  }

  #known(): Variables {
    return this.#variables.at(-1) ?? this.#global;
  }

  #from(line: string, at: number): void {
    const { words } = partsOf(line);
    const [image = '', as = '', name = ''] = words;
    const parent = stageNamed(image, this.#stages);
    this.#variables.push(new Variables(this.#variables[parent]));
    this.#stages.push({ image, line: at, parent, name: as.toLowerCase() === 'as' ? name.toLowerCase() : '' });
  }

  #set(name: string, pairs: readonly (readonly [string, string])[]): void {
    const variables = this.#known();
    for (const [key, value] of pairs) {
      if (name === 'ENV') variables.environment(key, value);
      // An argument without a value has the one of the same name in front of the first FROM.
      if (name === 'ARG') variables.argument(key, value === '' ? this.#global.known.get(key) : value);
    }
  }
}

interface Body {
  readonly name: string;
  /** First line of the body, from 0. */
  readonly line: number;
  /** Behind its last line. */
  readonly endLine: number;
}

function heredocsOf(parsed: ParsedInstruction): Body[] {
  if (!('getHeredocs' in parsed)) return [];
  const heredocs = (parsed as unknown as { getHeredocs(): ParsedHeredoc[] }).getHeredocs();
  return heredocs.flatMap((heredoc) => {
    const [content, delimiter] = [heredoc.getContentRange(), heredoc.getDelimiterRange()];
    const line = content?.start.line ?? delimiter?.start.line;
    if (line === undefined) return [];
    return { name: heredoc.getName(), line, endLine: delimiter?.start.line ?? (content ? content.end.line + 1 : line) };
  });
}

/** `RUN <<EOF` alone runs the body as its script; else bodies follow the line as a shell has them. */
function withBodies(line: string, bodies: readonly Heredoc[], heredocs: readonly Body[]): string {
  if (bodies.length === 0) return line;
  if (heredocs.length === 1 && /^RUN\s+<<-?["']?[\w.-]+["']?\s*$/.test(line)) return `RUN ${bodies[0]?.text ?? ''}`;
  return [line, ...bodies.flatMap(({ name, text }) => [text, name])].join('\n');
}
