import type { Verdict, WaiverUse } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import { hanging } from '../table/hanging.ts';
import type { Paint } from '../table/style.ts';
import { count } from '../text-fix.ts';
import { isElsewhere } from '../text-waiver.ts';

/** Most waivers of one sort that are listed. */
const mostShown = 10;
/** Columns before a waiver's text. */
const indent = 13;

/** What a table of many images says of one image's waivers. */
export interface FleetWaivers {
  /** Those that answer something, and those whose time is over. */
  readonly uses: readonly WaiverUse[];
  /** Places of those that have nothing to answer here. */
  readonly idle: readonly string[];
}

/** The waivers of one image's verdict; undefined where there are none. */
export function fleetWaiversOf({ waivers }: Verdict): FleetWaivers | undefined {
  if (waivers === undefined) return undefined;
  return {
    uses: waivers.filter(({ state }) => !idleStates.has(state)),
    idle: waivers.filter((use) => use.state === 'unused' && !isElsewhere(use)).map(({ place }) => place),
  };
}

const idleStates: ReadonlySet<WaiverUse['state']> = new Set(['unused', 'shadowed']);

/** Waivers whose time is over or nearly so, and those that answer nothing in any image that they are for. */
export function fleetWaiverLines(all: readonly (FleetWaivers | undefined)[], width: number, paint: Paint): string[] {
  const given = all.filter((one) => one !== undefined);
  const uses = given.flatMap((one) => one.uses);
  const used = new Set(uses.map(({ place }) => place));
  const idle = [...new Set(given.flatMap((one) => one.idle))].filter((place) => !used.has(place));
  const over = byPlace(uses.filter(({ state }) => state === 'expired' || state === 'ended'));
  const soon = byPlace(uses.filter((use) => use.state === 'matched' && use.soon));
  const lines = [
    ...listed(
      'over',
      'warn',
      over.map(
        ({ use, images }) =>
          `${use.about} (${use.owner}): ${use.state === 'expired' ? `its last day was ${use.expires}` : 'an event has ended it'}${inImages(images)} [${use.place}]`,
      ),
      width,
      paint,
    ),
    ...listed(
      'ends soon',
      'warn',
      soon.map(
        ({ use, images }) => `${use.about} (${use.owner}): until ${use.expires}${inImages(images)} [${use.place}]`,
      ),
      width,
      paint,
    ),
    ...listed(
      'unused',
      'aside',
      idle.map((place) => `there is nothing in any image that it would answer [${place}]`),
      width,
      paint,
    ),
  ];
  return lines.length === 0 ? [] : ['Waivers', ...lines, ''];
}

/** How many findings waivers answer in all images. */
export function waivedIn(all: readonly (FleetWaivers | undefined)[]): number {
  return all.reduce((sum, one) => sum + (one?.uses.reduce((n, { answers }) => n + answers, 0) ?? 0), 0);
}

function byPlace(uses: readonly WaiverUse[]): { readonly use: WaiverUse; images: number }[] {
  const known = new Map<string, { readonly use: WaiverUse; images: number }>();
  for (const use of uses) {
    const one = known.get(use.place);
    if (one) one.images++;
    else known.set(use.place, { use, images: 1 });
  }
  return [...known.values()];
}

function inImages(images: number): string {
  return images === 1 ? '' : `, in ${count(images, 'image')}`;
}

function listed(mark: string, role: 'warn' | 'aside', texts: readonly string[], width: number, paint: Paint): string[] {
  const lead = `  ${paint(role, mark)}${' '.repeat(9 - mark.length)}  `;
  const lines = texts.slice(0, mostShown).flatMap((text) => hanging(lead, indent, harmless(text), width));
  const more = texts.length - mostShown;
  return more > 0 ? [...lines, lead + paint('aside', `and ${count(more, 'other')}`)] : lines;
}
