import { type PatternNode, pairsOf, sizeOf } from '../pattern/node.ts';

/** Longest beginning of a secret that is shown. */
const longestShown = 12;
/** Of a secret, at most one in so many characters is shown. */
const leastHidden = 3;
/** A place with more choices than this is no longer a known beginning. */
const smallChoice = 8;

/** What is shown of a secret: the beginning that all of its kind have, and its length: `ghp_…(40)`. */
export function shownOf(value: string, known: number): string {
  const length = [...value].length;
  const head = value.slice(0, Math.min(known, longestShown, Math.floor(length / leastHidden)));
  return `${/^[\x21-\x7e]*$/.test(head) ? head : ''}…(${length})`;
}

/** How many of the first characters of a group are the same, or nearly, in every match: 0 for the whole pattern's 0. */
export function knownBeginning(node: PatternNode, group: number): number {
  const found = group === 0 ? node : findGroup(node, group);
  return found === undefined ? 0 : fixedLength(found).length;
}

function findGroup(node: PatternNode, index: number): PatternNode | undefined {
  switch (node.kind) {
    case 'group':
      return node.index === index ? node.of : findGroup(node.of, index);
    case 'repeat':
      return findGroup(node.of, index);
    case 'cat':
    case 'alt':
      for (const item of node.items) {
        const found = findGroup(item, index);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return undefined;
  }
}

/** `whole`: all of the node is known, so that what follows it may be as well. */
function fixedLength(node: PatternNode): { readonly length: number; readonly whole: boolean } {
  switch (node.kind) {
    case 'one': {
      const small = pairsOf(node.of).length <= smallChoice && sizeOf(node.of) <= smallChoice;
      return { length: small ? 1 : 0, whole: small };
    }
    case 'empty':
    case 'assert':
      return { length: 0, whole: true };
    case 'group':
      return fixedLength(node.of);
    case 'repeat':
      return { length: 0, whole: false };
    case 'alt': {
      const parts = node.items.map(fixedLength);
      const length = Math.min(...parts.map((part) => part.length));
      return { length, whole: parts.every((part) => part.whole && part.length === length) };
    }
    case 'cat': {
      let length = 0;
      for (const item of node.items) {
        const part = fixedLength(item);
        length += part.length;
        if (!part.whole) return { length, whole: false };
      }
      return { length, whole: true };
    }
  }
}
