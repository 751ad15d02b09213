import { EvaluationFailure } from '../contract.ts';
import type { Fault, FunctionGroup } from './contract.ts';

const dayMilliseconds = 86_400_000;

/** Conversions between CEL's types, and dates. */
export const convertFunctions: FunctionGroup = {
  docs: [
    {
      signature: 'int(string): int',
      doc: 'the whole number that a text says',
      example: "int('8080') == 8080",
      native: true,
    },
    {
      signature: 'int(double): int',
      doc: 'without what is behind the point',
      example: 'int(finding.score) == 9',
      native: true,
    },
    { signature: 'int(int): int', doc: 'the same', example: 'int(image.layers) == 3', native: true },
    {
      signature: 'double(int): double',
      doc: 'as a double',
      example: 'double(image.layers) * 0.5 > 10.0',
      native: true,
    },
    {
      signature: 'double(string): double',
      doc: 'the number that a text says',
      example: "double('0.5') < finding.epss",
      native: true,
    },
    { signature: 'double(double): double', doc: 'the same', example: 'double(finding.epss) > 0.1', native: true },
    {
      signature: 'string(int): string',
      doc: 'the number as a text',
      example: 'string(file.uid) == file.user',
      native: true,
    },
    {
      signature: 'string(double): string',
      doc: 'the number as a text',
      example: "string(finding.score) == '9.8'",
      native: true,
    },
    {
      signature: 'string(bool): string',
      doc: '`true` or `false`',
      example: "string(image.root) == 'true'",
      native: true,
    },
    { signature: 'string(string): string', doc: 'the same', example: "string(image.tag) == 'latest'", native: true },
    {
      signature: 'bool(string): bool',
      doc: 'what a text says: `true`, `t`, `1`, `false`, `f`, `0`',
      example: "bool('true')",
      native: true,
    },
    { signature: 'bool(bool): bool', doc: 'the same', example: 'bool(image.root)', native: true },
    {
      signature: 'days(string): int',
      doc: 'whole days from a date to today, less than 0 when it is to come; -1 when the text is empty',
      example: 'days(finding.kevDue) > 0',
    },
  ],
  handlers: {
    int: { run: intOf, fails: true },
    double: { run: doubleOf, fails: true },
    string: { run: stringOf },
    bool: { run: boolOf, fails: true },
    days: { run: days, fails: true, fault: faultOfDate },
  },
};

function intOf(of: number | string): number {
  if (typeof of === 'string') {
    const number = /^[+-]?\d{1,19}$/.test(of) ? Number(of) : Number.NaN;
    if (!Number.isSafeInteger(number)) throw new EvaluationFailure(`${quoted(of)} is no whole number`);
    return number + 0;
  }
  const whole = Math.trunc(of) + 0;
  if (!Number.isSafeInteger(whole)) throw new EvaluationFailure(`${of} has no whole number`);
  return whole;
}

const words: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

function doubleOf(of: number | string): number {
  if (typeof of !== 'string') return of;
  if (of.length <= 400 && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(of)) return Number(of);
  const word = words.get(of.replace(/^[+-]/, '').toLowerCase());
  if (word === undefined) throw new EvaluationFailure(`${quoted(of)} is no number`);
  return of.startsWith('-') ? -word : word;
}

function stringOf(of: string | number | boolean): string {
  if (of === Number.POSITIVE_INFINITY) return '+Inf';
  return of === Number.NEGATIVE_INFINITY ? '-Inf' : String(of);
}

function boolOf(of: string | boolean): boolean {
  if (typeof of === 'boolean') return of;
  if (['1', 't', 'true', 'TRUE', 'True'].includes(of)) return true;
  if (['0', 'f', 'false', 'FALSE', 'False'].includes(of)) return false;
  throw new EvaluationFailure(`${quoted(of)} is neither true nor false`);
}

/** Both as days: what is behind the day of an RFC 3339 date counts for nothing. */
function days(of: string, today: string): number {
  if (of === '') return -1;
  const from = dayOf(of);
  const to = dayOf(today);
  if (from === undefined || to === undefined) throw new EvaluationFailure(`${quoted(of)} is no date`);
  return Math.round((to - from) / dayMilliseconds);
}

/** The beginning of the day of an RFC 3339 date or time, in UTC; undefined when there is no such day. */
function dayOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(?:$|[Tt ])/.test(text)) return undefined;
  const day = text.slice(0, 10);
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(day) ? undefined : time;
}

function faultOfDate(text: string): Fault | undefined {
  if (text === '' || dayOf(text) !== undefined) return undefined;
  return { message: `${quoted(text)} is no date`, hint: 'write a day as 2026-01-31' };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
