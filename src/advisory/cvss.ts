import calculator, { type Cvss2, type Cvss3P0, type Cvss3P1 } from 'ae-cvss-calculator';
import type { Severity } from '../model/severity.ts';

/** One CVSS vector with its score and the rating that the standard gives to it. */
export interface CvssRating {
  readonly version: 'cvss-v4' | 'cvss-v3' | 'cvss-v2';
  /** From 0 to 10. Version 4: with the threat and environmental metrics that the vector has; else the base score. */
  readonly score: number;
  readonly severity: Severity;
  readonly vector: string;
}

/** Longest vector that is scored, in characters; all metrics of version 4 need fewer than 200. */
const maxVectorLength = 300;
/** How many scored vectors are remembered: version 4 costs near a millisecond, and publishers repeat themselves. */
const rememberedVectors = 20_000;

const metricForm = /^(?:CVSS:[0-9.]{1,4}|[A-Za-z]{1,3}:[A-Za-z]{1,6})$/;

const remembered = new Map<string, CvssRating | undefined>();

/** Scores a vector of CVSS 2.0, 3.0, 3.1 or 4.0 (FIRST); undefined when it is none or leaves out a base metric. */
export function rateVector(vector: string): CvssRating | undefined {
  if (remembered.has(vector)) return remembered.get(vector);
  const rating = vector.length <= maxVectorLength ? score(vector) : undefined;
  if (remembered.size >= rememberedVectors) remembered.clear();
  if (vector.length <= maxVectorLength) remembered.set(vector, rating);
  return rating;
}

/** The rating that counts among several: the highest version, then the highest score, then the first by text. */
export function bestRating(vectors: readonly string[]): CvssRating | undefined {
  let best: CvssRating | undefined;
  for (const vector of vectors) {
    const rating = rateVector(vector);
    if (rating && (!best || isBetter(rating, best))) best = rating;
  }
  return best;
}

function isBetter(a: CvssRating, b: CvssRating): boolean {
  const [versionOfA, versionOfB] = [standardOf(a.vector), standardOf(b.vector)];
  if (versionOfA !== versionOfB) return versionOfA > versionOfB;
  return a.score !== b.score ? a.score > b.score : a.vector < b.vector;
}

/** `4.0`, `3.1`, `3.0`; version 2 vectors have no prefix. */
function standardOf(vector: string): string {
  return vector.startsWith('CVSS:') ? vector.slice(5, 8) : '2.0';
}

/** Checked before the calculator sees it: that prints what it can't read, which could rewrite a terminal. */
function isVector(vector: string): boolean {
  return vector.split('/').every((part) => metricForm.test(part));
}

function score(vector: string): CvssRating | undefined {
  if (!isVector(vector)) return undefined;
  try {
    if (vector.startsWith('CVSS:4.0/')) {
      const parsed = new calculator.Cvss4P0(vector);
      return rating('cvss-v4', parsed.isBaseFullyDefined() ? parsed.calculateScores().overall : undefined, vector);
    }
    const version = vector.startsWith('CVSS:3') ? 'cvss-v3' : 'cvss-v2';
    const parsed = parseOlder(vector);
    return rating(version, parsed?.isBaseFullyDefined() ? parsed.calculateScores().base : undefined, vector);
  } catch {
    // The calculator throws on metrics and values that it doesn't know: such a vector says nothing.
    return undefined;
  }
}

function parseOlder(vector: string): Cvss2 | Cvss3P0 | Cvss3P1 | undefined {
  if (vector.startsWith('CVSS:3.1/')) return new calculator.Cvss3P1(vector);
  if (vector.startsWith('CVSS:3.0/')) return new calculator.Cvss3P0(vector);
  return vector.startsWith('AV:') ? new calculator.Cvss2(vector) : undefined;
}

function rating(version: CvssRating['version'], value: number | undefined, vector: string): CvssRating | undefined {
  if (value === undefined || !(value >= 0 && value <= 10)) return undefined;
  const rounded = Math.round(value * 10) / 10;
  return { version, score: rounded, severity: severityOfScore(version, rounded), vector };
}

/** The qualitative scale of CVSS 3 and 4 (specification, section 5 and 6); version 2 has no critical (NVD's scale). */
function severityOfScore(version: CvssRating['version'], value: number): Severity {
  if (value >= 9 && version !== 'cvss-v2') return 'critical';
  if (value >= 7) return 'high';
  if (value >= 4) return 'medium';
  return value > 0 ? 'low' : 'negligible';
}
