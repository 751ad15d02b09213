import { SluiceError } from '../../../util/error.ts';
import { reachBehind } from '../reach.ts';
import { withoutLead } from './anchor.ts';
import { inBytes } from './bytes.ts';
import { mostSteps } from './cost.ts';
import { longestMatch } from './length.ts';
import { groupsIn, type PatternNode } from './node.ts';
import { parsePattern } from './parse.ts';
import { printPattern, type TextEnds } from './print.ts';

/**
 * Most steps from one place of a text that a pattern may take in JavaScript's matcher, which goes back and tries again;
 * others run in the linear engine, which costs three hundred nanoseconds a byte whatever the text.
 */
const mostStepsAtOnce = 6000;

/** A match: where it and its groups are; a group that took no part is undefined. */
export interface PatternMatch {
  readonly spans: readonly (readonly [number, number] | undefined)[];
}

/** A pattern whose work on a text is bounded whatever the text. */
export interface CompiledPattern {
  /** Undefined where only the linear engine knows it. */
  readonly node: PatternNode | undefined;
  /** Longest match; `Infinity` where there is none. */
  readonly longest: number;
  /** The number of its groups. */
  readonly groups: number;
  /** The match that begins at this place exactly. */
  matchAt(text: string, at: number, ends: TextEnds): PatternMatch | undefined;
  /** The first match that begins at this place or behind it. */
  matchFrom(text: string, from: number, ends: TextEnds): PatternMatch | undefined;
}

/** A pattern in the linear engine. */
export interface LinearPattern {
  readonly groups: number;
  /** The first match that begins at the place or behind it. */
  find(text: string, from: number): PatternMatch | undefined;
  /** The match at the begin of the text. */
  begin(text: string): PatternMatch | undefined;
}

/** An engine of RE2's syntax that is linear by itself. */
export interface LinearEngine {
  /** @throws Error for what is no pattern */
  compile(pattern: string): LinearPattern;
}

/** Whether the pattern is one for the linear engine. @throws SluiceError `pattern/syntax` */
export function needsEngine(pattern: string): boolean {
  const node = known(pattern);
  return node === undefined || !isNative(node);
}

/**
 * A pattern, with bytes as its characters: texts are given as latin1. `isProven`: it is known to be none for the engine.
 * @throws SluiceError `pattern/syntax`; `pattern/engine` when it needs the linear engine and there is none
 */
export function compileLinear(pattern: string, engine?: LinearEngine, isProven = false): CompiledPattern {
  const node = known(pattern);
  if (node !== undefined && (isProven || isNative(node))) return nativePattern(node);
  if (engine === undefined) throw new SluiceError('pattern/engine', 'the pattern needs the linear engine');
  return node === undefined ? foreign(pattern, engine) : new EnginePattern(node, engine);
}

/**
 * A pattern that {@link compileLinear} takes without the linear engine, of which the length and groups are known already: it
 * is read when something may be a match of it.
 */
export function compileKnown(
  pattern: string,
  { longest, groups }: Pick<CompiledPattern, 'longest' | 'groups'>,
): CompiledPattern {
  const read = (): PatternNode => {
    const node = known(pattern);
    if (node === undefined) throw new SluiceError('pattern/engine', 'the pattern needs the linear engine');
    return node;
  };
  return new NativePattern(read, longest, groups);
}

function nativePattern(node: PatternNode): CompiledPattern {
  return new NativePattern(() => node, longestMatch(node), groupsIn(node));
}

/** The tree of a pattern; undefined where only the linear engine knows its syntax. */
function known(pattern: string): PatternNode | undefined {
  try {
    const parsed = inBytes(parsePattern(pattern));
    // What stands in front of the groups and need not is no part of what is found.
    return groupsIn(parsed) > 0 ? withoutLead(parsed) : parsed;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'pattern/unsupported') return undefined;
    throw error;
  }
}

function isNative(node: PatternNode): boolean {
  return mostSteps(node) <= mostStepsAtOnce;
}

class NativePattern implements CompiledPattern {
  readonly longest: number;
  readonly groups: number;
  readonly #read: () => PatternNode;
  #node: PatternNode | undefined;
  /** By flag and ends: most patterns have no ends, and are never run. */
  readonly #compiled: (RegExp | undefined)[] = [];

  constructor(read: () => PatternNode, longest: number, groups: number) {
    this.#read = read;
    this.longest = longest;
    this.groups = groups;
  }

  get node(): PatternNode {
    this.#node ??= this.#read();
    return this.#node;
  }

  matchAt(text: string, at: number, ends: TextEnds): PatternMatch | undefined {
    return this.#run('dy', text, at, ends);
  }

  matchFrom(text: string, from: number, ends: TextEnds): PatternMatch | undefined {
    return this.#run('dg', text, from, ends);
  }

  #run(flags: 'dy' | 'dg', text: string, at: number, ends: TextEnds): PatternMatch | undefined {
    const index = (flags === 'dy' ? 4 : 0) + (ends.begin ? 2 : 0) + (ends.end ? 1 : 0);
    this.#compiled[index] ??= new RegExp(printPattern(this.node, ends), flags);
    const expression = this.#compiled[index];
    expression.lastIndex = at;
    const found = expression.exec(text);
    return found === null ? undefined : { spans: found.indices as PatternMatch['spans'] };
  }
}

/** A pattern that is known but may go back too often: it is given to the linear engine when it is first needed. */
class EnginePattern implements CompiledPattern {
  readonly node: PatternNode;
  readonly longest: number;
  readonly groups: number;
  readonly #engine: LinearEngine;
  readonly #compiled: (LinearPattern | undefined)[] = [];

  constructor(node: PatternNode, engine: LinearEngine) {
    this.node = node;
    this.longest = longestMatch(node);
    this.groups = groupsIn(node);
    this.#engine = engine;
  }

  matchAt(text: string, at: number, ends: TextEnds): PatternMatch | undefined {
    const to = Math.min(text.length, at + Math.min(this.longest, reachBehind) + 1);
    const found = this.#with({ begin: ends.begin && at === 0, end: ends.end && to === text.length }).begin(
      text.slice(at, to),
    );
    return found && { spans: found.spans.map((span) => span && [span[0] + at, span[1] + at]) };
  }

  matchFrom(text: string, from: number, ends: TextEnds): PatternMatch | undefined {
    return this.#with(ends).find(text, from);
  }

  #with(ends: TextEnds): LinearPattern {
    const index = (ends.begin ? 2 : 0) + (ends.end ? 1 : 0);
    this.#compiled[index] ??= this.#engine.compile(printPattern(this.node, ends, 're2'));
    return this.#compiled[index];
  }
}

/** A pattern whose syntax only the linear engine knows. */
function foreign(pattern: string, engine: LinearEngine): CompiledPattern {
  const compiled = engine.compile(pattern);
  return {
    node: undefined,
    longest: Number.POSITIVE_INFINITY,
    groups: compiled.groups,
    matchFrom: (text, from) => compiled.find(text, from),
    matchAt(text, at) {
      const found = compiled.find(text, at);
      return found?.spans[0]?.[0] === at ? found : undefined;
    },
  };
}
