import type { Explanation } from '../../match/explain/contract.ts';
import { harmless } from '../../util/harmless.ts';
import { hanging } from '../table/hanging.ts';
import { painter, type Role } from '../table/style.ts';
import { targetTexts } from '../text-target.ts';
import { wrap } from '../text-width.ts';
import { dataLines } from './data-lines.ts';
import { flawLines } from './flaw-lines.ts';
import { type ExplainLayout, field, type Layout } from './layout.ts';
import { groupStories } from './package-groups.ts';
import { packageLines, unappliedText } from './package-lines.ts';
import { placedStoryLines } from './placed-lines.ts';

/** Fewest and most columns that are laid out for. */
const narrowest = 60;
const widest = 120;

/** Most stories of packages that are told; the most urgent come first. */
const storiesShown = 40;

const verdicts: Record<Explanation['outcome'], { readonly word: string; readonly role: Role }> = {
  affected: { word: 'AFFECTED', role: 'stop' },
  undecided: { word: 'UNDECIDED', role: 'undecided' },
  answered: { word: 'ANSWERED', role: 'pass' },
  'not-judged': { word: 'NOT JUDGED', role: 'warn' },
  'not-affected': { word: 'NOT AFFECTED', role: 'pass' },
  'no-record': { word: 'NOT CONCERNED', role: 'pass' },
  'no-data': { word: 'UNKNOWN', role: 'undecided' },
};

const notFound = { word: 'NOT FOUND', role: 'undecided' } as const;

/** An explanation for people: the flaw, then every package whose records speak of it, then one line that stands for all. */
export function explainTable(explanation: Explanation, { name, colour, width }: ExplainLayout): string {
  const paint = painter(colour);
  const layout: Layout = { width: Math.min(widest, Math.max(narrowest, Math.floor(width) || narrowest)), paint };
  const { flaw, packages, placed, vex, target, outcome, says } = explanation;
  const groups = groupStories(packages);
  const more = groups.length - storiesShown;
  const data = dataLines(explanation, layout);
  const { word, role } = isHidden(explanation) ? notFound : placed?.length ? inPlaces(outcome) : verdicts[outcome];
  const lines = [
    ...headingLines(explanation, name, layout),
    ...(flaw ? [...flawLines(flaw, layout), ''] : []),
    ...groups.slice(0, storiesShown).flatMap((group) => packageLines(group, target.layers.length > 0, layout)),
    ...(more > 0 ? [paint('aside', `and ${more} more: -o json tells all`), ''] : []),
    ...(placed ?? []).slice(0, storiesShown).flatMap((story) => placedStoryLines(story, target, layout)),
    ...(placed && placed.length > storiesShown
      ? [paint('aside', `and ${placed.length - storiesShown} more: -o json tells all`), '']
      : []),
    ...field('VEX', vex.map(unappliedText), layout),
    ...(data.length > 0 ? [...data, ''] : placed?.length ? [] : ['']),
    ...hanging(`${paint(role, word)}  `, word.length + 2, harmless(says), layout.width),
  ];
  return `${lines.join('\n')}\n`;
}

/** Nothing was found, and not all could be seen: no reason to be at ease. */
function isHidden({ outcome, blinding, sources }: Explanation): boolean {
  if (outcome !== 'not-affected' && outcome !== 'no-record') return false;
  return blinding.length > 0 || sources.some(({ origin }) => origin === 'none' || origin === 'starter');
}

/** What is found in a place affects nothing by itself: it is there. */
function inPlaces(outcome: Explanation['outcome']): { readonly word: string; readonly role: Role } {
  return outcome === 'answered' ? verdicts.answered : { word: 'FOUND', role: 'stop' };
}

function headingLines({ flaw, asked, target }: Explanation, name: string, { width, paint }: Layout): string[] {
  const title = flaw?.title ?? '';
  const flawName = harmless(flaw?.id ?? asked);
  const [first = '', ...more] = wrap([`${flawName} in ${harmless(name)}`, ...targetTexts(target)].join(' · '), width);
  return [
    first.startsWith(flawName) ? paint('name', flawName) + first.slice(flawName.length) : first,
    ...more,
    ...(title === '' ? [] : wrap(harmless(title), width)),
    '',
  ];
}
