import type { Node } from './node.ts';

/** The parts that a part is made of, as they are written. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.op) {
    case 'const':
    case 'var':
      return [];
    case 'field':
    case 'has':
    case 'not':
    case 'negate':
      return [node.of];
    case 'index':
      return [node.of, node.at];
    case 'list':
      return node.items;
    case 'call':
      return node.args;
    case 'choose':
      return [node.test, node.then, node.otherwise];
    case 'loop':
      return node.where === undefined ? [node.over, node.body] : [node.over, node.where, node.body];
    default:
      return [node.left, node.right];
  }
}

/** All parts of an expression with itself, outer ones first. */
export function* allParts(node: Node): Iterable<Node> {
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    yield at;
    open.push(...partsOf(at).toReversed());
  }
}
