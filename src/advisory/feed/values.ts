import type { FixState } from '../../model/advisory.ts';
import type { EpssScore, Exploited } from '../../model/finding.ts';
import { severities } from '../../model/severity.ts';
import type { FeedId, Standing } from '../contract.ts';
import { feedDamaged } from './feed-format.ts';

/*
 * What a feed says of a key, as it is stored: each character is one byte, from the space up. The order of these lists is
 * part of the format.
 */

const states: readonly (FixState | 'not-affected')[] = [
  'wont-fix',
  'deferred',
  'end-of-life',
  'investigating',
  'not-affected',
];

/** FIRST publishes scores with five digits. */
const epssSteps = 100_000;
/** The digits of numbers are characters from the space up, as many as ASCII has. */
const firstDigit = 0x20;
const digits = 0x5f;
/** The longest note, in UTF-16 code units, of which each has three bytes at most; a longer one is cut. */
const maxNoteLength = 80;

/** The key of what a distribution says; `ecosystem` with its release. */
export function standingKey(ecosystem: string, name: string, cve: string): string {
  return `${ecosystem}\t${name}\t${cve}`;
}

/** Dates are `YYYY-MM-DD`. */
export function encodeExploited({ added, due, ransomware }: Exploited): string {
  return `${added}${due}${ransomware ? '!' : '.'}`;
}

/** Reads {@link encodeExploited}. @throws SluiceError `advisory/feed-damaged` */
export function decodeExploited(value: string): Exploited {
  if (value.length !== 21) throw feedDamaged('kev', 'an entry has another length');
  return { added: value.slice(0, 10), due: value.slice(10, 20), ransomware: value[20] === '!' };
}

/** Both from 0 to 1. */
export function encodeScore({ score, percentile }: EpssScore): string {
  return steps(score) + steps(percentile);
}

/** Reads {@link encodeScore}. @throws SluiceError `advisory/feed-damaged` */
export function decodeScore(value: string): EpssScore {
  if (value.length !== 6) throw feedDamaged('epss', 'an entry has another length');
  return { score: numberAt(value, 0) / epssSteps, percentile: numberAt(value, 3) / epssSteps };
}

/** Reads as a standing without any word: what is said of the key under another name is not for it. */
export const saysNothing = '  ';

/** Undefined when it says nothing. */
export function encodeStanding({ state, severity, note }: Standing): string | undefined {
  if (state === undefined && severity === undefined) return undefined;
  const codes = [state ? states.indexOf(state) + 1 : 0, severity ? severities.indexOf(severity) + 1 : 0];
  return String.fromCharCode(...codes.map((code) => firstDigit + code)) + Buffer.from(note ?? '').toString('latin1');
}

/** Reads {@link encodeStanding}. @throws SluiceError `advisory/feed-damaged` */
export function decodeStanding(value: string, id: FeedId): Standing {
  const first = value.charCodeAt(0) - firstDigit;
  const second = value.charCodeAt(1) - firstDigit;
  if (!(first >= 0 && first <= states.length && second >= 0 && second <= severities.length)) {
    throw feedDamaged(id, 'an entry is not known');
  }
  const state = states[first - 1];
  const severity = severities[second - 1];
  return {
    ...(state === undefined ? {} : { state }),
    ...(severity === undefined ? {} : { severity }),
    ...(value.length > 2 ? { note: Buffer.from(value.slice(2), 'latin1').toString('utf8') } : {}),
  };
}

/** A few words from outside as one harmless line; undefined when nothing is left of them. */
export function noteOf(text: string | undefined): string | undefined {
  const line = text
    ?.slice(0, maxNoteLength * 4)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  if (!line) return undefined;
  if (line.length <= maxNoteLength) return line;
  // A character beyond the first 65,536 must not be cut in half.
  const cut = line.slice(0, maxNoteLength - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut.trimEnd()}…`;
}

/** Whether the text is an id of the CVE list: nothing else is a key. */
export function isCveId(text: string): boolean {
  return /^CVE-\d{4}-\d{4,19}$/.test(text);
}

function steps(fraction: number): string {
  const number = Math.round(fraction * epssSteps);
  const high = Math.floor(number / (digits * digits));
  const middle = Math.floor(number / digits) % digits;
  return String.fromCharCode(firstDigit + high, firstDigit + middle, firstDigit + (number % digits));
}

function numberAt(value: string, at: number): number {
  let number = 0;
  for (let next = at; next < at + 3; next++) number = number * digits + value.charCodeAt(next) - firstDigit;
  if (!(number >= 0 && number <= epssSteps)) throw feedDamaged('epss', 'a score is not from 0 to 1');
  return number;
}
