import { nearest } from '../../util/nearest.ts';
import type { DataAge } from '../policy.ts';
import { sourceNames } from '../source-names.ts';

/** What is wrong with a text, and the correction. */
export interface Refusal {
  readonly wrong: string;
  readonly hint?: string;
}

/** Reads `WARN:UNDECIDED`, each `12h`, `3d` or `never`. */
export function parseAge(text: string): DataAge | Refusal {
  const [warn, undecided, ...more] = text.split(':').map(hoursOf);
  if (warn === undefined || undecided === undefined || more.length > 0) {
    return { wrong: `takes WARN:UNDECIDED, not ${text}`, hint: 'such as 48h:120h, 12h:2d or 3d:never' };
  }
  return warn > undecided ? { wrong: `${text}: it would be undecided before it warns` } : { warn, undecided };
}

/** `12h`, `3d`, `never` in hours; undefined when it is none of them. */
function hoursOf(text: string): number | undefined {
  if (text === 'never') return Number.POSITIVE_INFINITY;
  const match = /^(\d{1,5})([hd])$/.exec(text);
  return match ? Number(match[1]) * (match[2] === 'd' ? 24 : 1) : undefined;
}

/** The source of data as reports name it, in whatever case it was typed. */
export function parseSource(text: string): string | Refusal {
  const name = text.trim();
  const known = new Map(sourceNames.map((one) => [one.toLowerCase(), one]));
  const found = known.get(name.toLowerCase());
  if (found !== undefined) return found;
  const close = known.get(nearest(name.toLowerCase(), [...known.keys()]) ?? '');
  const hint = close ? `did you mean ${close}?` : `such as ${['Debian', 'npm', 'KEV', 'EPSS'].join(', ')}`;
  return { wrong: `there is no source of data ${name}`, hint };
}
