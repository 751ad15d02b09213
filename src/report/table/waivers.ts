import type { Verdict, WaiverUse } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import { someOf } from '../../util/some-of.ts';
import { count } from '../text-fix.ts';
import { isElsewhere, waiverText } from '../text-waiver.ts';
import { hanging } from './hanging.ts';
import type { Paint, Role } from './style.ts';

/** Columns before a waiver's text. */
const indent = 13;
/** Most waivers of one sort that are listed. */
const mostShown = 20;

/** Most waivers that have nothing to do that are named. */
const mostUnused = 5;

/** A sort of waivers, the most urgent first. */
interface Sort {
  readonly mark: string;
  readonly role: Role;
  holds(use: WaiverUse): boolean;
}

const sorts: readonly Sort[] = [
  { mark: 'expired', role: 'warn', holds: ({ state }) => state === 'expired' },
  { mark: 'ended', role: 'warn', holds: ({ state }) => state === 'ended' },
  { mark: 'ends soon', role: 'warn', holds: ({ state, soon }) => state === 'matched' && soon },
  { mark: 'waived', role: 'track', holds: ({ state, soon }) => state === 'matched' && !soon },
  { mark: 'not yet', role: 'aside', holds: ({ state }) => state === 'not-yet' },
  { mark: 'shadowed', role: 'aside', holds: ({ state }) => state === 'shadowed' },
];

/** What became of each waiver: what is suppressed must be seen, and what suppresses nothing any more as well. */
export function waiverLines({ waivers = [] }: Verdict, width: number, paint: Paint): string[] {
  if (waivers.length === 0) return [];
  const lines = sorts.flatMap((sort) => sortLines(sort, waivers.filter(sort.holds), width, paint));
  lines.push(...unusedLines(waivers, width, paint));
  const others = waivers.filter(isElsewhere).length;
  if (others > 0) {
    const text = others === waivers.length ? `all ${others} are for other images` : `${others} for other images`;
    lines.push(paint('aside', `  ${text}`));
  }
  return ['Waivers', ...lines, ''];
}

function sortLines({ mark, role }: Sort, uses: readonly WaiverUse[], width: number, paint: Paint): string[] {
  const lead = `  ${paint(role, mark)}${' '.repeat(9 - mark.length)}  `;
  const lines = uses.slice(0, mostShown).flatMap((use) => hanging(lead, indent, harmless(waiverText(use)), width));
  const more = uses.length - mostShown;
  return more > 0 ? [...lines, lead + paint('aside', `and ${count(more, 'other')}: -o json shows all`)] : lines;
}

/** Those that have nothing to do say all the same: one line is enough for them. */
function unusedLines(waivers: readonly WaiverUse[], width: number, paint: Paint): string[] {
  const unused = waivers.filter((use) => use.state === 'unused' && !isElsewhere(use));
  if (unused.length === 0) return [];
  const named = someOf(
    unused.map(({ about, place }) => `${about} [${place}]`),
    mostUnused,
  );
  const lead = `  ${paint('aside', 'unused')}     `;
  return hanging(lead, indent, harmless(`nothing in this image is what they answer: ${named}`), width);
}
