import { type CharSet, charSet, type PatternNode, pairsOf } from './node.ts';

/**
 * The pattern over the bytes of UTF-8 texts, each byte as one character (latin1). One character beyond ASCII becomes its
 * bytes; a class with some of them takes any of their bytes, which can only find more.
 */
export function inBytes(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'one':
      return setInBytes(node.of);
    case 'group':
    case 'repeat':
      return { ...node, of: inBytes(node.of) };
    case 'cat':
    case 'alt':
      return { kind: node.kind, items: node.items.map(inBytes) };
    default:
      return node;
  }
}

function setInBytes(set: CharSet): PatternNode {
  if (set.length === 0 || set.at(-1)! < 0x80) return { kind: 'one', of: set };
  if (set.length === 2 && set[0] === set[1]) {
    const bytes = [...Buffer.from(String.fromCodePoint(set[0]!))];
    return { kind: 'cat', items: bytes.map((byte) => ({ kind: 'one', of: [byte, byte] })) };
  }
  const ascii = pairsOf(set).filter(([low]) => low < 0x80);
  const cut = ascii.map(([low, high]): [number, number] => [low, Math.min(high, 0x7f)]);
  return { kind: 'one', of: charSet([...cut, [0x80, 0x10ffff]]) };
}
