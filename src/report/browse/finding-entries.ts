import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { compareSeverity } from '../../model/severity.ts';
import type { Reason, Verdict } from '../../model/verdict.ts';
import { compareText } from '../../util/compare-text.ts';
import { harmless } from '../../util/harmless.ts';
import type { GroupBy } from '../contract.ts';
import { marksOf } from '../table/marks.ts';
import { findingStory, placedStory } from '../table/story.ts';
import type { Paint } from '../table/style.ts';
import { publicationOf } from '../text-advisory.ts';
import { commandText } from '../text-command.ts';
import { type FindingDecision, findingDecisions, notJudgedText } from '../text-decision.ts';
import { fixSentence, noFixText } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { clip, displayWidth, pad } from '../text-width.ts';
import type { Entry } from './entry.ts';

/** Columns of the longest severity. */
const severityColumns = 10;
/** Columns that most ids fit in. */
const idColumns = 19;
/** Columns that the names of most rules fit in, and from how wide a list on they get them. */
const ruleColumns = 28;
const roomyFrom = 90;

/** What entries on findings have in common. */
interface Scene {
  readonly evidence: Evidence;
  readonly origins: ReadonlyMap<string, { readonly name: string; readonly version: string } | undefined>;
  readonly reasons: ReadonlyMap<string, Reason>;
}

/** All findings, the worst first; what counts stands before what does not. */
export function findingEntries(evidence: Evidence, verdict: Verdict): Entry[] {
  const { findings, placed = [], packages } = evidence;
  const decisions = findingDecisions(verdict, findings, placed);
  const scene: Scene = {
    evidence,
    origins: new Map(packages.map(({ purl, origin }) => [purl, origin])),
    reasons: new Map(verdict.reasons.map((reason) => [reason.rule, reason])),
  };
  const entries = [
    ...findings.map((finding) => vulnerabilityEntry(finding, decisions.ofFinding(finding), scene)),
    ...placed.map((finding) => placedEntry(finding, decisions.ofPlaced(finding), scene)),
  ];
  return entries.sort(compareWorst);
}

/** What counts before what does not, the worst first, then what is likelier to be exploited. */
function compareWorst(a: Entry, b: Entry): number {
  if (a.answered !== b.answered) return a.answered ? 1 : -1;
  const bySeverity = compareSeverity(a.severity ?? 'unknown', b.severity ?? 'unknown');
  return bySeverity || b.weight - a.weight || compareText(a.name, b.name) || compareText(a.id, b.id);
}

/** `stop by vulnerability/severity: why the rule exists`. */
function whyOf(decision: FindingDecision | undefined, { reasons }: Scene): string[] {
  if (!decision)
    return [
      [...reasons.values()].some(isCut) ? 'no reason names it: each names so many alone' : 'no rule speaks of it',
    ];
  return decision.rules.map((rule) => {
    const why = reasons.get(rule)?.why;
    return `${decision.decision} by ${rule}${why === undefined || why === '' ? '' : `: ${why}`}`;
  });
}

function isCut({ total, subjects = [] }: Reason): boolean {
  return total !== undefined && total > subjects.length;
}

function vulnerabilityEntry(finding: Finding, decision: FindingDecision | undefined, scene: Scene): Entry {
  const { id, aliases, name, version, title, severity, layer, fixed, fixState, paths, exploited, epss } = finding;
  const fix = fixed.length > 0 ? fixSentence(finding) : undefined;
  const against = notJudgedText(finding, scene.evidence.judged);
  return {
    kind: 'vulnerability',
    severity,
    answered: against !== undefined,
    line: (columns, paint) => {
      const update = fixed.length > 0 ? `→ ${harmless(fixed.join(', '))}` : noFixText(fixState);
      const marks = marksOf(finding, false).map(({ text }) => text);
      const rest = [...marks, ...(title === '' ? [] : [harmless(title)])].join(' · ');
      return lineOf(
        { severity, answered: against !== undefined },
        id,
        `${harmless(name)} ${harmless(version)} ${update}`,
        rest,
        columns,
        paint,
      );
    },
    detail: (layout) => {
      const { target } = scene.evidence;
      const found = { names: [name], origin: scene.origins.get(finding.package), target };
      return findingStory(finding, found, against === undefined ? whyOf(decision, scene) : [against], layout);
    },
    searched: () =>
      [id, ...aliases, name, version, title, ...paths, fixed.join(' '), decision?.decision ?? '']
        .join(' ')
        .toLowerCase(),
    group: (by) => groupOf(by, { name: `${name} ${version}`, layer, fix: fix ?? 'no fix is known' }, scene.evidence),
    id,
    ...(fix === undefined ? {} : { fix }),
    url: publicationOf(id).url,
    name,
    layer,
    weight: (exploited ? 2 : 0) + (epss?.score ?? 0),
    badness: 0,
  };
}

function placedEntry(finding: PlacedFinding, decision: FindingDecision | undefined, scene: Scene): Entry {
  const { kind, id, aliases, title, severity, place, fix, links, answered, message } = finding;
  const { target } = scene.evidence;
  return {
    kind,
    severity,
    answered: answered !== undefined,
    line: (columns, paint) =>
      lineOf(
        { severity, answered: answered !== undefined },
        id,
        harmless(title),
        harmless(placeText(place, target)),
        columns,
        paint,
      ),
    detail: (layout) => placedStory(finding, target, whyOf(decision, scene), layout),
    searched: () =>
      [kind, id, ...aliases, title, message, placeText(place, target), decision?.decision ?? '']
        .join(' ')
        .toLowerCase(),
    group: (by) => groupOf(by, { name: id, layer: place.layer, fix }, scene.evidence),
    id,
    ...(fix === '' ? {} : { fix }),
    ...(links[0] === undefined ? {} : { url: links[0] }),
    name: title,
    layer: place.layer ?? -1,
    weight: 0,
    badness: 0,
  };
}

function groupOf(
  by: GroupBy,
  { name, layer, fix }: { readonly name: string; readonly layer: number | undefined; readonly fix: string },
  { target }: Evidence,
): string {
  if (by === 'package') return name;
  if (by === 'fix') return fix;
  if (layer === undefined) return 'the image itself';
  const made = commandText(target.layers[layer]?.createdBy ?? '');
  const whose = target.base === undefined ? '' : layer < target.base.layers ? ' (base image)' : ' (own)';
  return `layer ${layer}${whose}${made === '' ? '' : `: ${made}`}`;
}

/** Severity, id, what it is in, and as much of the rest as there is room for. */
function lineOf(
  { severity, answered }: { readonly severity: Finding['severity']; readonly answered: boolean },
  id: string,
  what: string,
  rest: string,
  columns: number,
  paint: Paint,
): string {
  const width = columns < roomyFrom ? idColumns : ruleColumns;
  const shown = pad(clip(harmless(id), width), width);
  const before = severityColumns + 2 + displayWidth(shown) + 2;
  const text = clip(
    columns < 100 || rest === '' ? what : `${pad(clip(what, 44), 44)}  ${rest}`,
    Math.max(0, columns - before),
  );
  const word = pad(severity, severityColumns);
  return answered ? paint('aside', `${word}  ${shown}  ${text}`) : `${paint(severity, word)}  ${shown}  ${text}`;
}
