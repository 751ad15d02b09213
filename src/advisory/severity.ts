import type { SeverityStatement } from '../model/advisory.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { asArray, asRecord, asString } from '../util/json.ts';
import { bestRating, type CvssRating, rateVector } from './cvss.ts';

/** What one `severity`, `database_specific` and `ecosystem_specific` say together: the publisher's word and vectors. */
export interface StatedSeverity {
  readonly word: Severity | undefined;
  /** That of the vector which counts. */
  readonly rating: CvssRating | undefined;
  /** All vectors that can be scored, each once, as listed. */
  readonly vectors: readonly string[];
}

/**
 * Publishers' words and ours. GitHub and Red Hat: moderate, important. Debian: unimportant. Words that only say that
 * nobody has judged yet (`not yet assigned`, `untriaged`, `end-of-life`) are left out: then the CVSS vector counts.
 */
const words = new Map<string, Severity>([
  ['critical', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['low', 'low'],
  ['minor', 'low'],
  ['negligible', 'negligible'],
  ['unimportant', 'negligible'],
]);
const longestWord = 16;
/** Entries of one list of severities that are looked at; real ones have a handful. */
const maxEntries = 64;
/** CVEs of one notice of Ubuntu that are looked at. */
const maxCves = 1000;

/** Distributions whose errata begin their summary with the rating: `Important: kernel security update`. */
const ratedInSummary = new Set(['AlmaLinux', 'Rocky Linux', 'Red Hat']);

/** The severity when nobody has said anything. */
export const noSeverity: SeverityStatement = { severity: 'unknown', source: 'none' };

/** What a record, or one `affected` of it, states about severity (OSV schema, `severity[]` and the specific objects). */
export function statedIn(object: Record<string, unknown>): StatedSeverity {
  const vectors: string[] = [];
  let word = wordOf(object.ecosystem_specific) ?? wordOf(object.database_specific);
  for (const item of (asArray(object.severity) ?? noItems).slice(0, maxEntries)) {
    const score = asString(asRecord(item)?.score);
    if (score === undefined) continue;
    const said = readWord(score);
    if (said !== undefined) word ??= said;
    else if (rateVector(score) && !vectors.includes(score)) vectors.push(score);
  }
  return { word: word ?? worstOfNotice(object.database_specific), rating: bestRating(vectors), vectors };
}

/**
 * The worst word for the CVEs that a notice of Ubuntu mends in a package: it stands with each of them
 * (`cves_map.cves[].severity`) and not with the package.
 */
function worstOfNotice(specific: unknown): Severity | undefined {
  const cves = asArray(asRecord(asRecord(specific)?.cves_map)?.cves);
  let worst: Severity | undefined;
  for (const cve of cves?.slice(0, maxCves) ?? noItems) {
    for (const item of (asArray(asRecord(cve)?.severity) ?? noItems).slice(0, maxEntries)) {
      const word = readWord(asRecord(item)?.score);
      if (word !== undefined && (worst === undefined || compareSeverity(word, worst) < 0)) worst = word;
    }
  }
  return worst;
}

const noItems: readonly unknown[] = [];

/** The rating in front of an erratum's summary, for the distributions that put it there. */
export function wordOfSummary(ecosystemBase: string, summary: string): Severity | undefined {
  if (!ratedInSummary.has(ecosystemBase)) return undefined;
  const colon = summary.indexOf(':');
  return colon > 0 ? readWord(summary.slice(0, colon)) : undefined;
}

/**
 * What counts for one affected package: what is said of the package itself before what is said of the record, and in
 * both the publisher's word before the CVSS vector. A word keeps the score and vector that stand beside it.
 */
export function decideSeverity(
  ofPackage: StatedSeverity,
  ofRecord: StatedSeverity,
  ofSummary: Severity | undefined,
): SeverityStatement {
  const rating = ofPackage.rating ?? ofRecord.rating;
  if (ofPackage.word) return byPublisher(ofPackage.word, rating);
  if (ofPackage.rating) return byRating(ofPackage.rating);
  const word = ofRecord.word ?? ofSummary;
  if (word) return byPublisher(word, rating);
  return rating ? byRating(rating) : noSeverity;
}

/** Whether two statements say the same. */
export function sameSeverity(a: SeverityStatement, b: SeverityStatement): boolean {
  return (
    a === b || (a.severity === b.severity && a.source === b.source && a.score === b.score && a.vector === b.vector)
  );
}

function byPublisher(severity: Severity, rating: CvssRating | undefined): SeverityStatement {
  return rating
    ? { severity, source: 'publisher', score: rating.score, vector: rating.vector }
    : { severity, source: 'publisher' };
}

function byRating(rating: CvssRating): SeverityStatement {
  return { severity: rating.severity, source: rating.version, score: rating.score, vector: rating.vector };
}

function wordOf(specific: unknown): Severity | undefined {
  const object = asRecord(specific);
  return readWord(object?.severity) ?? readWord(object?.urgency);
}

/** Debian's tracker marks urgencies that it took from elsewhere with asterisks. */
function readWord(value: unknown): Severity | undefined {
  const text = asString(value);
  if (text === undefined || text.length > longestWord) return undefined;
  return words.get(text.replaceAll('*', '').trim().toLowerCase());
}
