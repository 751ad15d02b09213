/** A time (RFC 3339) to the minute, in UTC, for people; the first of its characters as they are where it is none. */
export function minuteText(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time.slice(0, 40) : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
