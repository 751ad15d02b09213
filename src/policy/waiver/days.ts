import { dayMs, daysInMonth, dayText } from '../../util/day.ts';
import { SluiceError } from '../../util/error.ts';

/** Whole days from one day to another, both `YYYY-MM-DD`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

/** The day so many days after another. */
export function dayAfter(day: string, days: number): string {
  return dayText(new Date(Date.parse(day) + days * dayMs));
}

/** The day up to which a waiver may hold at most: two years from today. */
export function latestExpiry(today: string): string {
  const [year, month, day] = today.split('-').map(Number) as [number, number, number];
  return nearestDay(year + 2, month, day);
}

/**
 * Reads a day of the Gregorian calendar (RFC 3339, full-date).
 * @throws SluiceError `waivers/date`, with the nearest real day
 */
export function parseDay(text: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) {
    const shown = JSON.stringify(text.slice(0, 40));
    throw new SluiceError('waivers/date', `${shown} is no day`, dayHint(text));
  }
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const nearest = nearestDay(year, month, day);
  if (nearest === text) return text;
  throw new SluiceError('waivers/date', `there is no ${text}`, `the nearest day is ${nearest}`);
}

/** Of days that are written in another way, the right one where it can be told. */
function dayHint(text: string): string {
  const time = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[T ].{0,40})?$/.exec(text);
  if (!time) return 'write YYYY-MM-DD, as in 2026-12-31';
  const [year, month, day] = time.slice(1).map(Number) as [number, number, number];
  return `write ${nearestDay(year, month, day)}`;
}

function nearestDay(year: number, month: number, day: number): string {
  const inYear = Math.min(12, Math.max(1, month));
  const days = daysInMonth(year, inYear);
  const pad = (value: number, length: number): string => String(value).padStart(length, '0');
  return `${pad(year, 4)}-${pad(inYear, 2)}-${pad(Math.min(days, Math.max(1, day)), 2)}`;
}
