import type { Node } from '../expression/node.ts';
import { allParts } from '../expression/parts.ts';

/** Which of the policy's lists an expression asks for by name, and after which it only asks whether they are there. */
export interface ListNames {
  readonly asked: ReadonlySet<string>;
  readonly guarded: ReadonlySet<string>;
  /** Whether it works out a name, and so may ask for any list. */
  readonly computed: boolean;
}

/** The names of lists in an expression. */
export function listNamesIn(node: Node): ListNames {
  const asked = new Set<string>();
  const guarded = new Set<string>();
  let uses = 0;
  let named = 0;
  for (const one of allParts(node)) {
    if (isLists(one)) uses++;
    const name = nameIn(one);
    if (name === undefined) continue;
    named++;
    (one.op === 'has' || one.op === 'compare' ? guarded : asked).add(name);
  }
  return { asked, guarded, computed: uses > named };
}

function isLists(node: Node): boolean {
  return node.op === 'var' && node.name === 'lists';
}

/** The name by which a part uses `lists`. */
function nameIn(node: Node): string | undefined {
  if (node.op === 'field' || node.op === 'has') return isLists(node.of) ? node.name : undefined;
  if (node.op === 'index') return isLists(node.of) && node.at.op === 'const' ? String(node.at.value) : undefined;
  if (node.op !== 'compare' || node.by !== 'in' || !isLists(node.right)) return undefined;
  return node.left.op === 'const' ? String(node.left.value) : undefined;
}
