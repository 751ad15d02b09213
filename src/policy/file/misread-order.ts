import type { Expression, Node } from '../expression/node.ts';
import { allParts } from '../expression/parts.ts';

/** An order that is not the one that somebody can have meant. */
export interface Misread {
  /** Where it stands in the condition. */
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

interface Order {
  /** What the field holds: `severities`. */
  readonly of: string;
  readonly hint: string;
}

const severityOrder: Order = { of: 'severities', hint: "write .atLeast(…), as in finding.severity.atLeast('high')" };
const versionOrder: Order = {
  of: 'versions',
  hint: "write .inRange('>= 1.2'), .olderThan(…) or .newerThan(…) of the package; of one number int(…)",
};

/** Fields whose texts have an order that is not that of their letters. */
const orders: ReadonlyMap<string, Order> = new Map([
  ...['severity', 'worst', 'failOn'].map((name) => [name, severityOrder] as const),
  ...['version', 'originVersion', 'newestFix'].map((name) => [name, versionOrder] as const),
]);

/**
 * A comparison with `<` or its like of what is no number: CEL compares letters, so that critical is less than high and
 * 1.10 less than 1.9, and a rule that looks right lets pass what it is there for.
 */
export function misreadOrder({ node, text }: Expression): Misread | undefined {
  for (const part of allParts(node)) {
    if (part.op !== 'compare' || !/^[<>]/.test(part.by)) continue;
    for (const side of [part.left, part.right]) {
      const order = side.op === 'field' && !isCvss(side.of) ? orders.get(side.name) : undefined;
      if (side.op !== 'field' || !order) continue;
      const message = `${part.by} compares letters here, and not ${order.of}`;
      return { offset: Math.max(0, text.indexOf(side.name)), message, hint: order.hint };
    }
  }
  return undefined;
}

/** Versions of CVSS are in the order of their letters. */
function isCvss(node: Node): boolean {
  return node.op === 'field' && node.name === 'cvss';
}
