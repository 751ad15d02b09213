import type { Gatherer } from './gather.ts';

/** How deep values may be nested. */
export const deepestValue = 64;

/** A value of a file of nested values. */
export type Tree =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly line: number }
  | {
      readonly kind: 'map';
      readonly entries: readonly (readonly [name: string, value: Tree, line: number])[];
      readonly line: number;
    };

/**
 * Adds all texts of a tree, called by the way to them: `server.port`, `users.0.name`; a list of texts is one setting of words
 * as well. Without recursion: the depth is the file's.
 */
export function addTree(gatherer: Gatherer, root: Tree, path: string): void {
  const open: { name: string; block: string; tree: Tree; line: number }[] = [
    { name: '', block: '', tree: root, line: root.line },
  ];
  for (let next = open.pop(); next !== undefined && !gatherer.full; next = open.pop()) {
    const { name, block, tree, line } = next;
    if (tree.kind === 'text') {
      gatherer.add({ name, value: tree.text, block, line, path });
      continue;
    }
    const inner =
      tree.kind === 'map' ? tree.entries : tree.items.map((item, at) => [String(at), item, item.line] as const);
    if (tree.kind === 'list') {
      const texts = tree.items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
      if (texts.length === tree.items.length)
        gatherer.add({ name, value: texts.join(' '), args: texts, block, line, path });
    }
    for (const [key, value, at] of inner.toReversed())
      open.push({ name: name === '' ? key : `${name}.${key}`, block: name, tree: value, line: at });
  }
}
