import { EvaluationFailure } from '../contract.ts';
import type { Node } from '../node.ts';
import { arithmeticOf, negationOf } from './arithmetic.ts';
import { callOf } from './call.ts';
import { comparisonOf } from './compare.ts';
import type { Build, Closure } from './contract.ts';
import { choiceOf, conjunctionOf, notOf } from './logic.ts';
import { loopOf } from './loop.ts';
import { entryOf, fieldOf, hasOf } from './value.ts';

/** The closure of a part, out of those of its own parts. */
export function closureOf(node: Node, build: Build): Closure {
  switch (node.op) {
    case 'const': {
      const { value } = node;
      return () => value;
    }
    case 'var':
      return variableOf(node.name, build);
    case 'field':
      return fieldOf(node, build);
    case 'index':
      return entryOf(node, build);
    case 'has':
      return hasOf(node, build);
    case 'list': {
      const items = node.items.map((item) => build.of(item));
      return (scope) => items.map((item) => item(scope));
    }
    case 'not':
      return notOf(node.of, build);
    case 'negate':
      return negationOf(node.of, build);
    case 'and':
    case 'or':
      return conjunctionOf(node, build);
    case 'compare':
      return comparisonOf(node, build);
    case 'arithmetic':
      return arithmeticOf(node, build);
    case 'choose':
      return choiceOf(node, build);
    case 'call':
      return callOf(node, build);
    case 'loop':
      return loopOf(node, build);
  }
}

function variableOf(name: string, { locals, constants }: Build): Closure {
  const local = locals.get(name);
  if (local !== undefined) return () => local.value;
  if (Object.hasOwn(constants, name)) {
    const value = constants[name];
    return () => value;
  }
  return (scope) => {
    const value = scope[name];
    if (value === undefined) throw new EvaluationFailure(`there is no ${name} here`);
    return value;
  };
}
