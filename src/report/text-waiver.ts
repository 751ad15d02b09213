import type { WaiverUse } from '../model/verdict.ts';
import { forOtherImages } from '../policy/waiver/other-images.ts';

/** What became of a waiver, in one line with its place; why the rest of it counts stands in its note. */
export function waiverText({ about, state, answers, expires, owner, ticket, reason, note, place }: WaiverUse): string {
  if (state !== 'matched') return `${about}: ${note ?? 'it answers nothing'} [${place}]`;
  const who = ticket === undefined ? owner : `${owner}, ${ticket}`;
  const rest = note === undefined ? '' : `; ${note}`;
  return `${about}: ${answers} answered, until ${expires} (${who}): ${reason}${rest} [${place}]`;
}

/** Whether a waiver is over other images alone. */
export function isElsewhere({ note }: WaiverUse): boolean {
  return note === forOtherImages;
}
