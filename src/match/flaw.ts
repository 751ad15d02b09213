import { unionOfCwes } from '../advisory/record-facts.ts';
import type { Advisory, FixState, SeverityStatement } from '../model/advisory.ts';
import type { VersionOrder } from '../version/contract.ts';
import { fixesOf, type Match } from './affected.ts';
import { flawsOf, isCve, mergeByName } from './merge.ts';
import { bySeverityPrecedence } from './precedence.ts';

/** What findings of the same flaw in the same version of a package have in common. */
export interface Flaw {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly advisories: readonly string[];
  readonly severity: SeverityStatement;
  readonly fixed: readonly string[];
  readonly title: string;
  /** Those of all its records, sorted by number. */
  readonly cwes: readonly string[];
  /** When the first of its records was published. */
  readonly published?: string;
  /** When the first of its records that name a fix was published. */
  readonly fixPublished?: string;
  readonly disputed?: true;
  /** Only where there is no fix. */
  readonly fixState?: FixState;
}

/** The flaws that the matches of one package describe. `distribution`: it comes from a distribution's database. */
export function flawsIn(matches: readonly Match[], order: VersionOrder, distribution: boolean): Flaw[] {
  const flaws = mergeByName(matches, distribution).map((group) => flawOf(group, order, distribution));
  const byId = new Map<string, number>();
  for (const { id } of flaws) byId.set(id, (byId.get(id) ?? 0) + 1);
  if (byId.size === flaws.length) return flaws;
  return flaws.map((flaw) => (byId.get(flaw.id) === 1 ? flaw : namedByPublisher(flaw)));
}

/** Two errata for one CVE in one package: each goes by its own id, so that an id and a package name one finding. */
function namedByPublisher(flaw: Flaw): Flaw {
  const id = flaw.advisories[0] as string;
  const aliases = new Set([...flaw.aliases, flaw.id]);
  aliases.delete(id);
  return { ...flaw, id, aliases: [...aliases].sort() };
}

function flawOf(matches: readonly Match[], order: VersionOrder, distribution: boolean): Flaw {
  const advisories = matches.map((match) => match.advisory);
  if (advisories.length > 1) advisories.sort((a, b) => bySeverityPrecedence(a, b, distribution));
  const primary = advisories[0] as Advisory;
  const names = namesOf(advisories, distribution);
  const id = nameOf(names, primary);
  const flaw: { -readonly [field in keyof Flaw]: Flaw[field] } = {
    id,
    aliases: names.filter((name) => name !== id).sort(),
    advisories: unique(advisories.map((advisory) => advisory.id)).sort(),
    severity: primary.severity,
    fixed: fixesOf(matches, order),
    title: advisories.find((advisory) => advisory.summary !== '')?.summary ?? '',
    cwes: advisories.length === 1 ? primary.cwes : unionOfCwes(advisories.map(({ cwes }) => cwes)),
  };
  const published = firstPublished(advisories);
  if (published !== undefined) flaw.published = published;
  const fixPublished = flaw.fixed.length > 0 ? firstPublished(fixing(matches)) : undefined;
  if (fixPublished !== undefined) flaw.fixPublished = fixPublished;
  if (advisories.some(({ disputed }) => disputed)) flaw.disputed = true;
  const fixState = flaw.fixed.length > 0 ? undefined : fixStateOf(advisories);
  if (fixState !== undefined) flaw.fixState = fixState;
  return flaw;
}

/** The records that name a fix. */
function fixing(matches: readonly Match[]): readonly Advisory[] {
  return matches.filter(({ fixes }) => fixes.length > 0).map(({ advisory }) => advisory);
}

/** The earliest time, as its record writes it. */
function firstPublished(advisories: readonly Advisory[]): string | undefined {
  let first: string | undefined;
  for (const { published } of advisories) {
    if (published !== undefined && (first === undefined || Date.parse(published) < Date.parse(first)))
      first = published;
  }
  return first;
}

/** What the record says whose word counts, or the next one that says something. */
function fixStateOf(advisories: readonly Advisory[]): FixState | undefined {
  for (const { fixState } of advisories) if (fixState !== undefined) return fixState;
  return undefined;
}

/** All names of the flaw, each once. */
function namesOf(advisories: readonly Advisory[], distribution: boolean): string[] {
  const names: string[] = [];
  for (const advisory of advisories) {
    names.push(advisory.id);
    for (const name of advisory.aliases) names.push(name);
    for (const name of flawsOf(advisory, distribution)) names.push(name);
  }
  return unique(names);
}

/** The CVE where there is one and no other; otherwise the name of the record whose word counts. */
function nameOf(names: readonly string[], primary: Advisory): string {
  let cve: string | undefined;
  for (const name of names) {
    if (!isCve(name)) continue;
    if (cve !== undefined) return primary.id;
    cve = name;
  }
  return cve ?? primary.id;
}

function unique(texts: string[]): string[] {
  if (texts.length < 2 || (texts.length === 2 && texts[0] !== texts[1])) return texts;
  return [...new Set(texts)];
}
