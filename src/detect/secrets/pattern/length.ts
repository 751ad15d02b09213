import type { PatternNode } from './node.ts';

/** The longest match of a pattern in characters; `Infinity` where there is no longest. */
export function longestMatch(node: PatternNode): number {
  switch (node.kind) {
    case 'one':
      return 1;
    case 'group':
      return longestMatch(node.of);
    case 'cat':
      return node.items.reduce((sum, item) => sum + longestMatch(item), 0);
    case 'alt':
      return node.items.reduce((most, item) => Math.max(most, longestMatch(item)), 0);
    case 'repeat': {
      const once = longestMatch(node.of);
      return once === 0 ? 0 : node.max * once;
    }
    default:
      return 0;
  }
}
