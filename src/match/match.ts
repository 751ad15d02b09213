import type { AdvisoryDb } from '../advisory/contract.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import type { Advisory } from '../model/advisory.ts';
import type { Finding } from '../model/finding.ts';
import type { Distribution, Package } from '../model/package.ts';
import { blinding, type Problem, warning } from '../model/problem.ts';
import { SluiceError } from '../util/error.ts';
import { judge, type Match, subjectOf } from './affected.ts';
import { compareFindings, type Flaw, findingOf, flawsIn } from './flaw.ts';
import { flawsOf, isCve } from './merge.ts';

/** Most findings of one scan; the worst of real images have a tenth. A package database of a few bytes a package makes any number. */
const maxFindings = 250_000;

/** Most versions of one package that are judged: each is held against all of its advisories. Real images have a few dozen. */
const maxVersions = 1_000;

/** What packages are matched against. */
export interface MatchContext {
  ecosystemOf(id: string): Ecosystem | undefined;
  readonly distribution: Distribution | undefined;
  readonly db: Pick<AdvisoryDb, 'has' | 'lookup'>;
}

/** What matching found, and what it could not decide. */
export interface Matched {
  /** Worst first, then by package, then by id. */
  readonly findings: Finding[];
  readonly problems: Problem[];
  /** Ecosystems (without release) that packages need and the database has no data for, sorted. */
  readonly unanswered: string[];
}

interface Answer {
  readonly flaws: readonly Flaw[];
  /** The version can't be ordered, and there are advisories whose ranges it would have to be compared with. */
  readonly undecided: boolean;
}

/** The advisories for one name, and what they say of each of its versions. */
interface Named {
  readonly advisories: readonly Advisory[];
  readonly answers: Map<string, Answer>;
}

/** Packages × advisories → findings, by the rules of the OSV schema. @throws SluiceError `match/too-many` */
export function matchPackages(packages: readonly Package[], context: MatchContext): Matched {
  const findings: Finding[] = [];
  const problems: Problem[] = [];
  const unanswered = new Set<string>();
  const lookup = cachedLookup(context.db, unanswered);
  for (const found of packages) {
    const ecosystem = context.ecosystemOf(found.ecosystem);
    const key = ecosystem?.advisories(found, context.distribution);
    if (ecosystem === undefined || key === undefined) continue;
    const named = lookup(key.ecosystem, key.name);
    if (named === undefined) continue;
    const variant = found.module === undefined ? key.version : `${key.version}\n${found.module}`;
    let answer = named.answers.get(variant);
    if (answer === undefined) {
      if (named.answers.size >= maxVersions) throw tooMany(maxVersions, `versions of ${shown(key.name)}`);
      answer = answerFor(named.advisories, ecosystem, key.version, found.module);
      named.answers.set(variant, answer);
    }
    if (findings.length + answer.flaws.length > maxFindings) throw tooMany(maxFindings, 'findings');
    for (const flaw of answer.flaws) findings.push(findingOf(flaw, found));
    if (answer.undecided && found.presence !== 'application') problems.push(unparsable(found, key.version));
  }
  return { findings: findings.sort(compareFindings), problems, unanswered: [...unanswered].sort() };
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}

function tooMany(most: number, what: string): SluiceError {
  return new SluiceError('match/too-many', `there are more than ${most} ${what}`);
}

/** Looks a name up once; undefined when there are no advisories for it, as for nearly all. */
function cachedLookup(db: MatchContext['db'], unanswered: Set<string>) {
  const ecosystems = new Map<string, Map<string, Named | undefined>>();
  return (ecosystem: string, name: string): Named | undefined => {
    let names = ecosystems.get(ecosystem);
    if (names === undefined) {
      if (!db.has(baseOf(ecosystem))) unanswered.add(baseOf(ecosystem));
      names = new Map();
      ecosystems.set(ecosystem, names);
    }
    let named = names.get(name);
    if (named === undefined && !names.has(name)) {
      const advisories = unanswered.has(baseOf(ecosystem)) ? [] : db.lookup(ecosystem, name);
      named = advisories.length === 0 ? undefined : { advisories, answers: new Map() };
      names.set(name, named);
    }
    return named;
  };
}

function answerFor(
  advisories: readonly Advisory[],
  ecosystem: Ecosystem,
  version: string,
  module: string | undefined,
): Answer {
  const { order, database } = ecosystem;
  const subject = subjectOf(version, order, module);
  const matches: Match[] = [];
  let undecided = false;
  for (const advisory of advisories) {
    const match = isPlainErratum(advisory, database) ? undefined : judge(advisory, subject);
    if (match !== undefined) matches.push(match);
    else if (!subject.ordered && advisory.ranges.length > 0) undecided = true;
  }
  return { flaws: flawsIn(matches, order, database), undecided };
}

/**
 * Whether the record is a distribution's bug fix or enhancement erratum (`ALBA-`, `ALEA-`, `RLBA-` …, as against `ALSA-`)
 * that names no CVE: an update worth having, but no flaw that a gate should speak of.
 */
function isPlainErratum(advisory: Advisory, distribution: boolean): boolean {
  return (
    distribution &&
    /^[A-Z]{2}[BE]A-/.test(advisory.id) &&
    !advisory.aliases.some(isCve) &&
    !flawsOf(advisory, distribution).some(isCve)
  );
}

function baseOf(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}

/** An installed package that can't be judged may be vulnerable: that blinds. One that is only declared is a hint. */
function unparsable(found: Package, version: string): Problem {
  const message = `the version ${JSON.stringify(version.slice(0, 100))} of ${shown(found.name)} can't be ordered, so its advisories can't be judged`;
  const make = found.presence === 'installed' ? blinding : warning;
  return { ...make('match/version-unparsable', message, found.paths[0]), layer: found.layer };
}
