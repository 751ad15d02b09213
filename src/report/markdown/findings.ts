import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlacedFinding, PlacedKind } from '../../model/placed-finding.ts';
import { compareSeverity } from '../../model/severity.ts';
import type { Verdict } from '../../model/verdict.ts';
import { someOf } from '../../util/some-of.ts';
import type { PackageGroup } from '../table/groups.ts';
import { isIntroduced } from '../table/introduced.ts';
import { marksOf } from '../table/marks.ts';
import { publicationOf } from '../text-advisory.ts';
import { count, noFixText } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { contradictions } from '../text-statement.ts';
import { code, prose } from './escape.ts';
import type { Section } from './section.ts';

/** Most binary packages of one source that are named. */
const packagesNamed = 3;
/** Most characters of a path, of which the end says most. */
const longestPath = 90;
/** Most characters of a flaw's title. */
const longestTitle = 160;

/** An id that is no markup, and that leads to its publisher's page. */
const plainId = /^[A-Za-z0-9][A-Za-z0-9:.-]{2,60}$/;

/** Findings by package, the worst first: of the own layers, of the base image, and of what the gate does not judge. */
export function packageSections(groups: readonly PackageGroup[], evidence: Evidence, verdict: Verdict): Section[] {
  const judged = groups.filter((group) => group.judged);
  const base = judged.filter(isOfBase);
  const own = judged.filter((group) => !isOfBase(group));
  const row = rowOf(evidence.target, isIntroduced(verdict));
  const section = (title: string, those: readonly PackageGroup[], weight: number): Section => ({
    title: `${title}: ${howMany(those)}`,
    columns: ['severity', 'finding', 'package', 'fixed in', 'about', 'where'],
    rows: those.flatMap((group) => group.findings.map((finding) => row(group, finding))),
    weight,
  });
  const { name } = evidence.target.base ?? {};
  const ofBase = section('Packages of the base image', base, 3);
  return [
    section(evidence.target.base ? 'Packages of the own layers' : 'Packages', own, 6),
    name === undefined ? ofBase : { ...ofBase, lead: [`The base image is ${code(name)}.`] },
    section(
      'Packages that are not judged',
      groups.filter((group) => !group.judged),
      1,
    ),
  ];
}

/** Whether the base image brought a package. */
export function isOfBase({ findings }: PackageGroup): boolean {
  return findings[0]?.from === 'base';
}

/** The packages of a group with their version, as code. */
export function packagesText({ names, version }: PackageGroup): string {
  return code(`${someOf(names, packagesNamed)} ${version}`);
}

function howMany(groups: readonly PackageGroup[]): string {
  const findings = groups.reduce((sum, group) => sum + group.findings.length * group.names.length, 0);
  const packages = groups.reduce((sum, { names }) => sum + names.length, 0);
  return `${count(findings, 'finding')} in ${count(packages, 'package')}`;
}

function rowOf(target: EvidenceTarget, introduced: (finding: Finding) => boolean) {
  return (group: PackageGroup, finding: Finding): string[] => {
    const { severity, id, fixed, fixState, title } = finding;
    const marks = marksOf(finding, introduced(finding)).map(({ text }) => text);
    if (contradictions(finding).length > 0) marks.push('VEX statements contradict');
    return [
      severity,
      idText(id),
      packagesText(group),
      fixed.length === 0 ? noFixText(fixState) : code(fixed.join(', '), 80),
      [...marks, prose(title, longestTitle)].filter((text) => text !== '').join(' · '),
      whereText(group, target),
    ];
  };
}

function idText(id: string): string {
  return plainId.test(id) ? `[${id}](${publicationOf(id).url})` : code(id);
}

function whereText({ layer, paths: [path, ...others] }: PackageGroup, { layers }: EvidenceTarget): string {
  const parts = layers.length > 1 ? [`layer ${layer}`] : [];
  if (path !== undefined) {
    const shown = path.length > longestPath ? `…${path.slice(-longestPath)}` : path;
    parts.push(code(shown) + (others.length > 0 ? ` and ${others.length} more` : ''));
  }
  return parts.join(' · ');
}

const headings: readonly (readonly [PlacedKind, string, string])[] = [
  ['secret', 'Secrets', 'secret'],
  ['misconfiguration', 'Settings', 'bad setting'],
  ['external', 'What other tools say', 'finding'],
];

/** Secrets, settings and what other tools say, by place, the worst first. */
export function placedSections({ placed = [], target }: Evidence): Section[] {
  const counting = placed
    .filter(({ answered }) => answered === undefined)
    .sort((a, b) => compareSeverity(a.severity, b.severity));
  return headings.map(([kind, title, noun]) => {
    const those = counting.filter((finding) => finding.kind === kind);
    return {
      title: `${title}: ${count(those.length, noun)}`,
      columns: ['severity', 'what', 'where', 'how to end it'],
      rows: those.map((finding) => placedRow(finding, target)),
      weight: 3,
    };
  });
}

/** A secret itself is never shown, whatever the user asked for: a comment is read by many. */
function placedRow(
  { severity, id, title, message, place, also = [], fix, secret, tool }: PlacedFinding,
  target: EvidenceTarget,
): string[] {
  const more = also.length === 0 ? '' : ` and ${count(also.length, 'more place')}`;
  const detail = secret
    ? [code(secret.shown), ...secret.notes.map((note) => prose(note))]
    : [prose(messageBeside(message, title))];
  const says = detail.filter((text) => text !== '').join(', ');
  const name = code(tool === undefined ? id : `${id}, ${tool}`);
  return [
    severity,
    [prose(title), says, name].filter((text) => text !== '').join(' · '),
    prose(placeText(place, target)) + more,
    prose(fix),
  ];
}

/** What a message says beside the title before it. */
function messageBeside(message: string, title: string): string {
  if (message === title) return '';
  return message.startsWith(`${title}: `) ? message.slice(title.length + 2) : message;
}
