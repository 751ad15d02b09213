import type { Evidence } from '../../model/evidence.ts';
import { compareSeverity } from '../../model/severity.ts';
import type { Reason, Verdict } from '../../model/verdict.ts';
import type { ReportContext } from '../contract.ts';
import { findingDecisions } from '../text-decision.ts';
import { count } from '../text-fix.ts';
import { wrap } from '../text-width.ts';
import { groupFindings } from './groups.ts';
import { findingStory, placedStory, reasonStory } from './story.ts';
import { type Paint, painter, tableWidth } from './style.ts';

/** Most findings that are told whole; `sluice explain` tells any other. */
const storiesShown = 200;

/** As {@link stopStories}, for what is laid out like the table. */
export function stopStoriesIn(
  evidence: Evidence,
  verdict: Verdict,
  { colour, links, width }: Pick<ReportContext, 'colour' | 'links' | 'width'>,
): string[] {
  return stopStories(evidence, verdict, tableWidth(width), painter(colour, links));
}

/** Each thing that decides told whole: which rule, whose word, where, which layer, and the one change that ends it. */
export function stopStories(evidence: Evidence, verdict: Verdict, width: number, paint: Paint): string[] {
  const { decision } = verdict;
  if (decision === 'pass' || decision === 'warn') return [];
  const layout = { width, paint };
  const origins = new Map(evidence.packages.map(({ purl, origin }) => [purl, origin]));
  const reasons = new Map(verdict.reasons.filter((one) => one.decision === decision).map((one) => [one.rule, one]));
  const { placed = [] } = evidence;
  const decisions = findingDecisions({ reasons: [...reasons.values()] }, evidence.findings, placed);
  const inPackages = groupFindings(evidence).flatMap(({ names, findings }) =>
    findings.flatMap((finding) => {
      const rules = decisions.ofFinding(finding)?.rules;
      if (!rules) return [];
      const found = { names, origin: origins.get(finding.package), target: evidence.target };
      return [{ finding, lines: findingStory(finding, found, whyOf(rules, reasons), layout) }];
    }),
  );
  const inPlaces = placed.flatMap((finding) => {
    const rules = decisions.ofPlaced(finding)?.rules;
    return rules ? [{ finding, lines: placedStory(finding, evidence.target, whyOf(rules, reasons), layout) }] : [];
  });
  // The order of packages and of places decides between those that are as bad: sorting is stable.
  const stories = [...inPackages, ...inPlaces]
    .sort((a, b) => compareSeverity(a.finding.severity, b.finding.severity))
    .map(({ lines }) => lines);
  const told = [
    ...stories.slice(0, storiesShown),
    ...[...reasons.values()].flatMap((reason) => {
      const others = decisions.others(reason);
      // What it fired on are findings, all told above.
      return reason.subjects?.length && others.length === 0 ? [] : [reasonStory(reason, others, layout)];
    }),
  ];
  if (told.length === 0) return [];
  const more = stories.length - storiesShown;
  const rest = more > 0 ? wrap(`and ${count(more, 'more finding')}: sluice explain ID TARGET tells each`, width) : [];
  return [
    paint('name', decision === 'stop' ? 'What stops it' : 'What leaves it undecided'),
    ...told.flatMap((lines) => [...lines, '']),
    ...(rest.length > 0 ? [...rest.map((line) => paint('aside', line)), ''] : []),
  ];
}

/** `rule vulnerability/severity: why it exists`. */
function whyOf(rules: readonly string[], reasons: ReadonlyMap<string, Reason>): string[] {
  return rules.map((rule) => {
    const { why, place } = reasons.get(rule) ?? {};
    return `${rule}${place === undefined ? '' : ` (${place})`}${why === undefined || why === '' ? '' : `: ${why}`}`;
  });
}
