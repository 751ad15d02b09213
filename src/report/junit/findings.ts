import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { parsePurl } from '../../model/parse-purl.ts';
import type { PlacedFinding, PlacedKind } from '../../model/placed-finding.ts';
import { placeName } from '../../policy/subject/placed-name.ts';
import { publicationOf } from '../text-advisory.ts';
import { type FindingDecision, type FindingDecisions, notJudgedText } from '../text-decision.ts';
import { fixSentence } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { placedSummary } from '../text-placed.ts';
import type { Outcome, TestCase } from './test-case.ts';

/** Most places of one finding that are told; the JSON report has all. */
const placesTold = 20;

/** A test case for each package in which something was found, in the order of the findings. */
export function packageCases({ findings, judged }: Evidence, decisions: FindingDecisions): TestCase[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.package);
    if (group) group.push(finding);
    else groups.set(finding.package, [finding]);
  }
  const inVersions = new Map<string, number>();
  for (const [first] of groups.values()) {
    const { classname, name } = identityOf(first as Finding);
    inVersions.set(`${classname}\0${name}`, (inVersions.get(`${classname}\0${name}`) ?? 0) + 1);
  }
  return [...groups.values()].map((group): TestCase => {
    const [first] = group as [Finding];
    const { classname, name } = identityOf(first);
    const isOne = inVersions.get(`${classname}\0${name}`) === 1;
    const told = group.map((finding) => ({ finding, decision: decisions.ofFinding(finding) }));
    const outcomes = (wanted: FindingDecision['decision']): Outcome[] =>
      told
        .filter(({ decision }) => decision?.decision === wanted)
        .map(({ finding, decision }) => outcomeOf(finding, decision?.rules ?? []));
    const [failures, errors] = [outcomes('stop'), outcomes('undecided')];
    // One that failed has told all; of several, some readers show the first alone.
    const alone = group.length === 1 && failures.length + errors.length > 0;
    const answer = group.every(({ answered }) => answered) ? first.answered : undefined;
    return {
      classname,
      name: isOne ? name : `${name} ${first.version}`,
      failures,
      errors,
      ...(answer ? { skipped: answer.because } : {}),
      out: alone
        ? []
        : told.map(({ finding, decision }) => `${findingText(finding)} ${standing(finding, decision, judged)}`),
    };
  });
}

function identityOf({ package: purl, name }: Finding): { classname: string; name: string } {
  // A dot would make another class of it.
  const type = (parsePurl(purl)?.type ?? 'other').replaceAll('.', '-');
  return { classname: `sluice.packages.${type}`, name };
}

/** `critical CVE-2021-44228 in log4j-core 2.14.0: what it is. Update log4j-core 2.14.0 to 2.15.0.` */
function findingText(finding: Finding): string {
  const { severity, id, name, version, title, exploited } = finding;
  const what = `${severity} ${id} in ${name} ${version}${title === '' ? '' : `: ${title}`}`;
  return `${what.replace(/\.$/, '')}. ${exploited ? 'It is known to be exploited. ' : ''}${fixSentence(finding)}`;
}

function outcomeOf(finding: Finding, rules: readonly string[]): Outcome {
  const { id, package: purl, paths } = finding;
  return {
    kind: 'vulnerability',
    message: findingText(finding),
    lines: [
      `package: ${purl}`,
      ...paths.slice(0, placesTold).map((path) => `in: ${path}`),
      ...(paths.length > placesTold ? [`and in ${paths.length - placesTold} more places`] : []),
      `by rule: ${rules.join(', ')}`,
      `see: ${publicationOf(id).url}`,
    ],
  };
}

function standing(finding: Finding, decision: FindingDecision | undefined, judged: Evidence['judged']): string {
  const because = notJudgedText(finding, judged);
  return because === undefined ? decisionText(decision) : `[does not count: ${because}]`;
}

function decisionText(decision: FindingDecision | undefined): string {
  if (!decision) return '[no rule speaks of it]';
  const until = decision.due === undefined ? '' : ` until ${decision.due}`;
  return `[${decision.decision}${until}, by ${decision.rules.join(', ')}]`;
}

const classes: Readonly<Record<PlacedKind, string>> = {
  secret: 'sluice.secrets',
  misconfiguration: 'sluice.configuration',
  external: 'sluice.other-tools',
};

/** A test case for each finding in a place. */
export function placedCases({ placed = [], target }: Evidence, decisions: FindingDecisions): TestCase[] {
  return placed.map((finding): TestCase => {
    const { kind, id, place, also = [], tool, answered } = finding;
    const { line: _line, ...lineless } = place;
    const decision = decisions.ofPlaced(finding);
    const places = [place, ...also].slice(0, placesTold).map((one) => `at: ${placeText(one, target)}`);
    const outcome: Outcome = {
      kind,
      message: placedText(finding),
      lines: [...places, ...aboutLines(finding, decision)],
    };
    const failures = decision?.decision === 'stop' ? [outcome] : [];
    const errors = decision?.decision === 'undecided' ? [outcome] : [];
    const end = answered ? `[does not count: ${answered.because}]` : decisionText(decision);
    return {
      classname: classes[kind],
      name: [tool === undefined ? id : `${tool}: ${id}`, placeName(lineless)].filter((one) => one !== '').join(' '),
      failures,
      errors,
      ...(answered ? { skipped: answered.because } : {}),
      out: failures.length + errors.length > 0 ? [] : [`${placedText(finding)} ${end}`, ...places],
    };
  });
}

function placedText(finding: PlacedFinding): string {
  return `${finding.severity} ${finding.id}: ${placedSummary(finding)}`;
}

function aboutLines({ why, fix, controls, links }: PlacedFinding, decision: FindingDecision | undefined): string[] {
  return [
    ...(why === '' ? [] : [`why: ${why}`]),
    ...(fix === '' ? [] : [`fix: ${fix}`]),
    ...(decision ? [`by rule: ${decision.rules.join(', ')}`] : []),
    ...(controls.length === 0 ? [] : [`controls: ${controls.join(', ')}`]),
    ...links.map((link) => `see: ${link}`),
  ];
}
