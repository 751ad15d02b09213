import type { Problem } from '../../model/problem.ts';
import { warning } from '../../model/problem.ts';
import { Block } from './block.ts';
import type { ReadText, SecretReader } from './contract.ts';
import { type Candidate, judgeMatch, type TextPlace } from './judge/candidate.ts';
import { isAllowedBy } from './judge/context.ts';
import { toldOf } from './judge/told.ts';
import { type CodedWord, type Coding, decodeRun } from './keywords/coded.ts';
import { BlockMatcher } from './match-block.ts';
import type { PatternMatch } from './pattern/compile.ts';
import type { PreparedRule } from './prepare.ts';
import { blockSize, mostLookalikes, mostMatches, reachBefore, reachBehind } from './reach.ts';
import type { Search } from './search.ts';
import { decoderFor, textKindOf } from './text-kind.ts';

/** How many of the first bytes tell whether a file is a text. */
const kindReach = 8000;
/** A file larger than this is not searched to its end (bytes). */
const mostBytes = 2 ** 40;

/** Reads texts one after another, each in pieces of any size, and finds the secrets in them. */
export class TextReader implements SecretReader {
  readonly #search: Search;
  readonly #values: boolean;
  readonly #isInner: boolean;
  /** Reads what is decoded; made when there is something. */
  #inner: TextReader | undefined;
  readonly #block = new Block(blockSize + reachBefore + reachBehind);
  readonly #matcher: BlockMatcher;
  #place: TextPlace = { path: '' };
  #candidates: Candidate[] = [];
  #problems: Problem[] = [];
  /** By rule, how many matches were none. */
  readonly #lookalikes: Uint16Array;
  /** Up to where the block has been searched. */
  #searched = 0;
  /** Whether the first bytes have told what kind of text it is. */
  #isKnown = false;
  /** The rest is not wanted. */
  #isOver = false;
  #decode: ((bytes: Buffer, last: boolean) => Buffer) | undefined;

  /** `isInner`: what it reads is decoded; nothing in it is decoded once more. */
  constructor(search: Search, values: boolean, isInner = false) {
    this.#search = search;
    this.#values = values;
    this.#isInner = isInner;
    this.#lookalikes = new Uint16Array(search.rules.length);
    this.#matcher = new BlockMatcher(search, blockSize + reachBefore + reachBehind, {
      match: (rule, match) => this.#take(rule, match),
      coded: (word, from, to, at) => this.#takeCoded(word, from, to, at),
    });
  }

  /** Begins with another text; false when no rule wants it. */
  open(path: string, commit?: string): boolean {
    this.#place = commit === undefined ? { path } : { path, commit };
    const { rules, sets, byPath } = this.#search;
    const parts = { secret: '', match: '', line: '', rule: '', ...this.#place };
    const isOut = sets.map(({ paths }) => paths.some((allows) => allows(parts)));
    if (rules.length === 0 || isOut.every((out) => out)) return false;
    this.#block.reset();
    this.#searched = 0;
    this.#isKnown = false;
    this.#isOver = false;
    this.#decode = undefined;
    this.#candidates = [];
    this.#problems = [];
    this.#lookalikes.fill(0);
    this.#matcher.reset((rule) => !isOut[rule.set] && (rule.path === undefined || rule.path(path)));
    if (this.#isInner) return true;
    for (const rule of byPath)
      if (!isOut[rule.set] && rule.path!(path)) this.#candidates.push(pathCandidate(rule, path));
    return true;
  }

  write(bytes: Buffer): boolean {
    if (this.#isOver) return false;
    if (this.#decode !== undefined) this.#append(this.#decode(bytes, false));
    else this.#append(bytes);
    return !this.#isOver;
  }

  whole(bytes: Buffer): ReadText {
    const block = this.#block;
    const isHeld = bytes.length <= block.capacity && textKindOf(bytes.subarray(0, kindReach)) === 'utf-8';
    if (!isHeld) this.write(bytes);
    else {
      this.#isKnown = true;
      block.hold(bytes);
    }
    return this.end();
  }

  /** As {@link write}, of what is known to be a text in UTF-8. */
  writeText(bytes: Buffer): void {
    this.#isKnown = true;
    this.#append(bytes);
  }

  end(): ReadText {
    this.#finish();
    const problems = this.#problems;
    if (this.#candidates.length > mostMatches) {
      this.#candidates.length = mostMatches;
      problems.push(warning('secrets/too-many', `it has more than ${mostMatches} secrets: the others are not told`));
    }
    return { matches: toldOf(this.#candidates, this.#place.path, this.#values), problems };
  }

  #finish(): void {
    const block = this.#block;
    if (!this.#isKnown && !this.#isOver) this.#findKind();
    if (this.#decode !== undefined && !this.#isOver) this.#append(this.#decode(Buffer.alloc(0), true));
    if (!this.#isOver) {
      block.isLast = true;
      this.#matcher.match(block, this.#searched, block.filled);
    }
  }

  #append(bytes: Buffer): void {
    const block = this.#block;
    for (let from = 0; from < bytes.length && !this.#isOver; ) {
      const room = block.bytes.length - block.filled;
      const count = Math.min(room, bytes.length - from);
      bytes.copy(block.bytes, block.filled, from, from + count);
      block.filled += count;
      from += count;
      if (!this.#isKnown && block.filled >= kindReach) {
        this.#findKind();
        if (this.#decode !== undefined) {
          this.#append(this.#decode(bytes.subarray(from), false));
          return;
        }
      }
      if (block.filled === block.bytes.length) this.#searchBlock();
    }
  }

  /** Goes by the first bytes alone, in whatever pieces they came. */
  #findKind(): void {
    const block = this.#block;
    this.#isKnown = true;
    const kind = textKindOf(block.bytes.subarray(0, Math.min(block.filled, kindReach)));
    if (kind === 'binary') this.#isOver = true;
    if (kind === 'binary' || kind === 'utf-8') return;
    const raw = Buffer.from(block.bytes.subarray(0, block.filled));
    block.reset();
    this.#decode = decoderFor(kind);
    this.#append(this.#decode(raw, false));
  }

  /** Searches all but what may go on behind the block, and makes room for more. */
  #searchBlock(): void {
    const block = this.#block;
    const to = block.filled - reachBehind;
    this.#matcher.match(block, this.#searched, to);
    if (this.#candidates.length > mostMatches || block.base > mostBytes) this.#isOver = true;
    const by = to - reachBefore;
    block.shift(by);
    this.#searched = reachBefore;
  }

  #take(rule: PreparedRule, match: PatternMatch): void {
    if (this.#candidates.length > mostMatches) return;
    const found = judgeMatch(rule, match, this.#block, this.#place, this.#search.sets[rule.set]!);
    if (found !== undefined) this.#candidates.push(found);
    else if (++this.#lookalikes[rule.index]! > mostLookalikes) this.#giveUp(rule);
  }

  /** A text that is made of what looks like secrets and is none costs time and tells nothing. */
  #giveUp(rule: PreparedRule): void {
    this.#matcher.giveUp(rule);
    const message = `it has more than ${mostLookalikes} of what only looks like a secret of ${rule.rule.id}: that rule was left out for the rest`;
    this.#problems.push(warning('secrets/lookalikes', message));
  }

  /** Searches what a part says when it is decoded; its place is that of the whole part. */
  #takeCoded(word: CodedWord, from: number, to: number, at: number): void {
    if (this.#isInner || this.#candidates.length > mostMatches) return;
    const block = this.#block;
    const decoded = decodeRun(block.characters(from, to), at, word);
    this.#inner ??= new TextReader(this.#search, false, true);
    if (!this.#inner.open(this.#place.path, this.#place.commit)) return;
    this.#inner.writeText(decoded);
    this.#inner.#finish();
    const [lineFrom, lineTo] = block.lineAround(from);
    if (this.#inner.#candidates.length === 0 || isAllowedBy(block.bytes.toString('utf8', lineFrom, lineTo))) return;
    const begin = block.positionOf(from);
    const end = block.positionOf(to);
    for (const one of this.#inner.#candidates) {
      this.#candidates.push({
        ...one,
        from: block.base + from,
        to: block.base + to,
        ...begin,
        endLine: end.line,
        endColumn: end.column,
        before: one.before === '' ? block.bytes.toString('utf8', lineFrom, from) : one.before,
        notes: [...one.notes, codingNotes[word.coding]].sort(),
      });
    }
  }
}

const codingNotes: Readonly<Record<Coding, string>> = {
  base64: 'written in base64',
  hex: 'written in hexadecimal digits',
  url: 'written with escapes of addresses',
};

/** A file that is a secret by its path. */
function pathCandidate(rule: PreparedRule, path: string): Candidate {
  const score = Math.max(1, Math.min(100, rule.rule.score));
  return {
    rule,
    value: path,
    from: 0,
    to: 0,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    before: '',
    score,
    notes: ['told by its path'],
  };
}
