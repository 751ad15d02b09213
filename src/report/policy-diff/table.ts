import { compareText } from '../../util/compare-text.ts';
import { harmless } from '../../util/harmless.ts';
import { hanging } from '../table/hanging.ts';
import type { ShownPolicyDiff } from './json.ts';

type ShownReport = ShownPolicyDiff['reports'][number];

/** What can become of an image, in words, in the order in which they are shown. */
const headings: readonly (readonly [ShownReport['becomes'], string])[] = [
  ['stops', 'would newly stop'],
  ['undecided', 'would be newly undecided'],
  ['passes', 'would newly pass'],
  ['else', 'would have other reasons'],
];

/**
 * The difference for people, in so many columns: images that newly stop first, each with the rules that do it; then how
 * many images each rule changes, and a line for all.
 */
export function policyDiffTable(diff: ShownPolicyDiff, columns: number): string {
  const { reports, others, failures } = diff;
  const blocks = headings.flatMap(([becomes, heading]) => {
    const found = reports.filter((report) => report.becomes === becomes);
    return found.length === 0 ? [] : [`${count(found.length)} ${heading}:`, ...found.flatMap(reportLines), ''];
  });
  const unread = failures.map(({ report, message }) =>
    message.startsWith(report) ? message : `${report}: ${message}`,
  );
  const lines = [
    ...blocks,
    ...ruleLines(reports),
    ...(unread.length > 0
      ? [`${count(unread.length)} could not be read:`, ...unread.map((line) => `  ${line}`), '']
      : []),
    summary(reports, others),
  ];
  return lines.flatMap((line) => laidOut(harmless(line), columns)).join('');
}

/** What does not fit goes on below, further in than it began. */
function laidOut(line: string, columns: number): string[] {
  const text = line.trimStart();
  const indent = line.length - text.length;
  return hanging(' '.repeat(indent), indent + 4, text, columns).map((part) => `${part}\n`);
}

/** Of how many images each rule says what else: which rule to look at first. */
function ruleLines(reports: readonly ShownReport[]): string[] {
  const counts = new Map<string, number>();
  for (const { rule, before, after } of reports.flatMap(({ rules }) => rules)) {
    const change = `${rule}: ${before} → ${after}`;
    counts.set(change, (counts.get(change) ?? 0) + 1);
  }
  if (reports.filter(({ rules }) => rules.length > 0).length < 2) return [];
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || compareText(a, b));
  return ['By rule:', ...sorted.map(([change, reports]) => `  ${change} in ${count(reports)}`), ''];
}

function reportLines({ report, before, after, rules }: ShownReport): string[] {
  const verdict = before === after ? after : `${before} → ${after}`;
  return [
    `  ${report}: ${verdict}`,
    ...rules.map(({ rule, before, after, message }) => `      ${rule}: ${before} → ${after}: ${message}`),
  ];
}

function summary(reports: readonly ShownReport[], others: number): string {
  const of = (becomes: ShownReport['becomes']): number => reports.filter((report) => report.becomes === becomes).length;
  const told = headings.map(([becomes, heading]) => `${of(becomes)} ${heading}`).join(', ');
  const left = others > 0 ? `; ${others} other JSON ${others === 1 ? 'file' : 'files'} left out` : '';
  return `${count(reports.length)}: ${told}, ${of('same')} the same${left}`;
}

function count(reports: number): string {
  return `${reports} ${reports === 1 ? 'report' : 'reports'}`;
}
