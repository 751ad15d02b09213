import { dayText } from '../../../util/day.ts';
import { dayAfter, parseDay } from '../days.ts';

/**
 * The last whole day before a moment at which an entry ends, in UTC: other tools hold an entry over from the first
 * second of the day that it names. Undefined when the text is no day or time (RFC 3339).
 */
export function lastDayBefore(text: string): string | undefined {
  const time = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?)?$/i.exec(text.trim());
  if (!time) return undefined;
  try {
    parseDay(time[1] as string);
  } catch {
    return undefined;
  }
  const zoned = /(?:Z|[+-]\d{2}:\d{2})$/i.test(text.trim()) || time[0].length === 10 ? text.trim() : `${text.trim()}Z`;
  const at = new Date(zoned.replace(' ', 'T').toUpperCase());
  return Number.isNaN(at.getTime()) ? undefined : dayAfter(dayText(at), -1);
}
