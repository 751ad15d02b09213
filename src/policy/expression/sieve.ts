import { type BitSet, bitSet } from './bit-set.ts';
import { Budget } from './budget.ts';
import { buildOf, type CompileOptions, constantsOf } from './compile.ts';
import { EvaluationFailure, type Scope } from './contract.ts';
import { alternativesOf, type Guard } from './guards.ts';
import { type Lane, laneOf } from './lanes.ts';
import type { Expression } from './node.ts';

/**
 * Tells which of many expressions need be evaluated on a subject at all. Most rules ask for a severity, a name, a kind of
 * package, a score: one look at such a field rules out many of them at once.
 */
export class Sieve {
  /** Numbers of the expressions whose alternatives they are, in order. */
  private readonly owners: readonly number[];
  private readonly lanes: readonly Lane[];
  private readonly all: BitSet;
  private readonly left: BitSet;
  private readonly listed: Int32Array;

  constructor(expressions: readonly Expression[], options: CompileOptions) {
    const build = buildOf(new Budget(), constantsOf(options));
    const alternatives = expressions.map(({ node }) => alternativesOf(node, build));
    const guards: readonly (readonly Guard[])[] = alternatives.flat();
    this.owners = alternatives.flatMap((some, index) => some.map(() => index));
    this.all = bitSet(guards.length);
    for (const index of guards.keys()) this.all.add(index);
    this.left = bitSet(guards.length);
    this.listed = new Int32Array(guards.length);
    const fields = new Map<string, Guard>();
    for (const guard of guards.flat()) if (!fields.has(guard.key)) fields.set(guard.key, guard);
    this.lanes = [...fields.values()].map(({ key, field }) => {
      const asked = guards.map((some) => some.find((guard) => guard.key === key));
      return laneOf(build.of(field), asked);
    });
  }

  /** Calls back with the number of each expression that may be true in a scope, or fail, in order. */
  each(scope: Scope, may: (index: number) => void): void {
    const { left, owners } = this;
    left.become(this.all);
    for (const lane of this.lanes) if (left.meets(lane.asking)) narrow(left, lane, scope);
    const count = left.list(this.listed);
    let last = -1;
    for (let at = 0; at < count; at++) {
      const owner = owners[this.listed[at] as number] as number;
      if (owner !== last) may(owner);
      last = owner;
    }
  }
}

/** A field that can't be read rules out nothing: whoever asks for it then fails. */
function narrow(left: BitSet, lane: Lane, scope: Scope): void {
  let value: unknown;
  try {
    value = lane.read(scope);
  } catch (error) {
    if (error instanceof EvaluationFailure) return;
    throw error;
  }
  left.keep(lane.leftBy(value));
}
