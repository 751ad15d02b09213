import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { Place, PlacedFinding, PlacedKind } from '../../model/placed-finding.ts';
import { compareSeverity } from '../../model/severity.ts';
import { harmless } from '../../util/harmless.ts';
import { count } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { hanging } from './hanging.ts';
import type { Paint } from './style.ts';

/** Most places of one rule that are told; the JSON report has all. */
const placesShown = 6;
/** Most reasons for which something does not count that are told. */
const reasonsShown = 4;
/** Columns before what is said of a rule: two, the longest severity, two. */
const indent = 12;
/** Ids that are one word, so that a link around them stays on one line. */
const linkable = /^[\x21-\x7e]{1,80}$/;

/** Columns of the word before a sentence: `why`, `fix`. */
const wordColumns = 5;

const headings: readonly (readonly [PlacedKind, string])[] = [
  ['secret', 'Secrets'],
  ['misconfiguration', 'Configuration'],
  ['external', 'Other tools'],
];

/** What was found in places: by rule, the worst first, with why it matters and how to end it. */
export function placedLines({ placed = [], target }: Evidence, width: number, paint: Paint): string[] {
  return headings.flatMap(([kind, heading]) => {
    const all = placed.filter((finding) => finding.kind === kind);
    if (all.length === 0) return [];
    const groups = byRule(all.filter(({ answered }) => answered === undefined));
    const lines = groups.flatMap((group) => groupLines(group, target, width, paint));
    return [paint('name', heading), ...lines, ...answeredLines(all, width, paint), ''];
  });
}

/** How many do not count, and why; one by one they stand in the JSON report. */
function answeredLines(findings: readonly PlacedFinding[], width: number, paint: Paint): string[] {
  const reasons = new Map<string, number>();
  for (const { answered } of findings) {
    if (answered) reasons.set(answered.because, (reasons.get(answered.because) ?? 0) + 1);
  }
  const all = [...reasons.values()].reduce((sum, n) => sum + n, 0);
  if (all === 0) return [];
  const shown = [...reasons].sort(([, a], [, b]) => b - a).slice(0, reasonsShown);
  const more = reasons.size - shown.length;
  const texts = [...shown.map(([because, n]) => `${because} (${n})`), ...(more > 0 ? [`${more} other reasons`] : [])];
  const text = harmless(`${all} ${all === 1 ? 'does' : 'do'} not count: ${texts.join('; ')}`);
  return hanging('  ', 2, text, width).map((line) => paint('aside', line));
}

/** Findings of one rule and severity, the worst rule first. */
function byRule(findings: readonly PlacedFinding[]): PlacedFinding[][] {
  const groups = new Map<string, PlacedFinding[]>();
  for (const finding of findings) {
    const key = `${finding.id}\0${finding.severity}\0${finding.tool ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  // The order of the evidence decides between rules that are as bad: sorting is stable.
  return [...groups.values()].sort(([a], [b]) =>
    compareSeverity((a as PlacedFinding).severity, (b as PlacedFinding).severity),
  );
}

function groupLines(group: readonly PlacedFinding[], target: EvidenceTarget, width: number, paint: Paint): string[] {
  const { severity, title, id, tool, why, fix, links } = group[0] as PlacedFinding;
  const mark = `  ${paint(severity, severity)}${' '.repeat(Math.max(1, indent - 2 - severity.length))}`;
  const linked = linkable.test(id) ? paint.link(id, links[0]) : harmless(id);
  const name = tool === undefined ? linked : `${linked}, ${harmless(tool)}`;
  const places = group.flatMap((finding) => [
    { finding, place: finding.place },
    ...(finding.also ?? []).map((place) => ({ finding, place })),
  ]);
  const more = places.length - placesShown;
  const sentence = (word: string, text: string): string[] =>
    text === ''
      ? []
      : hanging(
          ' '.repeat(indent) + paint('aside', word.padEnd(wordColumns)),
          indent + wordColumns,
          harmless(text),
          width,
        );
  return [
    ...hanging(mark, indent, `${paint('name', harmless(title))} ${paint('aside', `[${name}]`)}`, width),
    ...places.slice(0, placesShown).flatMap(({ finding, place }) => placeLines(finding, place, target, width)),
    ...(more > 0 ? [' '.repeat(indent) + paint('aside', `and ${count(more, 'more place')}: -o json shows all`)] : []),
    ...sentence('why', why),
    ...sentence('fix', fix),
  ];
}

/** Where it is, and what of it may be shown. */
function placeLines(finding: PlacedFinding, place: Place, target: EvidenceTarget, width: number): string[] {
  const where = placeText(place, target);
  const what = finding.secret ? secretText(finding.secret) : messageBeside(finding, place);
  const text = what === '' ? where : `${where}  ${what}`;
  return hanging(' '.repeat(indent), indent + 2, harmless(text), width);
}

/** What the message says beside the title above and the place before it. */
function messageBeside({ message, title }: PlacedFinding, { path }: Place): string {
  if (message === title) return '';
  for (const told of [`${title}: `, `${path} `]) if (message.startsWith(told)) return message.slice(told.length);
  return message;
}

function secretText({ shown, notes, expires, value }: NonNullable<PlacedFinding['secret']>): string {
  const ends = expires === undefined ? [] : [`ends ${expires.slice(0, 10)}`];
  return [value ?? shown, ...notes, ...ends].join(', ');
}

/** `3 secrets, 5 bad settings`: what counts of each kind; nothing where there is none. */
export function placedCounts({ placed = [] }: Pick<Evidence, 'placed'>): string[] {
  const of = (kind: PlacedKind): number =>
    placed.filter((finding) => finding.kind === kind && finding.answered === undefined).length;
  return [
    [of('secret'), 'secret'] as const,
    [of('misconfiguration'), 'bad setting'] as const,
    [of('external'), 'finding of other tools', 'findings of other tools'] as const,
  ].flatMap(([n, noun, plural]) => (n === 0 ? [] : [count(n, noun, plural)]));
}
