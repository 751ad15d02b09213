import type { InstructionFact } from '../../model/image-facts.ts';
import { redactCommand } from '../../util/redact.ts';
import { type Dockerfile, finalInstructions, type Instruction } from './contract.ts';
import { pairsOf } from './pairs.ts';
import { partsOf } from './parts.ts';

/** Most pairs of a line and an instruction that are compared. */
const mostPairs = 250_000;

/** Most words of one of them that are compared. */
const mostWords = 120;

/** How much alike two must be at least, from 0 to 1. */
const leastLikeness = 0.34;

/** Which instruction of a Dockerfile made which line of an image's history. */
export interface Alignment {
  /** The line of the Dockerfile, from 1, by step of the history. */
  readonly lines: ReadonlyMap<number, number>;
  /** How many of the instructions were found, of those that could be, from 0 to 1. */
  readonly likeness: number;
}

/** What is compared of a line or an instruction. */
interface Side {
  readonly name: string;
  /** Sorted. */
  readonly words: readonly string[];
  readonly last: string;
  /** Whether the builder has left nothing but where files went. */
  readonly isVague: boolean;
}

/**
 * Finds the instructions in a history: both are in the same order, so that of all ways to lay one beside the other the one
 * with the most in common is taken. What builders write differs; the words in it do not.
 */
export function alignHistory(history: readonly InstructionFact[], dockerfile: Dockerfile): Alignment {
  const instructions = finalInstructions(dockerfile).filter(({ name }) => name !== 'FROM' && name !== 'ONBUILD');
  const made = instructions.map(sideOfInstruction);
  const isBaseKnown = history.some(({ from }) => from === 'base');
  const steps = history
    .map((fact, step) => ({ fact, step }))
    .filter(({ fact }) => !isBaseKnown || fact.from === 'own')
    .slice(-Math.max(1, Math.floor(mostPairs / Math.max(1, made.length))));
  const pairs = bestPairs(
    steps.map(({ fact }) => sideOf(fact.name, fact.text)),
    made,
  );
  const lines = new Map(pairs.map(([at, instruction]) => [steps[at]!.step, instructions[instruction]!.line]));
  return { lines, likeness: pairs.length / Math.max(1, Math.min(instructions.length, steps.length)) };
}

/** The pairs of the heaviest common subsequence, in order. */
function bestPairs(history: readonly Side[], made: readonly Side[]): readonly (readonly [number, number])[] {
  const width = made.length + 1;
  const sums = new Float64Array((history.length + 1) * width);
  const weights = new Float64Array(history.length * Math.max(1, made.length));
  for (let at = history.length - 1; at >= 0; at--) {
    for (let to = made.length - 1; to >= 0; to--) {
      const weight = weightOf(history[at]!, made[to]!);
      weights[at * made.length + to] = weight;
      const both = weight > 0 ? weight + sums[(at + 1) * width + to + 1]! : 0;
      sums[at * width + to] = Math.max(both, sums[(at + 1) * width + to]!, sums[at * width + to + 1]!);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let at = 0, to = 0; at < history.length && to < made.length; ) {
    const sum = sums[at * width + to]!;
    // Of equal ways the latest line is taken: what a base holds stands in front.
    if (sum === sums[(at + 1) * width + to]) at++;
    else if (sum === sums[at * width + to + 1]) to++;
    else pairs.push([at++, to++]);
  }
  return pairs;
}

/** How much two have in common; 0 where they are not the same. */
function weightOf(line: Side, made: Side): number {
  if (line.name !== made.name) return 0;
  const likeness = line.isVague ? vagueLikeness(line, made) : likenessOf(line.words, made.words);
  return likeness < leastLikeness ? 0 : 1 + likeness * 4;
}

/** `COPY file:… in /app`: where files went may be told by a path that begins elsewhere. */
function vagueLikeness(line: Side, made: Side): number {
  return line.last === made.last ? 0.9 : 0.4;
}

/** Sørensen and Dice's coefficient of the words, which are sorted on both sides. */
function likenessOf(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 1;
  let both = 0;
  for (let at = 0, to = 0; at < a.length && to < b.length; ) {
    const [left, right] = [a[at]!, b[to]!];
    if (left === right) both++;
    if (left <= right) at++;
    if (right <= left) to++;
  }
  return (2 * both) / (a.length + b.length);
}

function sideOfInstruction({ name, resolved, pairs }: Instruction): Side {
  if (pairs.length > 0 && name !== 'ARG') return side(name, redactCommand(pairsText(pairs)));
  return sideOf(name, redactCommand(resolved));
}

function sideOf(name: string, text: string): Side {
  const { rest, words } = partsOf(text);
  // The value of a build argument is another one in every build.
  if (name === 'ARG') return side(name, words[0]?.split('=')[0] ?? '');
  if (name === 'ENV' || name === 'LABEL') return side(name, pairsText(pairsOf(name, rest, '\\')));
  const isVague = (name === 'COPY' || name === 'ADD') && /^(?:file|dir|multi):[0-9a-f]{16,64} in /.test(rest);
  return side(name, words.join(' '), isVague);
}

/** Words of letters and digits; `8080/tcp` and `map[8080/tcp:{}]` are the same two. */
function side(name: string, text: string, isVague = false): Side {
  const words = text
    .slice(0, 8_192)
    .toLowerCase()
    .split(/[^a-z0-9_]+/)
    .filter((word) => word !== '' && word !== 'map' && word !== 'tcp')
    .slice(0, mostWords);
  return { name, last: words.at(-1) ?? '', words: words.sort(), isVague };
}

function pairsText(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([key, value]) => `${key}=${value}`).join(' ');
}
