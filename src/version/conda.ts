import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, digitsEnd, isDigit, isNumber } from './digits.ts';

/** A version of conda packages, read: components of tokens, each digits, {@link post} or a word. */
interface CondaVersion {
  /** The epoch first. */
  readonly components: readonly Component[];
  readonly local: readonly Component[];
}

type Component = readonly string[];

/** What is absent counts as zero: `1.1` equals `1.1.0`, and a component that starts with a word has a zero before it. */
const absent = '0';
/** `post` is newer than any number. */
const post = 'POST';
/** `dev` is older than any word but a star: capitals come before `_` and letters. */
const dev = 'DEV';
const star = 0x2a;

/** The order of conda's versions (docs.conda.io, "VersionOrder"). What is none is older than all that are, and ordered as text. */
export const order: VersionOrder = {
  id: 'conda',
  valid(version) {
    return parse(version) !== undefined;
  },
  compare(a, b) {
    const left = parse(a);
    const right = parse(b);
    if (left === undefined || right === undefined) {
      if (left !== undefined) return 1;
      return right === undefined ? compareText(a, b) : -1;
    }
    return compareAll(left.components, right.components) || compareAll(left.local, right.local);
  },
};

function compareAll(a: readonly Component[], b: readonly Component[]): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = compareComponents(a[at] ?? [], b[at] ?? []);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareComponents(a: Component, b: Component): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = compareTokens(a[at] ?? absent, b[at] ?? absent);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Words are older than numbers, and numbers older than `post`. */
function compareTokens(a: string, b: string): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0) return ranks;
  return isNumber(a) ? compareDigits(a, b) : compareText(a, b);
}

function rankOf(token: string): number {
  if (token === post) return 2;
  return isNumber(token) ? 1 : 0;
}

/** `[epoch!]components[+local]`, whatever its case; dashes stand for underscores where there are none of these. */
function parse(version: string): CondaVersion | undefined {
  const text = normalized(version);
  if (text === undefined) return undefined;
  const mark = text.indexOf('!');
  const epoch = mark === -1 ? absent : text.slice(0, mark);
  const plus = text.indexOf('+');
  const plain = text.slice(mark + 1, plus === -1 ? undefined : plus);
  // A second epoch or local part is found by its mark, which no component may hold.
  if (!isNumber(epoch) || (plus !== -1 && plus < mark)) return undefined;
  const components = readComponents(plain, true);
  const local = plus === -1 ? [] : readComponents(text.slice(plus + 1), false);
  return components && local && { components: [[epoch], ...components], local };
}

function normalized(version: string): string | undefined {
  const text = version.trim().toLowerCase();
  const plain = text.includes('_') ? text : text.replaceAll('-', '_');
  return plain !== '' && /^[*.+!_0-9a-z]+$/.test(plain) ? plain : undefined;
}

/** An underscore separates as a dot does, but for one at the very end: it makes `1.0.1_` older than OpenSSL's `1.0.1a`. */
function readComponents(text: string, keepLast: boolean): Component[] | undefined {
  const kept = keepLast && text.endsWith('_');
  const parts = (kept ? text.slice(0, -1) : text).replaceAll('_', '.').split('.');
  if (kept) parts.push(`${parts.pop() ?? ''}_`);
  const components: Component[] = [];
  for (const part of parts) {
    if (part === '' || part.includes('!') || part.includes('+')) return undefined;
    components.push(readTokens(part));
  }
  return components;
}

/** Runs of digits, of stars, and of anything else; a number comes first, so that numbers stand against numbers. */
function readTokens(part: string): string[] {
  const tokens = isDigit(part.charCodeAt(0)) ? [] : [absent];
  let at = 0;
  while (at < part.length) {
    const end = runEnd(part, at);
    const run = part.slice(at, end);
    tokens.push(run === 'post' ? post : run === 'dev' ? dev : run);
    at = end;
  }
  return tokens;
}

function runEnd(part: string, start: number): number {
  const kind = kindOf(part.charCodeAt(start));
  if (kind === 0) return digitsEnd(part, start);
  let end = start + 1;
  while (end < part.length && kindOf(part.charCodeAt(end)) === kind) end++;
  return end;
}

function kindOf(code: number): 0 | 1 | 2 {
  if (isDigit(code)) return 0;
  return code === star ? 1 : 2;
}
