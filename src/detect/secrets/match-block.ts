import type { Block } from './block.ts';
import { type CodedWord, codedRun } from './keywords/coded.ts';
import { KeywordFinder } from './keywords/find.ts';
import type { PatternMatch } from './pattern/compile.ts';
import type { PreparedAnchor, PreparedRule } from './prepare.ts';
import type { RuleWord, Search, WordUse } from './search.ts';

/** Told what is found; places are those of the block. */
export interface OnFound {
  match(rule: PreparedRule, match: PatternMatch): void;
  /** A part that is written in a coding, and where in it the word is that told so. */
  coded(word: CodedWord, from: number, to: number, at: number): void;
}

/** How far behind the begin of what is no match an escaped character makes it worth decoding (bytes). */
const escapeReach = 64;
const percent = 0x25;
const escaped: CodedWord = { coding: 'url', exact: '', phase: 0 };

/** Finds what rules match in one block of a text after another. */
export class BlockMatcher {
  readonly #search: Search;
  readonly #finder: KeywordFinder;
  readonly #found: OnFound;
  /** Up to where coded parts have been decoded: a place in the text. */
  #decodedTo = 0;
  /** Up to where each rule has been matched: places in the text. */
  readonly #done: Float64Array;
  /** Rules that this text is not for: 1 wanted, 2 not; 0: not asked yet. */
  readonly #wanted: Uint8Array;
  /** Anchors of which something is known in the block. */
  readonly #seen: number[] = [];
  /** By anchor: the run that was looked at last, in the block, and the end of the last one behind which nothing matches. */
  readonly #runFrom: Int32Array;
  readonly #runEnd: Int32Array;
  readonly #failedEnd: Int32Array;
  /** A part of the block in which nothing is escaped and no word ends: each byte is looked at once for all words round it. */
  #plainFrom = -1;
  #plainTo = -1;
  /** By state: how far in front of a hit's end all that is looked for by it begins, at the border of a word; 0: not so. */
  readonly #starts: Uint8Array;
  /** Parts of the block in which rules without anchors are still to be tried. */
  readonly #parts = new Map<PreparedRule, [from: number, to: number]>();
  #touched = false;
  #isWanted: (rule: PreparedRule) => boolean = () => true;

  constructor(search: Search, capacity: number, found: OnFound) {
    this.#search = search;
    this.#finder = new KeywordFinder(search.automaton, capacity);
    this.#found = found;
    this.#starts = Uint8Array.from(search.uses, startOf);
    this.#done = new Float64Array(search.rules.length);
    this.#wanted = new Uint8Array(search.rules.length);
    this.#runFrom = new Int32Array(search.anchors).fill(-1);
    this.#runEnd = new Int32Array(search.anchors).fill(-1);
    this.#failedEnd = new Int32Array(search.anchors).fill(-1);
  }

  /** Makes it ready for another text. `isWanted` is asked once a rule at most. */
  reset(isWanted: (rule: PreparedRule) => boolean): void {
    this.#isWanted = isWanted;
    this.#decodedTo = 0;
    if (!this.#touched) return;
    this.#touched = false;
    this.#done.fill(0);
    this.#wanted.fill(0);
  }

  /** Leaves a rule out for the rest of the text. */
  giveUp(rule: PreparedRule): void {
    this.#wanted[rule.index] = 2;
  }

  /** Matches what has its keyword between two places of the block. */
  match(block: Block, from: number, to: number): void {
    const count = this.#finder.find(block.bytes, from, to);
    const { ends, states } = this.#finder;
    const { uses, always } = this.#search;
    if (count > 0 || always.length > 0) this.#forget();
    for (let hit = 0; hit < count; hit++) {
      const end = ends[hit]!;
      if (isWithinRun(ends, states, hit, count) || this.#isWithinWord(block, end - this.#starts[states[hit]!]!, end))
        continue;
      for (const use of uses[states[hit]!]!) {
        if (use.coded !== undefined) {
          this.#tryCoded(block, use.coded, end - use.coded.exact.length);
          continue;
        }
        if (!this.#wants(use.rule)) continue;
        if (use.anchor === undefined) this.#note(block, use, end);
        else this.#tryAnchor(block, use.rule, use.anchor, use.id, end - use.length - use.anchor.offset);
      }
    }
    for (const [rule, [first, last]] of this.#parts) this.#tryPart(block, rule, first, last, block.filled);
    this.#parts.clear();
    for (const rule of always) {
      if (this.#wants(rule)) this.#tryPart(block, rule, from, block.filled, block.isLast ? block.filled : to);
    }
  }

  /** Told without a look at what is looked for: in base64 some short words are everywhere. */
  #isWithinWord({ bytes }: Block, start: number, end: number): boolean {
    if (start === end || start <= 0) return false;
    return isWord(bytes[start - 1]!) && isWord(bytes[start]!) && bytes[start - 3] !== percent;
  }

  #forget(): void {
    this.#touched = true;
    for (const id of this.#seen) {
      this.#runFrom[id] = -1;
      this.#runEnd[id] = -1;
      this.#failedEnd[id] = -1;
    }
    this.#seen.length = 0;
    this.#plainFrom = -1;
    this.#plainTo = -1;
  }

  #wants(rule: PreparedRule): boolean {
    const known = this.#wanted[rule.index]!;
    if (known !== 0) return known === 1;
    const wanted = this.#isWanted(rule);
    this.#wanted[rule.index] = wanted ? 1 : 2;
    return wanted;
  }

  /** Compares bytes first: most words that look like the begin of a secret are none. */
  #tryAnchor(block: Block, rule: PreparedRule, anchor: PreparedAnchor, id: number, start: number): void {
    const { bytes, filled } = block;
    const { tables, run } = anchor;
    if (start < 0 || block.base + start < this.#done[rule.index]!) return;
    if (anchor.border && start > 0 && isWord(bytes[start - 1]!) === isWord(bytes[start]!)) {
      // What looks like a letter in front may be the end of an escaped character.
      if (bytes[start - 3] === percent) this.#tryCoded(block, escaped, start);
      return;
    }
    const behind = start + tables.length;
    if (behind > filled) return;
    for (let at = start, i = 0; at < behind; at++, i++) {
      if (tables[i]![bytes[at]!] === 1) continue;
      if (bytes[at] === percent) this.#tryEscaped(block, start, at);
      return;
    }
    const { next } = anchor;
    if (run === undefined) {
      const ends = next === undefined || behind === filled || next[bytes[behind]!] === 1;
      if (!ends || !this.#tryAt(block, rule, start)) this.#tryEscaped(block, start, behind);
      return;
    }
    const end = this.#runEndOf(bytes, filled, run.table, id, behind);
    const length = end - behind;
    // All runs with one end go on alike: where one has failed, so do the others.
    if (length < run.min || length > run.max || this.#failedEnd[id] === end) return;
    const ends = next === undefined || end === filled || next[bytes[end]!] === 1;
    if (ends && this.#tryAt(block, rule, start)) return;
    if (!run.mixed) this.#failedEnd[id] = end;
    this.#tryEscaped(block, start, behind);
  }

  /** What is no match because of escaped characters may be one without them. */
  #tryEscaped(block: Block, start: number, from: number): void {
    const { bytes, filled } = block;
    const last = Math.min(filled - 2, from + escapeReach);
    const isKnown = from >= this.#plainFrom && from <= this.#plainTo;
    let at = isKnown ? Math.min(last, this.#plainTo) : from;
    while (at < last && bytes[at] !== percent && bytes[at]! > 0x20) at++;
    if (!isKnown) this.#plainFrom = from;
    if (!isKnown || at > this.#plainTo) this.#plainTo = at;
    if (at < last && bytes[at] === percent) this.#tryCoded(block, escaped, start);
  }

  #tryCoded(block: Block, word: CodedWord, at: number): void {
    if (block.base + at < this.#decodedTo) return;
    if (word.coding === 'base64' && !standsAt(block.bytes, word.exact, at)) return;
    const run = codedRun(word.coding, block.bytes, at, block.filled);
    if (run === undefined) return;
    this.#decodedTo = block.base + run[1];
    this.#found.coded(word, run[0], run[1], at - run[0]);
  }

  #runEndOf(bytes: Buffer, filled: number, table: Uint8Array, id: number, from: number): number {
    if (from >= this.#runFrom[id]! && from <= this.#runEnd[id]!) return this.#runEnd[id]!;
    let end = from;
    while (end < filled && table[bytes[end]!] === 1) end++;
    if (this.#runEnd[id] === -1) this.#seen.push(id);
    this.#runFrom[id] = from;
    this.#runEnd[id] = end;
    return end;
  }

  #tryAt(block: Block, rule: PreparedRule, start: number): boolean {
    const pattern = rule.pattern!;
    // One character more on either side tells whether a word begins or ends.
    const begin = Math.max(0, start - 1);
    const to = Math.min(block.filled, start + pattern.longest + 2);
    const match = movedBy(begin, pattern.matchAt(block.characters(begin, to), start - begin, endsOf(block, begin, to)));
    const whole = match?.spans[0];
    // What touches the end of the block may go on behind it: no secret is that long.
    if (match === undefined || whole === undefined || (whole[1] === block.filled && !block.isLast)) return false;
    this.#done[rule.index] = block.base + Math.max(whole[1], start + 1);
    this.#found.match(rule, match);
    return true;
  }

  /** Parts that touch are one. */
  #note(block: Block, { rule, length }: RuleWord, end: number): void {
    const first = Math.max(0, end - length - rule.before);
    const last = Math.min(block.filled, end + rule.behind);
    const part = this.#parts.get(rule);
    if (part === undefined) this.#parts.set(rule, [first, last]);
    else if (first <= part[1]) part[1] = last;
    else {
      this.#tryPart(block, rule, part[0], part[1], block.filled);
      this.#parts.set(rule, [first, last]);
    }
  }

  /** All matches in a part that begin in front of `limit`. */
  #tryPart(block: Block, rule: PreparedRule, first: number, to: number, limit: number): void {
    let from = Math.max(first, this.#done[rule.index]! - block.base);
    // One character more in front tells whether a word begins.
    const begin = Math.max(0, from - 1);
    const text = block.characters(begin, to);
    const ends = endsOf(block, begin, to);
    while (from < Math.min(to, limit)) {
      const match = rule.pattern!.matchFrom(text, from - begin, ends);
      const whole = match?.spans[0];
      if (match === undefined || whole === undefined || whole[0] + begin >= limit) return;
      if (whole[1] === text.length && !ends.end) return;
      from = Math.max(whole[1], whole[0] + 1) + begin;
      this.#done[rule.index] = block.base + from;
      this.#found.match(rule, movedBy(begin, match));
    }
  }
}

function movedBy<T extends PatternMatch | undefined>(by: number, match: T): T;
function movedBy(by: number, match: PatternMatch | undefined): PatternMatch | undefined {
  return match && { spans: match.spans.map((span) => span && [span[0] + by, span[1] + by]) };
}

function standsAt(bytes: Buffer, word: string, at: number): boolean {
  if (at + word.length > bytes.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

function startOf(uses: readonly WordUse[]): number {
  const starts = new Set(
    uses.map((use) => (use.coded === undefined && use.anchor?.border ? use.length + use.anchor.offset : 0)),
  );
  const [start = 0] = starts;
  return starts.size === 1 && start <= 0xff ? start : 0;
}

function endsOf(block: Block, from: number, to: number): { begin: boolean; end: boolean } {
  return { begin: block.base === 0 && from === 0, end: block.isLast && to === block.filled };
}

/**
 * Whether a hit is neither the first nor the last of a run of one character, in which a word of that character ends at
 * every byte: what such a run is part of touches one of its ends. A file may be nothing but such a run.
 */
function isWithinRun(ends: Int32Array, states: Uint16Array, hit: number, count: number): boolean {
  if (hit === 0 || hit + 1 >= count || states[hit] !== states[hit - 1] || states[hit] !== states[hit + 1]) return false;
  return ends[hit - 1] === ends[hit]! - 1 && ends[hit + 1] === ends[hit]! + 1;
}

function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || (byte >= 0x61 && byte <= 0x7a)
  );
}
