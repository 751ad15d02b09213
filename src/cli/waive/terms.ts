import type { WaiverEnd } from '../../policy/waiver/contract.ts';
import { dayAfter, latestExpiry, parseDay } from '../../policy/waiver/days.ts';
import { dayText } from '../../util/day.ts';
import { messageOf, SluiceError } from '../../util/error.ts';
import { nearest } from '../../util/nearest.ts';
import type { Flag, Flags } from '../flags.ts';

/** Flags of both ways of making waivers. */
export const termFlags: readonly Flag[] = [
  { name: 'owner', value: 'NAME', doc: 'who answers for it' },
  { name: 'expires', value: 'DATE|90d', doc: 'the last day on which it holds, two years from now at the latest' },
  {
    name: 'image',
    value: 'PATTERN',
    multiple: true,
    doc: "only in these images, such as 'registry.example.com/shop/*'",
  },
  {
    name: 'file',
    value: 'FILE',
    doc: 'the waiver file, by default sluice.waivers.yaml here, above or beside the policy',
  },
];

/** The day of `--expires`: a day, or so many days from today. @throws SluiceError `usage/expires` */
export function expiresOf(given: Flags, now: Date): string | undefined {
  const text = given.text('expires');
  if (text === undefined) return undefined;
  const today = dayText(now);
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  const day = days === undefined ? dayIn(text) : dayAfter(today, Number(days));
  if (day < today) throw new SluiceError('usage/expires', `--expires ${text} is over already`);
  const last = latestExpiry(today);
  if (day <= last) return day;
  throw new SluiceError('usage/expires', `--expires ${text} is more than two years away`, `${last} at the latest`);
}

function dayIn(text: string): string {
  try {
    return parseDay(text);
  } catch (thrown) {
    const hint = thrown instanceof SluiceError ? thrown.hint : undefined;
    throw new SluiceError('usage/expires', `--expires: ${messageOf(thrown)}`, hint);
  }
}

/** A text that must be given. @throws SluiceError `usage/...` */
export function neededText(given: Flags, name: string, hint: string): string {
  const text = given.text(name)?.trim();
  if (text) return text;
  throw new SluiceError(`usage/${name}`, `a waiver needs --${name}`, hint);
}

const events = ['fix', 'exploited', 'epss=', 'base='];

/** The events of `--until`. @throws SluiceError `usage/until` */
export function untilOf(given: Flags): WaiverEnd {
  let until: WaiverEnd = {};
  for (const text of given.list('until')) {
    const epss = /^epss=(0(?:\.\d{1,9})?)$/.exec(text)?.[1];
    const base = /^base=(sha256:[0-9a-f]{64})$/.exec(text)?.[1];
    if (text === 'fix') until = { ...until, fixReleased: true };
    else if (text === 'exploited') until = { ...until, exploited: true };
    else if (epss !== undefined) until = { ...until, epssAbove: Number(epss) };
    else if (base !== undefined) until = { ...until, base };
    else {
      const close = nearest(text, events);
      const hint = close ? `did you mean ${close}?` : 'fix, exploited, epss=0.5 or base=sha256:…';
      throw new SluiceError('usage/until', `--until knows no ${text}`, hint);
    }
  }
  return until;
}
