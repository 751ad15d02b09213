import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { compareSeverity, type Severity, severities } from '../../model/severity.ts';
import type { Verdict } from '../../model/verdict.ts';
import { someOf } from '../../util/some-of.ts';
import { groupFindings, type PackageGroup } from '../table/groups.ts';
import { painter } from '../table/style.ts';
import { summaryLine } from '../table/summary.ts';
import { type FindingDecisions, findingDecisions } from '../text-decision.ts';
import { count, fixSentence, listed } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { placedSummary } from '../text-placed.ts';

/** Most findings that are turned into notes: no CI system shows more than a few of them. */
const notesMade = 50;

/** Flaws that are named of one package. */
const flawsNamed = 3;

/** Longest text on what the worst flaw is, in characters: a note is read at a glance. */
const longestAbout = 120;

/** Something that is worth a look beside the log. */
export interface FindingNote {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** Relative to the root of the repository, where the finding is in a file of it. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

interface Ranked {
  readonly severity: Severity;
  readonly note: FindingNote;
}

/**
 * What stops, leaves undecided or warns, the worst first; the first note is the verdict itself. A package has one note and
 * not one for each flaw: what its reader does about it is one update. `dockerfile`: the path of the one whose lines the
 * history has, where it has any.
 */
export function findingNotes(evidence: Evidence, verdict: Verdict, dockerfile?: string): FindingNote[] {
  const decisions = findingDecisions(verdict, evidence.findings, evidence.placed ?? []);
  const ranked = [...packageNotes(evidence, decisions, dockerfile), ...placedNotes(evidence, decisions)].sort(
    (a, b) => levelRank[a.note.level] - levelRank[b.note.level] || compareSeverity(a.severity, b.severity),
  );
  return [...verdictNotes(evidence, verdict), ...ranked.slice(0, notesMade).map(({ note }) => note)];
}

const levelRank = { error: 0, warning: 1, notice: 2 } as const;

/** The verdict, and each reason for being undecided: it is about nothing that was found. */
function verdictNotes(evidence: Evidence, verdict: Verdict): FindingNote[] {
  const { decision, reasons } = verdict;
  if (decision === 'pass') return [];
  const level = decision === 'warn' ? 'warning' : 'error';
  const message = summaryLine(evidence, verdict, painter(false)).slice(decision.length).trimStart();
  const doubts = reasons.filter((reason) => reason.decision === 'undecided' && (reason.subjects ?? []).length === 0);
  return [
    { level, title: `sluice: ${decision}`, message },
    ...doubts.map(
      (reason): FindingNote => ({
        level: 'error',
        title: 'sluice: undecided',
        message: reason.action === undefined ? reason.message : `${reason.message} (${reason.action})`,
      }),
    ),
  ];
}

/** By what the gate makes of it; what only is tracked, or is nobody's business, has no note. */
function levelOf(decision: string | undefined): FindingNote['level'] | undefined {
  if (decision === 'stop' || decision === 'undecided') return 'error';
  return decision === 'warn' ? 'warning' : undefined;
}

function packageNotes(evidence: Evidence, decisions: FindingDecisions, dockerfile: string | undefined): Ranked[] {
  return groupFindings(evidence).flatMap((group): Ranked[] => {
    const levels = group.findings.map((finding) => levelOf(decisions.ofFinding(finding)?.decision));
    const level = levels.includes('error') ? 'error' : levels.includes('warning') ? 'warning' : undefined;
    const [worst] = group.findings;
    if (level === undefined || !worst) return [];
    const place = packagePlace(group, evidence, dockerfile);
    const title = `${someOf(group.names, 2)} ${group.version}: ${severitiesText(group.findings)}`;
    return [{ severity: worst.severity, note: { level, title, message: packageText(group, worst), ...place } }];
  });
}

/** The lock file of a source tree; of an image the line of the Dockerfile that made the layer. */
function packagePlace(
  { layer, paths }: PackageGroup,
  { target, image }: Evidence,
  dockerfile: string | undefined,
): Pick<FindingNote, 'file' | 'line'> {
  if (target.kind === 'source') return { file: relative(paths[0]), line: 1 };
  const line = image?.history.find((step) => step.layer === layer)?.line;
  return line === undefined ? {} : { file: relative(dockerfile), line };
}

/** `2 critical and 1 high`. */
function severitiesText(findings: readonly Finding[]): string {
  const texts = severities.flatMap((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length;
    return n === 0 ? [] : [`${n} ${severity}`];
  });
  return listed(texts, 'and');
}

function packageText({ findings, fix, layer }: PackageGroup, worst: Finding): string {
  const flaws = someOf(
    findings.map(({ id }) => id),
    flawsNamed,
  );
  const about = worst.title.length <= longestAbout ? worst.title : `${worst.title.slice(0, longestAbout - 1)}…`;
  const what = about === '' ? flaws : `${flaws} (${about})`;
  const all = fix && (fix.clears === findings.length ? 'all of them' : `${fix.clears} of ${findings.length}`);
  const end = fix ? `Update to ${fix.version}: fixes ${findings.length === 1 ? 'it' : all}.` : fixSentence(worst);
  const exploited = findings.some((finding) => finding.exploited) ? ' Known to be exploited.' : '';
  return `${what}. In ${worst.from === 'base' ? 'the base image' : `layer ${layer}`}.${exploited} ${end}`;
}

function placedNotes(evidence: Evidence, decisions: FindingDecisions): Ranked[] {
  return (evidence.placed ?? []).flatMap((finding): Ranked[] => {
    const level = levelOf(decisions.ofPlaced(finding)?.decision);
    if (level === undefined) return [];
    const { severity, title, id, fix, also = [], place } = finding;
    const more = also.length === 0 ? '' : ` and in ${count(also.length, 'more place')}`;
    const summary = placedSummary(finding);
    const what = summary.startsWith(`${title}: `) ? summary.slice(title.length + 2) : summary;
    const message = [`${what}.`, `At ${placeText(place, evidence.target)}${more}.`, fix];
    const note = { level, title: `${title} [${id}]`, message: message.filter((text) => text !== '').join(' ') };
    return [{ severity, note: { ...note, ...placeInRepository(finding, evidence) } }];
  });
}

/** A line of the Dockerfile that made it, or of a file of the source tree: nothing else is in the repository. */
function placeInRepository({ place }: PlacedFinding, { target }: Evidence): Pick<FindingNote, 'file' | 'line'> {
  if (place.cause) return { file: relative(place.cause.path), line: place.cause.line };
  if (place.in === 'dockerfile' || (place.in === 'file' && target.kind === 'source'))
    return { file: relative(place.path), line: place.line };
  return {};
}

/** A path that leads nowhere out of the repository; undefined for any other. */
function relative(path: string | undefined): string | undefined {
  const segments = (path ?? '').split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.length === 0 || segments.includes('..') ? undefined : segments.join('/');
}
