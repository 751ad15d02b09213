/** How a text is written; `binary`: it is none. */
export type TextKind = 'utf-8' | 'utf-16le' | 'utf-16be' | 'binary';

/** How many characters must look like UTF-16 before a text without a mark is taken for it. */
const leastPairs = 4;

/** Tells the kind of a text by its first bytes: a NUL in it makes it binary unless it is UTF-16, with or without its mark. */
export function textKindOf(head: Buffer): TextKind {
  if (head.length >= 2 && head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head.length >= 2 && head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (!head.includes(0)) return 'utf-8';
  return wideKind(head);
}

/** UTF-16 of western text has a NUL in nearly every pair, always on the same side, and none on the other. */
function wideKind(head: Buffer): TextKind {
  const pairs = head.length >> 1;
  let first = 0;
  let second = 0;
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) first++;
    if (head[at + 1] === 0) second++;
    if (first > 0 && second > 0) return 'binary';
  }
  if (pairs < leastPairs) return 'binary';
  if (second >= pairs * 0.8) return 'utf-16le';
  return first >= pairs * 0.8 ? 'utf-16be' : 'binary';
}

/** Decodes pieces of UTF-16 into UTF-8, without its mark. */
export function decoderFor(kind: 'utf-16le' | 'utf-16be'): (bytes: Buffer, last: boolean) => Buffer {
  const decoder = new TextDecoder(kind);
  return (bytes, last) => Buffer.from(decoder.decode(bytes, { stream: !last }));
}
