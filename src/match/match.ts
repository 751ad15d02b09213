import type { NamedAdvisories } from '../advisory/contract.ts';
import type { AdvisoryKey, Ecosystem } from '../ecosystem/contract.ts';
import type { Advisory } from '../model/advisory.ts';
import type { Finding } from '../model/finding.ts';
import type { Distribution, Package } from '../model/package.ts';
import { blinding, type Problem, warning } from '../model/problem.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { judge, type Match, type Subject, subjectOf, undecidedBy } from './affected.ts';
import { type Flawed, findingsOf } from './findings.ts';
import { type Flaw, flawsIn } from './flaw.ts';
import { type AdvisoryKeys, advisoryKeys } from './keys.ts';
import { Lookup, type Named } from './lookup.ts';
import { flawsOf, isCve } from './merge.ts';
import { OwnerAnswers, type OwnerData } from './owner-answers.ts';

/** Most findings of one scan; the worst of real images have a tenth. A package database of a few bytes a package makes any number. */
const maxFindings = 250_000;

/** Most versions of one package that are judged: each is held against all of its advisories. Real images have a few dozen. */
const maxVersions = 1_000;

/** What packages are matched against. */
export interface MatchContext {
  ecosystemOf(id: string): Ecosystem | undefined;
  readonly distribution: Distribution | undefined;
  /** Repositories that the image's packages may be from, where it says. */
  readonly contentSets?: readonly string[] | undefined;
  readonly db: OwnerData;
  /** The packages' keys, where they are known already. */
  readonly keys?: AdvisoryKeys;
  /** How many of the lowest layers are the base image's. */
  readonly baseLayers?: number | undefined;
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
  /** Sorted by id. */
  readonly flaws: readonly Flaw[];
  /** The version can't be ordered, and there are advisories whose ranges it would have to be compared with. */
  readonly undecided: boolean;
  /** The first advisory with a bound that can't be ordered and would have to be. */
  readonly unknown?: UnknownBound;
}

interface UnknownBound {
  readonly advisory: string;
  readonly bound: string;
}

/** Packages × advisories → findings, by the rules of the OSV schema. @throws SluiceError `match/too-many` */
export function matchPackages(packages: readonly Package[], context: MatchContext): Matched {
  const keys = context.keys ?? advisoryKeys(packages, context.ecosystemOf, context.distribution, context.contentSets);
  const flawed: Flawed[] = [];
  const problems: Problem[] = [];
  const lookup = new Lookup<Answer>(context.db);
  const owners = new OwnerAnswers(packages, keys, context.db);
  let findings = 0;
  for (let at = 0; at < packages.length; at++) {
    const key = keys[at];
    const named = key && lookup.find(key);
    if (named === undefined) continue;
    const found = packages[at]!;
    const answer = answerFor(named, found, key!, context);
    findings += answer.flaws.length;
    if (findings > maxFindings) throw tooMany(maxFindings, 'findings');
    if (answer.flaws.length > 0) flawed.push(...owners.withAnswers(found, answer.flaws));
    if (found.presence === 'application') continue;
    if (answer.undecided) problems.push(unparsable(found, key!.version));
    if (answer.unknown) problems.push(unorderable(found, answer.unknown));
  }
  const all = findingsOf(flawed, context.baseLayers);
  return { findings: all, problems, unanswered: [...lookup.unanswered].sort() };
}

/** What the advisories of one name say of one of its versions: worked out once. */
function answerFor(
  named: Named<Answer>,
  { ecosystem: id, module }: Package,
  key: AdvisoryKey,
  context: MatchContext,
): Answer {
  const variant = module === undefined ? key.version : `${key.version}\n${module}`;
  const known = named.answers.get(variant);
  if (known !== undefined) return known;
  const ecosystem = context.ecosystemOf(id);
  if (ecosystem === undefined) return nothing;
  if (named.answers.size >= maxVersions) throw tooMany(maxVersions, `versions of ${shown(key.name)}`);
  const answer = judgeAll(named.advisories, ecosystem, key.version, module);
  named.answers.set(variant, answer);
  return answer;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}

function tooMany(most: number, what: string): SluiceError {
  return new SluiceError('match/too-many', `there are more than ${most} ${what}`);
}

const nothing: Answer = { flaws: [], undecided: false };

function judgeAll(named: NamedAdvisories, ecosystem: Ecosystem, version: string, module: string | undefined): Answer {
  const { order, database } = ecosystem;
  const subject = subjectOf(version, order, module);
  const advisories = subject.ordered ? named.candidates(version, order) : named.all();
  if (advisories.length === 0) return nothing;
  const matches: Match[] = [];
  let undecided = false;
  let unknown: UnknownBound | undefined;
  for (const advisory of advisories) {
    if (advisory.withdrawn !== undefined || isPlainErratum(advisory, database)) continue;
    const match = judge(advisory, subject);
    if (match !== undefined) matches.push(match);
    else if (!subject.ordered) undecided ||= advisory.ranges.length > 0;
    else unknown ??= unknownIn(advisory, subject);
  }
  if (matches.length === 0 && !undecided && !unknown) return nothing;
  const flaws = flawsIn(matches, order, database).sort((a, b) => compareText(a.id, b.id));
  return unknown ? { flaws, undecided, unknown } : { flaws, undecided };
}

function unknownIn(advisory: Advisory, subject: Subject): UnknownBound | undefined {
  const bound = undecidedBy(advisory, subject);
  return bound === undefined ? undefined : { advisory: advisory.id, bound };
}

/**
 * Whether the record is a distribution's bug fix or enhancement erratum (`ALBA-`, `ALEA-`, `RLBA-` …, as against `ALSA-`)
 * that names no CVE: an update worth having, but no flaw that a gate should speak of.
 */
function isPlainErratum(advisory: Advisory, distribution: boolean): boolean {
  return (
    distribution &&
    advisory.id.startsWith('A-', 3) &&
    /^[A-Z]{2}[BE]A-/.test(advisory.id) &&
    !advisory.aliases.some(isCve) &&
    !flawsOf(advisory, distribution).some(isCve)
  );
}

/** A bound that nobody can place: the record is at fault, and the package may be vulnerable all the same. */
function unorderable(found: Package, { advisory, bound }: UnknownBound): Problem {
  const message = `${advisory} has the bound ${JSON.stringify(bound.slice(0, 100))}, which can't be ordered, so whether it holds for ${shown(found.name)} can't be judged`;
  const make = found.presence === 'installed' ? blinding : warning;
  return { ...make('match/range-unorderable', message, found.paths[0]), layer: found.layer };
}

/** An installed package that can't be judged may be vulnerable: that blinds. One that is only declared is a hint. */
function unparsable(found: Package, version: string): Problem {
  const message = `the version ${JSON.stringify(version.slice(0, 100))} of ${shown(found.name)} can't be ordered, so its advisories can't be judged`;
  const make = found.presence === 'installed' ? blinding : warning;
  return { ...make('match/version-unparsable', message, found.paths[0]), layer: found.layer };
}
