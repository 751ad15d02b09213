import type { WaiverUse } from '../../model/verdict.ts';
import { someOf } from '../../util/some-of.ts';
import type { Waiver } from './contract.ts';
import { daysBetween } from './days.ts';
import { forOtherImages, nothingToAnswer } from './other-images.ts';

/** Most texts of one kind that a line names. */
const named = 3;

/** What happened to one waiver so far. */
export interface Tally {
  readonly waiver: Waiver;
  /** `in-force`, or why it answers nothing. */
  readonly standing: 'in-force' | 'elsewhere' | 'expired' | 'not-yet' | 'ended';
  /** How many it answers. */
  answers: number;
  /** How many it would answer if it held. */
  wouldAnswer: number;
  /** How many others had answered already. */
  shadowed: number;
  /** Who had: places of waivers, or `VEX`. */
  readonly shadowedBy: Set<string>;
  /** How many an event has taken away from it. */
  ended: number;
  /** The first of these events, in words. */
  endedBy: string | undefined;
}

/** A tally of nothing yet. */
export function tallyOf(waiver: Waiver, standing: Tally['standing'], endedBy?: string): Tally {
  return { waiver, standing, answers: 0, wouldAnswer: 0, shadowed: 0, shadowedBy: new Set(), ended: 0, endedBy };
}

/** What a report says of a waiver. */
export function useOf(tally: Tally, today: string, soonDays: number): WaiverUse {
  const { waiver, answers, standing } = tally;
  const { place, reason, owner, ticket, expires } = waiver;
  const note = noteOf(tally);
  return {
    place,
    about: aboutOf(waiver),
    reason,
    owner,
    ...(ticket === undefined ? {} : { ticket }),
    expires,
    state: stateOf(tally),
    answers,
    soon: standing === 'in-force' && daysBetween(today, expires) <= soonDays,
    ...(note === undefined ? {} : { note }),
  };
}

function stateOf({ standing, answers, ended, shadowed }: Tally): WaiverUse['state'] {
  if (standing === 'elsewhere') return 'unused';
  if (standing !== 'in-force') return standing;
  if (answers > 0) return 'matched';
  if (ended > 0) return 'ended';
  return shadowed > 0 ? 'shadowed' : 'unused';
}

/** One sentence's rest behind the waiver's place and what it is about. */
function noteOf(tally: Tally): string | undefined {
  const { waiver, standing, wouldAnswer, ended, endedBy, answers, shadowed, shadowedBy } = tally;
  const counted = many(wouldAnswer, waiver);
  if (standing === 'elsewhere') return forOtherImages;
  if (standing === 'expired') {
    return wouldAnswer === 0
      ? `its last day was ${waiver.expires}, and there is nothing that it would answer: remove it`
      : `its last day was ${waiver.expires}, so that ${counted} ${counts(wouldAnswer)} again: end the cause, or renew it with a reason why`;
  }
  if (standing === 'not-yet')
    return `it holds from ${waiver.from} on${wouldAnswer === 0 ? '' : `; until then ${counted} ${counts(wouldAnswer)}`}`;
  if (standing === 'ended')
    return `${endedBy}${wouldAnswer === 0 ? ': remove it' : `, so that ${counted} ${counts(wouldAnswer)} again`}`;
  if (ended > 0)
    return `${endedBy}, so that ${answers > 0 ? `${ended} more` : many(ended, waiver)} ${counts(ended)} again`;
  if (answers === 0 && shadowed > 0)
    return `all is answered already by ${someOf([...shadowedBy].sort(), named)}: remove it`;
  return answers === 0 ? nothingToAnswer : undefined;
}

/** What rules fire on is no finding. */
function many(count: number, { rules }: Waiver): string {
  const noun = rules.length > 0 ? 'case' : 'finding';
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function counts(count: number): string {
  return count === 1 ? 'counts' : 'count';
}

/** `CVE-2026-1 in pkg:deb/debian/openssl below /usr/lib/** of shop/*`. */
function aboutOf({
  ids,
  packages,
  paths,
  rules,
  images,
}: Pick<Waiver, 'ids' | 'packages' | 'paths' | 'rules' | 'images'>): string {
  const part = (word: string, texts: readonly string[]): string[] =>
    texts.length === 0 ? [] : [word + someOf(texts, named)];
  const parts = [
    ...part('', ids),
    ...part(ids.length === 0 ? '' : 'in ', packages),
    ...part('at ', paths),
    ...part('for rule ', rules),
    ...part('of image ', images),
  ];
  return parts.join(' ');
}

/** What a finding says that a waiver answers. */
export function becauseOf({ expires, owner, reason, place, ticket }: Waiver): string {
  return `waived until ${expires} by ${owner}${ticket === undefined ? '' : ` (${ticket})`}: ${reason} [${place}]`;
}

/** How a waiver stands on a day: whether it holds, is over, or is yet to come. */
export function standingOn(
  { from, expires }: Pick<Waiver, 'from' | 'expires'>,
  today: string,
): 'in-force' | 'expired' | 'not-yet' {
  if (today > expires) return 'expired';
  return from !== undefined && today < from ? 'not-yet' : 'in-force';
}
