import type { Evidence } from '../../model/evidence.ts';
import { counts } from '../../model/finding.ts';
import type { PlacedKind } from '../../model/placed-finding.ts';
import { type Severity, severities } from '../../model/severity.ts';
import type { Decision, Verdict } from '../../model/verdict.ts';
import type { PackageGroup } from '../table/groups.ts';
import { painter } from '../table/style.ts';
import { summaryLine } from '../table/summary.ts';
import { listed } from '../text-fix.ts';
import { targetTexts } from '../text-target.ts';
import { code, prose } from './escape.ts';
import { isOfBase, packagesText } from './findings.ts';
import { rowText } from './section.ts';

/** Most lines on what to do. */
const stepsShown = 5;
/** Most of them that are the gate's own; the others are updates. */
const actionsShown = 2;
/** Most characters of the sentence that says why. */
const longestWhy = 240;

const verdictWords: Record<Decision, string> = {
  stop: 'Stopped',
  undecided: 'Undecided',
  warn: 'Passed with warnings',
  pass: 'Passed',
};

/** What is read without unfolding: the verdict and why, what it is of, what to do first, and how much was found. */
export function headText(evidence: Evidence, verdict: Verdict, groups: readonly PackageGroup[], name: string): string {
  const { decision } = verdict;
  const blocks = [
    `### ${verdictWords[decision]}: ${whyText(evidence, verdict)}\n`,
    `${targetParts(evidence, name).join(' · ')}\n`,
    ...(decision === 'undecided' ? ['Undecided is no pass: what could not be seen may hide something.\n'] : []),
    ...stepsBlock(verdict, groups),
    ...countBlock(evidence, verdict),
  ];
  return `${blocks.join('\n')}\n`;
}

/** What was looked into: by name, content, platform and distribution. */
function targetParts({ target }: Evidence, name: string): string[] {
  return [code(name), ...targetTexts(target).map((text) => prose(text))].filter((text) => text !== '');
}

/** The first reason for the decision; a pass has none, and is told by what was found in how much. */
function whyText(evidence: Evidence, verdict: Verdict): string {
  const reasons = verdict.reasons.filter(({ decision }) => decision === verdict.decision);
  const [first] = reasons;
  if (!first) return prose(summaryWords(evidence, verdict), longestWhy);
  const more = reasons.length - 1;
  return (
    prose(first.message, longestWhy) + (more > 0 ? ` (and ${more} more ${more === 1 ? 'reason' : 'reasons'})` : '')
  );
}

/** The table's last line without the decision before it. */
function summaryWords(evidence: Evidence, verdict: Verdict): string {
  return summaryLine(evidence, verdict, painter(false)).slice(verdict.decision.length).trimStart();
}

/** What the gate asks for, and the updates that end most. */
function stepsBlock({ decision, reasons }: Verdict, groups: readonly PackageGroup[]): string[] {
  const actions = reasons
    .filter((reason) => reason.decision === decision && !reason.rule.startsWith('vulnerability/'))
    .flatMap(({ action }) => (action === undefined || isUpdate(action) ? [] : [prose(action, longestWhy)]));
  const asked = [...new Set(actions)].filter((text) => text !== '').slice(0, actionsShown);
  const updates = groups.filter((group) => group.judged && group.fix).map(updateText);
  const shown = updates.slice(0, stepsShown - asked.length);
  const more = updates.length - shown.length;
  const lines = [...asked, ...shown].map((text) => `- ${text}\n`);
  if (lines.length === 0) return [];
  const rest = more > 0 ? `and ${more} more ${more === 1 ? 'update' : 'updates'} below\n` : '';
  return ['**What to do first**\n', lines.join(''), ...(rest === '' ? [] : [rest])];
}

/** Whether an action says to begin with an update, all of which are listed. */
function isUpdate(action: string): boolean {
  return action.startsWith('begin with ') && action.includes(': update to ');
}

/** ``update `lodash 4.17.4` to `4.17.21`: fixes all 3 (1 critical and 2 high)``. */
function updateText(group: PackageGroup): string {
  const { findings, fix } = group;
  const number = findings.length;
  const all = number === 1 ? 'its only finding' : number === 2 ? 'both' : `all ${number}`;
  const fixed = fix?.clears === number ? all : `${fix?.clears} of ${number}`;
  const bySeverity = severities.flatMap((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length;
    return n === 0 ? [] : [number === 1 ? severity : `${n} ${severity}`];
  });
  const whose = isOfBase(group) ? ', of the base image' : '';
  return `update ${packagesText(group)} to ${code(fix?.version ?? '', 80)}: fixes ${fixed} (${listed(bySeverity, 'and')})${whose}`;
}

/** Of one sort: how many of each severity. */
interface Count {
  readonly of: string;
  readonly bySeverity: ReadonlyMap<Severity, number>;
}

/** What counts, by where it is from and what it is; nothing of what there is none of. */
function found({ findings, judged, placed = [], target }: Evidence): Count[] {
  const counting = findings.filter((finding) => counts(finding, judged));
  const from = (whose: 'base' | 'own'): Severity[] =>
    counting.filter((finding) => finding.from === whose).map(({ severity }) => severity);
  const of = (kind: PlacedKind): Severity[] =>
    placed.filter((one) => one.kind === kind && one.answered === undefined).map(({ severity }) => severity);
  const sorts: readonly (readonly [string, readonly Severity[]])[] = [
    [target.base ? 'packages of the own layers' : 'packages', from('own')],
    ['packages of the base image', from('base')],
    ['secrets', of('secret')],
    ['settings', of('misconfiguration')],
    ['other tools', of('external')],
  ];
  return sorts.flatMap(([name, those]) => {
    if (those.length === 0) return [];
    const bySeverity = new Map<Severity, number>();
    for (const severity of those) bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
    return [{ of: name, bySeverity }];
  });
}

/** Counts by severity; where there are none, the sentence that says so, unless the verdict has said it. */
function countBlock(evidence: Evidence, verdict: Verdict): string[] {
  const all = found(evidence);
  if (all.length === 0) {
    const said = !verdict.reasons.some(({ decision }) => decision === verdict.decision);
    return said ? [] : [`${prose(summaryWords(evidence, verdict))}\n`];
  }
  const shown = severities.filter((severity) => all.some(({ bySeverity }) => bySeverity.has(severity)));
  const rows = all.map(({ of, bySeverity }) => [of, ...shown.map((severity) => String(bySeverity.get(severity) ?? 0))]);
  const rule = ['---', ...shown.map(() => '---:')];
  return [[['found', ...shown], rule, ...rows].map(rowText).join('')];
}
