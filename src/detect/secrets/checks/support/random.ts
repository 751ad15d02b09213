import { wordShare } from './words.ts';

/** Characters of a value that are looked at. */
const looked = 512;

/** What characters a text is of. */
export interface Make {
  readonly lower: number;
  readonly upper: number;
  readonly digits: number;
  readonly others: number;
  /** How many different ones. */
  readonly distinct: number;
  readonly length: number;
}

/** Kinds by character, in the order in which {@link makeOf} counts them. */
const kinds = ['lower', 'upper', 'digits', 'others'] as const;
/** The number of its kind by ASCII character. */
const kindNumbers = Uint8Array.from({ length: 128 }, (_, code) => kinds.indexOf(kindOf(code)));
/** Which ASCII characters a text has: by the number of the turn in which one was seen last. */
const seenIn = new Uint32Array(128);
let turn = 0;

/** Counts a text's characters by kind. */
export function makeOf(text: string): Make {
  turn = turn === 0xffffffff ? 1 : turn + 1;
  if (turn === 1) seenIn.fill(0);
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  const others = new Set<number>();
  let distinct = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128) {
      others.add(code);
      counts[3]++;
      continue;
    }
    if (seenIn[code] !== turn) distinct++;
    seenIn[code] = turn;
    counts[kindNumbers[code] as 0 | 1 | 2 | 3]++;
  }
  const [lower, upper, digits, rest] = counts;
  return { lower, upper, digits, others: rest, distinct: distinct + others.size, length: text.length };
}

function kindOf(code: number): (typeof kinds)[number] {
  if (code >= 0x61 && code <= 0x7a) return 'lower';
  if (code >= 0x41 && code <= 0x5a) return 'upper';
  return code >= 0x30 && code <= 0x39 ? 'digits' : 'others';
}

/** Whether a machine has drawn a value, as far as its letters tell: no words, no rows, letters and digits mixed. */
export function isRandom(value: string): boolean {
  const text = value.slice(0, looked);
  const make = makeOf(text);
  if (make.length < 10 || hasRow(text) || isRepeated(text)) return false;
  if (/^[0-9a-f]+$/i.test(text)) return isRandomHex(make);
  if (make.distinct < Math.min(make.length * 0.4, 14)) return false;
  if (make.others > make.length * 0.45) return false;
  const kinds = Number(make.lower > 0) + Number(make.upper > 0) + Number(make.digits > 0);
  // Of random letters and digits about one in six is a digit; where there is none, only the mixture of cases tells.
  if (kinds < 2) return false;
  const isOneCase = make.lower === 0 || make.upper === 0;
  if (isOneCase && make.digits < make.length * 0.125) return false;
  if (make.digits === 0 && (make.length < 16 || casesMixed(text) < 0.35)) return false;
  return wordShare(text) < 0.4;
}

/** Digits of base 16: a machine's have both letters and digits, many of them, in no order. */
function isRandomHex(make: Make): boolean {
  const letters = make.lower + make.upper;
  if (make.lower > 0 && make.upper > 0) return false;
  return make.length >= 20 && make.distinct >= 9 && letters >= make.length * 0.15 && make.digits >= make.length * 0.3;
}

/** How often the case changes from one letter to the next, of all pairs of letters. */
function casesMixed(text: string): number {
  let pairs = 0;
  let changes = 0;
  for (let at = 1; at < text.length; at++) {
    const [first, second] = [kindOf(text.charCodeAt(at - 1)), kindOf(text.charCodeAt(at))];
    if (!isLetter(first) || !isLetter(second)) continue;
    pairs++;
    if (first !== second) changes++;
  }
  return pairs === 0 ? 0 : changes / pairs;
}

function isLetter(kind: ReturnType<typeof kindOf>): boolean {
  return kind === 'lower' || kind === 'upper';
}

/** Whether characters stand in a row somewhere: five that count up or down, four that are the same, or keys side by side. */
export function hasRow(text: string): boolean {
  let same = 0;
  let up = 0;
  let down = 0;
  for (let at = 1; at < text.length; at++) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
    same = step === 0 ? same + 1 : 0;
    up = step === 1 ? up + 1 : 0;
    down = step === -1 ? down + 1 : 0;
    if (same >= 3 || up >= 4 || down >= 4) return true;
  }
  return /qwert|asdfg|zxcvb|1q2w3e/i.test(text);
}

/** Whether a text is a shorter one again and again. */
function isRepeated(text: string): boolean {
  for (let size = 1; size <= 8 && size * 2 <= text.length; size++) {
    let at = size;
    while (at < text.length && text[at] === text[at - size]) at++;
    if (at === text.length) return true;
  }
  return false;
}
