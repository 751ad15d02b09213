import { daysInMonth } from '../../util/day.ts';
import type { Faults } from './fault.ts';
import { shown, textIn } from './shape.ts';
import type { Value } from './value.ts';

const monthNames = 'January February March April May June July August September October November December'.split(' ');

/** A day that exists, as `YYYY-MM-DD` (ISO 8601). */
export function dayIn(value: Value, what: string, faults: Faults): string | undefined {
  // `20260131` is a number, and no day in quotes either.
  const text = value.kind === 'plain' && value.value !== null ? value.source : textIn(value, what, faults);
  if (text === undefined) return undefined;
  const wrong = wrongDay(text);
  if (wrong === undefined) return text;
  faults.add(value.place, `${what}: ${wrong.wrong}`, wrong.hint);
  return undefined;
}

/** What is wrong with a day; undefined when it is one. */
export function wrongDay(text: string): { readonly wrong: string; readonly hint: string } | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return { wrong: `${shown(text)} is no day`, hint: 'a day is written as 2026-01-31' };
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12) return { wrong: `${text} is no day`, hint: 'months are 01 to 12' };
  const days = daysInMonth(year, month);
  if (day >= 1 && day <= days) return undefined;
  return { wrong: `there is no ${text}`, hint: `${monthNames[month - 1]} ${year} has ${days} days` };
}
