import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { dayText } from '../../util/day.ts';
import type { AppliedWaivers, Applying, WaivedSubject } from './applied.ts';
import { Candidates } from './candidates.ts';
import type { Waiver, Waivers } from './contract.ts';
import { endedForAll, type Watched, watchedBy } from './events.ts';
import { RuleWaivers } from './rule-waivers.ts';
import { imageScope } from './scope.ts';
import { compileSelectors, purlReader } from './selectors.ts';
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
  const findings = answeredBy(evidence.findings, tallies, ofFindings, watched);
  const after = findings === evidence.findings ? evidence : { ...evidence, findings };
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
function answeredBy(
  findings: readonly Finding[],
  tallies: readonly Tally[],
  candidates: Candidates,
  watched: Watched,
): readonly Finding[] {
  let changed: Finding[] | undefined;
  for (const [at, finding] of findings.entries()) {
    const before = finding.answered?.by === 'waiver' ? withoutAnswer(finding) : finding;
    const waiver = settle(tallies, candidates.over(before), before, before.answered, watched);
    const after: Finding =
      waiver === undefined ? before : { ...before, answered: { by: 'waiver', because: becauseOf(waiver) } };
    if (after === finding) continue;
    changed ??= [...findings];
    changed[at] = after;
  }
  return changed ?? findings;
}

function withoutAnswer({ answered: _answered, ...finding }: Finding): Finding {
  return finding;
}
