import { digitsEnd, isDigit, isLetter } from './digits.ts';

/** One part of a version. `rank` says what it is; a part of a higher rank is newer whatever its digits. */
export interface Part {
  readonly rank: number;
  /** Digits of a number, letters of a word that is not known; else empty. */
  readonly text: string;
}

/** What can stand next in a version, oldest first: PHP's version_compare() puts the end between `RC` and a number. */
export const ranks = { unknown: 0, dev: 1, alpha: 2, beta: 3, candidate: 4, end: 5, number: 6, patch: 7 } as const;

/** Words that may follow the numbers, a word before those that start it; `stable` says nothing. */
const words: readonly (readonly [string, number | undefined])[] = [
  ['stable', undefined],
  ['beta', ranks.beta],
  ['b', ranks.beta],
  ['rc', ranks.candidate],
  ['alpha', ranks.alpha],
  ['a', ranks.alpha],
  ['patch', ranks.patch],
  ['pl', ranks.patch],
  ['p', ranks.patch],
];
const stabilities = ['@stable', '@rc', '@beta', '@alpha', '@dev'];
const defaultBranches: ReadonlySet<string> = new Set(['master', 'trunk', 'default']);

/** How many numbers a version has once it is normalized. */
const coreLength = 4;
/** Most digits of a first number that is no date. */
const majorDigits = 5;
/** What Composer puts for the `x` of a branch. */
const openNumber: Part = { rank: ranks.number, text: '9999999' };
const zero: Part = { rank: ranks.number, text: '0' };
const dev: Part = { rank: ranks.dev, text: '' };

/** Longest date that {@link datePattern} can match. */
const dateLength = 30;
const datePattern = /^\d{4}(?:[.:-]?\d{2}){1,6}(?:[.:-]?\d{1,3}){0,2}$/;

/** Lower case, without blanks, alias (`… as 1.0`), stability (`…@beta`) and build metadata (`…+x`). */
export function bareVersion(version: string): string {
  let text = version.trim().toLowerCase();
  const alias = text.indexOf(' as ');
  if (alias > 0 && isOneWord(text.slice(0, alias).trimEnd()) && isOneWord(text.slice(alias + 4).trimStart())) {
    text = text.slice(0, alias).trimEnd();
  }
  const stability = text.includes('@') ? stabilities.find((mark) => text.endsWith(mark)) : undefined;
  if (stability !== undefined) text = text.slice(0, -stability.length);
  if (defaultBranches.has(text)) return `dev-${text}`;
  if (isBranchName(text)) return text;
  const plus = text.indexOf('+');
  return plus > 0 && plus < text.length - 1 && isOneWord(text) ? text.slice(0, plus) : text;
}

/** Whether a bare version names a branch without a number (`dev-main`): Composer compares it with no number. */
function isBranchName(bare: string): boolean {
  return bare.startsWith('dev-');
}

/** The parts of a bare version as Composer normalizes it; undefined when it isn't one, or a branch without a number. */
export function normalizedParts(bare: string): Part[] | undefined {
  if (isBranchName(bare)) return undefined;
  return classical(bare) ?? dated(bare) ?? numberedBranch(bare);
}

/** The parts of any text, as version_compare() splits it: runs of digits and runs of letters. */
export function looseParts(text: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    let end = at + 1;
    if (isDigit(code)) {
      end = digitsEnd(text, end);
      parts.push({ rank: ranks.number, text: text.slice(at, end) });
    } else if (isLetter(code)) {
      while (isLetter(text.charCodeAt(end))) end++;
      const word = text.slice(at, end);
      parts.push(word === 'dev' ? dev : { rank: ranks.unknown, text: word });
    }
    at = end;
  }
  return parts;
}

/** `1.2.3.4-beta2-dev`: one to four numbers, and what may follow them. */
function classical(text: string): Part[] | undefined {
  const from = text.startsWith('v') ? 1 : 0;
  let end = digitsEnd(text, from);
  if (end === from || end - from > majorDigits) return undefined;
  const parts: Part[] = [{ rank: ranks.number, text: text.slice(from, end) }];
  while (parts.length < coreLength && text.charAt(end) === '.' && isDigit(text.charCodeAt(end + 1))) {
    const next = digitsEnd(text, end + 1);
    parts.push({ rank: ranks.number, text: text.slice(end + 1, next) });
    end = next;
  }
  while (parts.length < coreLength) parts.push(zero);
  return addModifiers(text, end, parts) ? parts : undefined;
}

/** `20100102-203040-p1`: a date, with a time and up to two numbers behind it. */
function dated(text: string): Part[] | undefined {
  const from = text.startsWith('v') ? 1 : 0;
  let end = digitsEnd(text, from);
  for (let at = end; at < text.length && '.:-'.includes(text.charAt(at)); at = end) {
    const next = digitsEnd(text, at + 1);
    if (next === at + 1) break;
    end = next;
  }
  if (end - from > dateLength) return undefined;
  const date = text.slice(from, end);
  if (!datePattern.test(date)) return undefined;
  const parts = date.split(/[.:-]/).map((digits): Part => ({ rank: ranks.number, text: digits }));
  return addModifiers(text, end, parts) ? parts : undefined;
}

/** `2.1.x-dev` is the branch of all versions of 2.1, newer than those that are out. */
function numberedBranch(text: string): Part[] | undefined {
  if (!text.endsWith('dev')) return undefined;
  let stop = text.length - 3;
  if (stop > 0 && '.-'.includes(text.charAt(stop - 1))) stop--;
  const name = text.slice(text.startsWith('v') ? 1 : 0, stop).trimEnd();
  const numbers = name.split('.', coreLength + 1);
  if (numbers.length > coreLength) return undefined;
  const parts: Part[] = [];
  for (const number of numbers) {
    const open = parts.length > 0 && (number === 'x' || number === '*');
    if (!open && (number === '' || digitsEnd(number, 0) < number.length)) return undefined;
    parts.push(open ? openNumber : { rank: ranks.number, text: number });
  }
  while (parts.length < coreLength) parts.push(openNumber);
  parts.push(dev);
  return parts;
}

/** Reads `[._-]? (word ([.-]? digits)*)? ([.-]? dev)?` up to the end of the text; false when something else stands there. */
function addModifiers(text: string, from: number, parts: Part[]): boolean {
  let at = from;
  if (at < text.length && '._-'.includes(text.charAt(at))) at++;
  const known = words.find(([word]) => text.startsWith(word, at));
  const added: Part[] = [];
  if (known !== undefined) {
    const [word, rank] = known;
    if (rank !== undefined) added.push({ rank, text: '' });
    at = addNumbers(text, at + word.length, added);
    if (rank === undefined) added.length = 0;
  }
  const stable = known !== undefined && known[1] === undefined;
  const separated = at < text.length && '.-'.includes(text.charAt(at)) ? at + 1 : at;
  if (text.startsWith('dev', separated)) {
    at = separated + 3;
    if (!stable) added.push(dev);
  }
  for (const part of added) parts.push(part);
  return at === text.length;
}

/** Returns where the numbers end. */
function addNumbers(text: string, from: number, parts: Part[]): number {
  let at = from;
  for (;;) {
    const start = at < text.length && '.-'.includes(text.charAt(at)) ? at + 1 : at;
    const end = digitsEnd(text, start);
    if (end === start) return at;
    parts.push({ rank: ranks.number, text: text.slice(start, end) });
    at = end;
  }
}

function isOneWord(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x2c) return false;
  }
  return text !== '';
}
