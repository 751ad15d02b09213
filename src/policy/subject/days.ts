import { dayMs, dayText } from '../../util/day.ts';

/** Days since 1970-01-01 (UTC) of a time (RFC 3339) or day (`YYYY-MM-DD`); undefined when the text is none. */
export function dayOf(time: string): number | undefined {
  const ms = time === '' ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / dayMs);
}

/** The day (`YYYY-MM-DD`, UTC) so many days after 1970-01-01. */
export function calendarDay(day: number): string {
  return dayText(new Date(day * dayMs));
}

/** Whole days from a time to today, by the calendar in UTC; 0 when it lies ahead, -1 when it is not known. */
export function daysSince(time: string | undefined, today: number): number {
  const day = time === undefined ? undefined : dayOf(time);
  return day === undefined ? -1 : Math.max(0, today - day);
}

/** Whether a time (RFC 3339) lies on a day that is over; what is no time never ends. */
export function hasExpired(time: string | undefined, today: number): boolean {
  const day = time === undefined ? undefined : dayOf(time);
  return day !== undefined && day < today;
}
