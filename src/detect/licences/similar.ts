import { holds, placeCount, placeOf, setAt, textIndex } from './texts.ts';
import { shinglesOf } from './words.ts';

/** A licence of the SPDX list whose text a file holds. */
export interface FoundText {
  /** SPDX id. */
  readonly id: string;
  /** How much of the list's text the file holds: 0 to 1. */
  readonly likeness: number;
}

/** How much of a text must be there: names of companies and a missing line are borne, another clause is not. */
const leastLikeness = 0.8;
/** How much of a further text must stand where no other one was found: most licences share whole paragraphs. */
const leastOwn = 0.5;
/** Most texts that are told of one file. */
const mostTexts = 24;
/** Within how many times the usual distance of two hashes of a text both are of one copy of it. */
const longestGap = 20;

/** What was looked at in this pass, by place in the index: one array for all files, as a layer may hold thousands. */
let seen = new Uint32Array(0);
let pass = 0;

/**
 * The licences whose texts a file holds, the one that explains most of it first. Told by runs of words, so that it does
 * not matter how a text is set or what stands around it.
 */
export function findTexts(text: Buffer): readonly FoundText[] {
  const { ids, sizes, parts } = textIndex();
  let spots = knownSpots(text);
  const whole = countAll(spots);
  let candidates = [...whole.keys()].filter((number) => {
    const count = whole[number] ?? 0;
    return count > 0 && count >= (sizes[number] ?? 0) * leastLikeness;
  });
  const found: FoundText[] = [];
  while (found.length < mostTexts) {
    const own = countOf(spots, candidates);
    candidates = candidates.filter((number) => (own.get(number) ?? 0) >= (sizes[number] ?? 0) * leastOwn);
    let best = -1;
    let bestScore = 0;
    for (const number of candidates) {
      const likeness = (whole[number] ?? 0) / (sizes[number] ?? 1);
      const score = (own.get(number) ?? 0) * (parts[number] ?? 1) * likeness ** 3;
      if (score > bestScore) [best, bestScore] = [number, score];
    }
    if (best < 0) break;
    found.push({ id: ids[best] ?? '', likeness: rounded((whole[best] ?? 0) / (sizes[best] ?? 1)) });
    spots = outside(spots, best);
    candidates = candidates.filter((number) => number !== best);
  }
  return found;
}

/** Where a file has what some text has, in order. */
interface Spots {
  /** The number of the word. */
  readonly at: readonly number[];
  /** The place in the index. */
  readonly place: readonly number[];
}

function knownSpots(text: Buffer): Spots {
  const [at, place]: [number[], number[]] = [[], []];
  const hashes = shinglesOf(text);
  for (let i = 0; i < hashes.length; i++) {
    const found = placeOf(hashes[i] ?? 0);
    if (found < 0) continue;
    at.push(i);
    place.push(found);
  }
  return { at, place };
}

/** How many hashes of each text are there, by its number. */
function countAll({ place }: Spots): Uint16Array {
  const { ids, starts, members } = textIndex();
  if (seen.length === 0) seen = new Uint32Array(placeCount());
  const counts = new Uint16Array(ids.length);
  pass++;
  for (const held of place) {
    if (seen[held] === pass) continue;
    seen[held] = pass;
    const set = setAt(held);
    const end = starts[set + 1] ?? 0;
    for (let i = starts[set] ?? 0; i < end; i++) {
      const number = members[i] ?? 0;
      counts[number] = (counts[number] ?? 0) + 1;
    }
  }
  return counts;
}

/** The same for a few texts alone: the sets of texts are narrowed to them once. */
function countOf({ place }: Spots, candidates: readonly number[]): Map<number, number> {
  const counts = new Map(candidates.map((number) => [number, 0]));
  if (candidates.length === 0) return counts;
  const narrowed = new Map<number, readonly number[]>();
  pass++;
  for (const held of place) {
    if (seen[held] === pass) continue;
    seen[held] = pass;
    const set = setAt(held);
    let few = narrowed.get(set);
    if (!few) {
      few = candidates.filter((number) => holds(set, number));
      narrowed.set(set, few);
    }
    for (const number of few) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}

/** The spots that are not within copies of a text. */
function outside({ at, place }: Spots, text: number): Spots {
  const gap = longestGap * (textIndex().parts[text] ?? 1);
  const ofText = new Map<number, boolean>();
  const [left, leftPlaces]: [number[], number[]] = [[], []];
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < at.length; i++) {
    const [word, held] = [at[i] ?? 0, place[i] ?? 0];
    const set = setAt(held);
    let isOf = ofText.get(set);
    if (isOf === undefined) {
      isOf = holds(set, text);
      ofText.set(set, isOf);
    }
    if (!isOf) {
      left.push(word);
      leftPlaces.push(held);
      continue;
    }
    // What was put aside since the text's own last hash is in the midst of it.
    if (word - last <= gap) while ((left.at(-1) ?? Number.NEGATIVE_INFINITY) > last) left.pop();
    leftPlaces.length = left.length;
    last = word;
  }
  return { at: left, place: leftPlaces };
}

function rounded(likeness: number): number {
  return Math.round(likeness * 100) / 100;
}
