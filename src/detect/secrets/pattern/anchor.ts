import { wordCharacters } from './classes.ts';
import { areApart, spanWithin } from './follow.ts';
import { type CharSet, charSet, has, type PatternNode, pairsOf, sizeOf } from './node.ts';

/** A text that every match of one kind has at a fixed place behind its begin, in lower case, and what stands round it. */
export interface Anchor {
  /** ASCII, in lower case: text is compared without regard to case. */
  readonly word: string;
  /** How many bytes before the word the match begins. */
  readonly offset: number;
  /** What the bytes from the begin of the match must be, one set a byte. */
  readonly sets: readonly CharSet[];
  /** Whether the match begins at the border of a word. */
  readonly border: boolean;
  /** What comes behind the sets: a run of characters that nothing behind it can begin with. */
  readonly run?: Run;
  /** What must stand behind all of these, unless the text ends there. */
  readonly next?: CharSet;
}

/** As many as possible of these characters, then something else. */
export interface Run {
  readonly of: CharSet;
  readonly min: number;
  readonly max: number;
  /** Whether more of the pattern than one repeated character is in it: then runs with one end may go on differently. */
  readonly mixed?: true;
}

/** Shortest word that is worth looking for. */
const shortestWord = 3;
/** Longest word that is looked for: more do not make it rarer. */
const longestWord = 16;
/** Most words that a pattern may be looked for by. */
const mostWords = 96;
/** Most words that one place may give. */
const mostWordsAtPlace = 16;
/** How many bytes of a match are compared before the pattern is run. */
const mostSets = 64;
/** Classes up to this size are written out as words. */
const smallClass = 8;

/** The items behind a node, as far as they are known. */
type Rest = readonly PatternNode[];

/** One way to begin a match. */
interface Path {
  readonly sets: readonly CharSet[];
  readonly border: boolean;
  /** Whether more sets may follow. */
  readonly open: boolean;
  readonly run?: Run;
  readonly next?: CharSet;
}

/**
 * The words by which a pattern is found: each of its matches has one of them at its place. Undefined where there are none
 * such, or too many. What is optional at the begin of the pattern must be taken away before ({@link withoutLead}).
 */
export function anchorsOf(node: PatternNode): readonly Anchor[] | undefined {
  const paths = pathsOf(node, [{ sets: [], border: false, open: true }]);
  if (paths === undefined) return undefined;
  const anchors: Anchor[] = [];
  for (const path of paths) {
    const found = wordsIn(path.sets);
    if (found === undefined) return undefined;
    for (const word of found.words) {
      const { sets, border, run, next } = path;
      const more = { ...(run !== undefined && { run }), ...(next !== undefined && { next }) };
      anchors.push({ word, offset: found.offset, sets, border, ...more });
    }
    if (anchors.length > mostWords) return undefined;
  }
  return anchors;
}

/** The pattern without what may stand in front of it and need not: only the begin of its matches is another then. */
export function withoutLead(node: PatternNode): PatternNode {
  if (node.kind !== 'cat') return node;
  const [first, ...rest] = node.items;
  if (first?.kind === 'cat') return withoutLead({ kind: 'cat', items: [...first.items, ...rest] });
  if (first === undefined || rest.length === 0 || !isLead(first)) return node;
  return withoutLead(rest.length === 1 ? rest[0]! : { kind: 'cat', items: rest });
}

function isLead(node: PatternNode): boolean {
  return node.kind === 'empty' || (node.kind === 'repeat' && node.min === 0 && node.of.kind === 'one');
}

/** `rest`: what stands behind the node; without it that can't be told. */
function pathsOf(node: PatternNode, before: readonly Path[], rest: Rest = []): readonly Path[] | undefined {
  if (before.every((path) => !path.open)) return before;
  switch (node.kind) {
    case 'empty':
      return before;
    case 'group':
      return pathsOf(node.of, before, rest);
    case 'one':
      return before.map((path) => withSets(path, [node.of]));
    case 'assert':
      return before.map((path) => withAssertion(path, node.what));
    case 'cat':
      return pathsOfAll(node.items, before, rest);
    case 'alt': {
      const end = endOf(node);
      if (end !== undefined) return before.map((path) => (path.open ? { ...path, open: false, next: end } : path));
      const all: Path[] = [];
      for (const item of node.items) {
        const some = pathsOf(item, before, rest);
        if (some === undefined || all.length + some.length > mostWords) return undefined;
        all.push(...some);
      }
      return all;
    }
    case 'repeat':
      return pathsOfRepeat(node, before, rest);
  }
}

function pathsOfAll(items: readonly PatternNode[], before: readonly Path[], rest: Rest): readonly Path[] | undefined {
  let paths: readonly Path[] | undefined = before;
  for (const [index, item] of items.entries()) {
    paths = pathsOf(item, paths, [...items.slice(index + 1), ...rest]);
    if (paths === undefined) return undefined;
  }
  return paths;
}

/** A run whose end is certain by what comes next, and what must stand there. */
function runOf(item: PatternNode, rest: Rest): { readonly run: Run; readonly next?: CharSet } | undefined {
  if (item.kind !== 'repeat' || item.of.kind !== 'one' || item.min === item.max) return undefined;
  const { of } = item.of;
  const [next] = rest;
  if (next === undefined) return undefined;
  if (endsByNext(of, next)) {
    const end = endOf(next);
    return { run: { of, min: item.min, max: item.max }, ...(end !== undefined && { next: end }) };
  }
  // A character that is more than one byte is not told by tables over bytes.
  if (of.at(-1)! >= 0x80) return undefined;
  const more = spanWithin(rest, of);
  if (more === undefined || more.next.at(-1)! >= 0x80 || !areApart(of, more.next)) return undefined;
  const { span } = more;
  return { run: { of, min: item.min + span.min, max: item.max + span.max, mixed: true }, next: more.next };
}

/** Whether the next item alone ends a run, whose characters are its own alone. */
function endsByNext(of: CharSet, next: PatternNode): boolean {
  const end = next.kind === 'one' ? next.of : endOf(next);
  if (end !== undefined) return areApart(of, end);
  const isWordEnd = next.kind === 'assert' && next.what === 'word';
  return isWordEnd && pairsOf(of).every(([low, high]) => isWord(low) && high <= 0x7a && isWordRange(low, high));
}

/** Of alternatives one of which is the end of the text: what the others begin with. */
function endOf(node: PatternNode): CharSet | undefined {
  if (node.kind !== 'alt') return undefined;
  const sets: CharSet[] = [];
  for (const item of node.items) {
    if (item.kind === 'assert' && item.what === 'end') continue;
    const first = item.kind === 'cat' ? item.items[0] : item;
    if (first?.kind !== 'one') return undefined;
    sets.push(first.of);
  }
  return sets.length === node.items.length ? undefined : charSet(sets.flatMap(pairsOf));
}

function isWordRange(low: number, high: number): boolean {
  for (let code = low; code <= high; code++) if (!isWord(code)) return false;
  return true;
}

function isWord(code: number): boolean {
  return has(wordCharacters, code);
}

function pathsOfRepeat(
  node: Extract<PatternNode, { kind: 'repeat' }>,
  before: readonly Path[],
  rest: Rest,
): readonly Path[] | undefined {
  const found = runOf(node, rest);
  if (found !== undefined) {
    const more = { open: false, ...found };
    return before.map((path) => (path.open ? { sets: path.sets, border: path.border, ...more } : path));
  }
  let paths: readonly Path[] | undefined = before;
  const times = Math.min(node.min, mostSets);
  if (node.of.kind === 'one') {
    const { of } = node.of;
    const sets = Array.from({ length: times }, () => of);
    const isWhole = node.min === node.max && times === node.min;
    return before.map((path) => {
      const after = withSets(path, sets);
      return isWhole ? after : { ...after, open: false };
    });
  }
  for (let done = 0; done < times && paths !== undefined; done++) paths = pathsOf(node.of, paths);
  if (node.min === node.max && times === node.min) return paths;
  return paths?.map((path) => ({ ...path, open: false }));
}

function withSets(path: Path, sets: readonly CharSet[]): Path {
  if (!path.open) return path;
  // A character that is more than one byte ends what is compared byte by byte.
  const plain = sets.every((set) => set.at(-1)! < 0x80);
  if (!plain) return { ...path, open: false };
  const all = [...path.sets, ...sets];
  return all.length > mostSets ? { ...path, sets: all.slice(0, mostSets), open: false } : { ...path, sets: all };
}

function withAssertion(path: Path, what: string): Path {
  if (!path.open) return path;
  return path.sets.length === 0 && what === 'word' ? { ...path, border: true } : path;
}

/** The longest words at one place of the sets, which small classes multiply. */
function wordsIn(sets: readonly CharSet[]): { readonly offset: number; readonly words: readonly string[] } | undefined {
  const letters = sets.map(lettersOf);
  let best: { offset: number; length: number; worth: number } | undefined;
  for (let offset = 0; offset < letters.length; offset++) {
    const { length, count } = reachAt(letters, offset);
    if (length < shortestWord) continue;
    const worth = length * 4 - Math.log2(count) * 2;
    if (best === undefined || worth > best.worth) best = { offset, length, worth };
  }
  if (best === undefined) return undefined;
  let words: readonly string[] = [''];
  for (const some of letters.slice(best.offset, best.offset + best.length))
    words = words.flatMap((word) => some!.map((letter) => word + letter));
  return { offset: best.offset, words };
}

/** How long words can be that begin at a place, and how many there are. */
function reachAt(
  letters: readonly (readonly string[] | undefined)[],
  offset: number,
): { readonly length: number; readonly count: number } {
  let count = 1;
  let length = 0;
  while (length < longestWord) {
    const some = letters[offset + length];
    if (some === undefined || count * some.length > mostWordsAtPlace || (some.length > 1 && length > 6)) break;
    count *= some.length;
    length++;
  }
  return { length, count };
}

/** The characters of a small set without regard to case; undefined when there are too many. */
function lettersOf(set: CharSet): readonly string[] | undefined {
  if (sizeOf(set) > smallClass * 2) return undefined;
  const letters = new Set<string>();
  for (const [low, high] of pairsOf(set))
    for (let code = low; code <= high; code++) letters.add(String.fromCharCode(code).toLowerCase());
  return letters.size <= smallClass ? [...letters].sort() : undefined;
}
