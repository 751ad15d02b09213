import { compareText } from '../../util/compare-text.ts';

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,30}))?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * A time of a document in one form, RFC 3339 in UTC with as many digits of a second as were written: two times that
 * differ as texts but not in truth become one. Undefined when it is no time.
 */
export function momentOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, date, time, digits, zone] = rfc3339.exec(value.slice(0, 100)) ?? [];
  if (date === undefined) return undefined;
  const instant = Date.parse(`${date}T${time}${zone?.toUpperCase()}`);
  if (Number.isNaN(instant)) return undefined;
  const utc = new Date(instant).toISOString();
  // Years of more digits than four, which an offset can lead to, would not sort.
  if (utc.length !== 24) return undefined;
  const fraction = (digits ?? '').replace(/0+$/, '');
  return `${utc.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Orders two times that {@link momentOf} wrote, the newest first; one that is not told is older than any other. */
export function compareMoments(a: string, b: string): number {
  if (a === '' || b === '') return (a === '' ? 1 : 0) - (b === '' ? 1 : 0);
  // A `Z` sorts behind a digit and a full stop before one, so that the seconds without a fraction come first.
  return compareText(b.replace(/Z$/, ''), a.replace(/Z$/, ''));
}

/** The newest of several times, of which some may not be told. */
export function newestOf(...values: readonly unknown[]): string | undefined {
  let newest: string | undefined;
  for (const value of values) {
    const moment = momentOf(value);
    if (moment !== undefined && (newest === undefined || compareMoments(moment, newest) < 0)) newest = moment;
  }
  return newest;
}
