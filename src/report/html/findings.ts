import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { BlameQuadrant, Verdict } from '../../model/verdict.ts';
import { minuteText } from '../../policy/minute.ts';
import { lastingParts } from '../lasting.ts';
import { isIntroduced } from '../table/introduced.ts';
import { marksOf } from '../table/marks.ts';
import { type FindingDecision, findingDecisions, notJudgedText } from '../text-decision.ts';
import { fixSentence, noFixText } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { noteText } from '../text-statement.ts';
import type { PageFinding } from './data.ts';
import { keyGiver } from './keys.ts';
import type { Subjects } from './subjects.ts';

/** Most places of one finding that are told; the JSON report has all. */
const placesShown = 50;

/** All findings, as the page knows them, in the order of the evidence. */
export function pageFindings(evidence: Evidence, verdict: Verdict, subjects: Subjects): PageFinding[] {
  const { findings, placed = [] } = evidence;
  const keyOf = keyGiver();
  const decisions = findingDecisions(verdict, findings, placed);
  const blames = blamesOf(verdict);
  const introduced = isIntroduced(verdict);
  return [
    ...findings.map((finding, at) => {
      const key = keyOf(lastingParts(finding, finding.paths[0] ?? ''));
      const blame = blames.get(`${finding.id}\0${finding.package}`);
      const decided = decisionParts(decisions.ofFinding(finding), blame);
      return {
        key,
        subject: subjects.of[at] ?? 0,
        ...packageParts(finding, evidence, introduced(finding)),
        ...decided,
      };
    }),
    ...placed.map((finding) => {
      const key = keyOf([finding.kind, finding.id, finding.fingerprint]);
      const decided = decisionParts(decisions.ofPlaced(finding), blames.get(finding.fingerprint));
      return { key, ...placedParts(finding, evidence), ...decided };
    }),
  ];
}

/** Who brought what a rule spoke of, by id and package, or by fingerprint. */
function blamesOf({ reasons }: Verdict): Map<string, BlameQuadrant> {
  const blames = new Map<string, BlameQuadrant>();
  for (const { subjects = [] } of reasons) {
    for (const { id, package: purl = '', fingerprint, blame } of subjects)
      if (blame) blames.set(fingerprint ?? `${id}\0${purl}`, blame);
  }
  return blames;
}

function decisionParts(decided: FindingDecision | undefined, blame: BlameQuadrant | undefined) {
  return {
    ...(decided ? { decision: decided.decision, rules: decided.rules } : {}),
    ...(decided?.due === undefined ? {} : { due: decided.due }),
    ...(blame ? { blame } : {}),
  };
}

/** What a page says of a flaw in a package. */
function packageParts(finding: Finding, { judged }: Evidence, introduced: boolean) {
  const { id, severity, title, paths, layer, from, fixed, fixState, answered, aliases, cwes } = finding;
  const { score, vector, severitySource, exploited, epss, risk, published, statements = [] } = finding;
  const marks = marksOf(finding, introduced);
  return {
    kind: 'vulnerability' as const,
    ...{ id, severity, title, places: paths.slice(0, placesShown), layer, from, severitySource },
    ...(counts(finding, judged) ? {} : { aside: notJudgedText(finding, judged) ?? '' }),
    ...(answered ? { answeredBy: answered.by } : {}),
    ...(marks.length === 0 ? {} : { marks: marks.map(({ text, role }) => [text, role] as const) }),
    ...(fixed.length === 0 ? { noFix: noFixText(fixState) } : { fixed }),
    fix: fixSentence(finding),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(cwes.length === 0 ? {} : { cwes }),
    ...(score === undefined ? {} : { score }),
    ...(vector === undefined ? {} : { vector }),
    ...(exploited ? { exploited: exploitedText(exploited) } : {}),
    ...(epss ? { epss: [epss.score, epss.percentile] as const } : {}),
    ...(risk === undefined ? {} : { risk }),
    ...(published === undefined ? {} : { published: minuteText(published) }),
    ...(statements.length === 0
      ? {}
      : {
          statements: statements.map((note) => (note.believed ? noteText(note) : `${noteText(note)} (not believed)`)),
        }),
  };
}

function exploitedText({ added, due, ransomware }: NonNullable<Finding['exploited']>): string {
  return `in CISA's catalogue since ${added}, to be ended by ${due}${ransomware ? '; ransomware uses it' : ''}`;
}

/** What a page says of a secret, a bad setting, or another tool's finding. A secret itself is never shown. */
function placedParts(finding: PlacedFinding, { target }: Evidence) {
  const { kind, id, severity, title, message, why, fix, place, also = [], answered } = finding;
  const { aliases, links, controls, tool, secret } = finding;
  return {
    ...{ kind, id, severity, title, message, why, fix },
    places: [place, ...also].slice(0, placesShown).map((one) => placeText(one, target)),
    ...(place.layer === undefined ? {} : { layer: place.layer }),
    ...(place.from === undefined ? {} : { from: place.from }),
    ...(answered ? { aside: answered.because, answeredBy: answered.by } : {}),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(links.length === 0 ? {} : { links }),
    ...(controls.length === 0 ? {} : { controls }),
    ...(tool === undefined ? {} : { tool }),
    ...(secret ? { secret: secretTexts(secret) } : {}),
  };
}

function secretTexts({ shown, score, notes, expires }: NonNullable<PlacedFinding['secret']>): string[] {
  const ends = expires === undefined ? [] : [`ends ${minuteText(expires)}`];
  return [shown, ...notes, ...ends, `${score} of 100 sure`];
}
