import type { Evidence } from '../../model/evidence.ts';
import type { Answer } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { dayText } from '../../util/day.ts';
import { placedName } from '../subject/placed-name.ts';
import type { AppliedWaivers, Applying, WaivedSubject } from './applied.ts';
import { Candidates, type Selected } from './candidates.ts';
import type { Waiver, Waivers } from './contract.ts';
import { endedForAll, type Watched, watchedBy } from './events.ts';
import { RuleWaivers } from './rule-waivers.ts';
import { imageScope } from './scope.ts';
import { compileSelectors, purlReader, type Selectors } from './selectors.ts';
import { settle } from './settle.ts';
import { becauseOf, standingOn, type Tally, tallyOf, useOf } from './tally.ts';

/**
 * Holds waivers against one image's evidence. Of two that are over the same finding the one that comes first answers;
 * what VEX, the distribution or the owner of the files has answered stays theirs. Answers of waivers that the evidence
 * has from before are dropped: those were another policy's.
 */
export function applyWaivers(evidence: Evidence, { waivers }: Waivers, applying: Applying): AppliedWaivers {
  const today = dayText(applying.now);
  const watched = watchedBy(evidence);
  const isMeant = imageScope(evidence.target, applying.names ?? []);
  const tallies = waivers.map((waiver) => tallyFor(waiver, isMeant(waiver.images), today, watched));
  const selectors = tallies.map(({ waiver, standing }) =>
    standing === 'elsewhere' ? undefined : compileSelectors(waiver),
  );
  const readPurl = purlReader();
  const ofFindings = new Candidates(
    selectors.map((one) => (one?.rules.length === 0 ? one : undefined)),
    readPurl,
  );
  const answerOf = (waiver: Waiver | undefined): Answer | undefined =>
    waiver && { by: 'waiver', because: becauseOf(waiver) };
  const findings = answeredBy(evidence.findings, (finding) =>
    answerOf(settle(tallies, ofFindings.over(finding), finding, finding.answered, watched)),
  );
  const ofPlaces = new Candidates(selectors.map(meansPlaces), readPurl);
  const placed = answeredBy(evidence.placed ?? [], (finding) =>
    answerOf(settle(tallies, ofPlaces.over(selectedPlace(finding)), undefined, finding.answered, watched)),
  );
  const isSame = findings === evidence.findings && placed === (evidence.placed ?? placed);
  const after = isSame ? evidence : { ...evidence, findings, ...(evidence.placed ? { placed } : {}) };
  const ofRules = new RuleWaivers(selectors, tallies, watched, readPurl);
  return {
    evidence: after,
    waives: (rule: string, subject: WaivedSubject) => ofRules.waives(rule, subject),
    uses: () => tallies.map((tally) => useOf(tally, today, applying.soonDays)),
  };
}

function tallyFor(waiver: Waiver, isMeant: boolean, today: string, watched: Watched): Tally {
  if (!isMeant) return tallyOf(waiver, 'elsewhere');
  const standing = standingOn(waiver, today);
  const ended = standing === 'in-force' ? endedForAll(waiver.until, watched) : undefined;
  return ended === undefined ? tallyOf(waiver, standing) : tallyOf(waiver, 'ended', ended);
}

/** The findings with answers; the same list where nothing changes. */
function answeredBy<T extends { readonly answered?: Answer }>(
  findings: readonly T[],
  answerFor: (finding: T) => Answer | undefined,
): readonly T[] {
  let changed: T[] | undefined;
  for (const [at, finding] of findings.entries()) {
    const before = finding.answered?.by === 'waiver' ? withoutAnswer(finding) : finding;
    const answered = answerFor(before);
    const after: T = answered === undefined ? before : { ...before, answered };
    if (after === finding) continue;
    changed ??= [...findings];
    changed[at] = after;
  }
  return changed ?? findings;
}

function withoutAnswer<T extends { readonly answered?: Answer }>({ answered: _answered, ...finding }: T): T {
  return finding as unknown as T;
}

/**
 * Which waivers are over what was found in places. One that names packages and no id is about the flaws in them: a secret
 * that somebody puts into a package's folder was in nobody's mind.
 */
function meansPlaces(one: Selectors | undefined): Selectors | undefined {
  if (one === undefined || one.rules.length > 0) return undefined;
  return one.ids.size > 0 || one.packages.length === 0 ? one : undefined;
}

/** Globs are over absolute paths, also where those of a source tree are told from its folder on. */
function selectedPlace(finding: PlacedFinding): Selected {
  const { id, names = [], package: purl, paths = [] } = placedName(finding);
  return {
    id,
    aliases: names,
    ...(purl === undefined ? {} : { package: purl }),
    paths: paths.map((path) => (path.startsWith('/') ? path : `/${path}`)),
  };
}
