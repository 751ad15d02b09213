import { type Budget, CostFailure } from '../budget.ts';
import { EvaluationFailure, type Scope } from '../contract.ts';
import type { Node } from '../node.ts';
import type { Build, Closure, Local } from './contract.ts';
import { mayFail } from './traits.ts';
import { keysOf } from './value.ts';

type Loop = Extract<Node, { op: 'loop' }>;

/** What a loop goes over, and what it sets on its way. */
interface Turns {
  readonly local: Local;
  readonly budget: Budget;
  over(scope: Scope): readonly unknown[];
}

/** A loop over a list, or over the keys of a map (CEL, macros). */
export function loopOf(node: Loop, build: Build): Closure {
  const local: Local = { value: undefined };
  const over = build.of(node.over);
  const turns: Turns = {
    local,
    budget: build.budget,
    over: (scope) => {
      const found = over(scope);
      return Array.isArray(found) ? found : keysOf(found);
    },
  };
  const looked = lookedUp(node, turns, build);
  if (looked !== undefined) return looked;
  const locals = new Map(build.locals).set(node.name, local);
  const body = build.of(node.body, locals);
  switch (node.by) {
    case 'exists':
      return mayFail(node.body, build) ? absorbing(turns, body, true) : settling(turns, body, true);
    case 'all':
      return mayFail(node.body, build) ? absorbing(turns, body, false) : settling(turns, body, false);
    case 'exists_one':
      return exactlyOne(turns, body);
    case 'filter':
      return filtering(turns, body);
    case 'map':
      return mapping(turns, body, node.where === undefined ? undefined : build.of(node.where, locals));
  }
}

/** `list.exists(x, x == 'a')` is a look into the list. */
function lookedUp({ by, name, body }: Loop, { over, budget }: Turns, build: Build): Closure | undefined {
  if (by !== 'exists' || body.op !== 'compare' || body.by !== '==' || body.left.op !== 'var') return undefined;
  const value = body.left.name === name ? build.known(body.right)?.value : undefined;
  if (typeof value !== 'string') return undefined;
  return (scope) => {
    const items = over(scope);
    budget.spend(items.length);
    return items.includes(value);
  };
}

/** A body that can't fail: the turns are counted when they are over, for there may be few of many. */
function settling({ local, budget, over }: Turns, body: Closure, settles: boolean): Closure {
  return (scope) => {
    const items = over(scope);
    for (let at = 0; at < items.length; at++) {
      local.value = items[at];
      if (body(scope) !== settles) continue;
      budget.spend(at + 1);
      return settles;
    }
    budget.spend(items.length);
    return !settles;
  };
}

/** An item that settles the loop does so over failures of others, as with `||` and `&&`. */
function absorbing({ local, budget, over }: Turns, body: Closure, settles: boolean): Closure {
  return (scope) => {
    let failure: EvaluationFailure | undefined;
    for (const item of over(scope)) {
      budget.spend(1);
      local.value = item;
      try {
        if (body(scope) === settles) return settles;
      } catch (error) {
        if (!(error instanceof EvaluationFailure) || error instanceof CostFailure) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !settles;
  };
}

function exactlyOne({ local, budget, over }: Turns, body: Closure): Closure {
  return (scope) => {
    let found = 0;
    for (const item of over(scope)) {
      budget.spend(1);
      local.value = item;
      if (body(scope) === true) found++;
    }
    return found === 1;
  };
}

function filtering({ local, budget, over }: Turns, body: Closure): Closure {
  return (scope) => {
    const kept: unknown[] = [];
    for (const item of over(scope)) {
      budget.spend(1);
      local.value = item;
      if (body(scope) === true) kept.push(item);
    }
    return kept;
  };
}

function mapping({ local, budget, over }: Turns, body: Closure, where: Closure | undefined): Closure {
  return (scope) => {
    const made: unknown[] = [];
    for (const item of over(scope)) {
      budget.spend(1);
      local.value = item;
      if (where === undefined || where(scope) === true) made.push(body(scope));
    }
    return made;
  };
}
