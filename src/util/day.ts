/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/** The day of a time, in UTC: `YYYY-MM-DD`. */
export function dayText(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** How many days a month from 1 to 12 has (Gregorian calendar). */
export function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && !leap ? 28 : new Date(Date.UTC(2000, month, 0)).getUTCDate();
}
