import { nearest } from '../../util/nearest.ts';
import type { Faults } from './fault.ts';
import { kindOf, type ListValue, type MapValue, type TextValue, type Value } from './value.ts';

/** Longest text of a setting (characters). */
const longestText = 8192;

/** The value as a map; undefined, and a fault, when it is none. `what` names it: `files`; `hint` shows one. */
export function mapIn(value: Value, what: string, faults: Faults, hint?: string): MapValue | undefined {
  if (value.kind === 'map') return value;
  faults.add(value.place, `${what} takes a map, not ${kindOf(value)}`, hint);
  return undefined;
}

/** A map with none but these keys; every other one is a fault that names the nearest. `of`: `a rule`. */
export function recordIn(
  value: Value,
  what: string,
  keys: readonly string[],
  of: string,
  faults: Faults,
  hint?: string,
): MapValue | undefined {
  const map = mapIn(value, what, faults, hint);
  for (const [key, entry] of map?.entries ?? []) {
    if (keys.includes(key) || faults.full) continue;
    const close = nearest(key, keys);
    faults.add(
      entry.key,
      `there is no setting ${shown(key)} of ${of}`,
      close ? `did you mean ${close}?` : `there are ${keys.join(', ')}`,
    );
  }
  return map;
}

/** The value as a list. */
export function listIn(value: Value, what: string, faults: Faults): ListValue | undefined {
  if (value.kind === 'list') return value;
  const hint = value.kind === 'text' ? `such as [${shown(value.text)}]` : 'each entry begins with a dash and a space';
  faults.add(value.place, `${what} takes a list, not ${kindOf(value)}`, hint);
  return undefined;
}

/** The value as a text with its places. */
export function scalarIn(value: Value, what: string, faults: Faults): TextValue | undefined {
  if (value.kind === 'text') {
    if (value.text.trim() === '') faults.add(value.place, `${what} is empty`);
    else if (value.text.length > longestText)
      faults.add(value.place, `${what} is longer than ${longestText} characters`);
    else return value;
    return undefined;
  }
  const quoted = value.kind === 'plain' && value.value !== null;
  const hint = quoted ? `put it in quotes: '${value.source.slice(0, 60)}'` : undefined;
  faults.add(value.place, `${what} takes a text, not ${kindOf(value)}`, hint);
  return undefined;
}

/** The value as a text. */
export function textIn(value: Value, what: string, faults: Faults): string | undefined {
  return scalarIn(value, what, faults)?.text;
}

/** A text for people: one line, whatever the style in which it is written. */
export function lineIn(value: Value, what: string, faults: Faults): string | undefined {
  return textIn(value, what, faults)
    ?.split(/\s/)
    .filter((word) => word !== '')
    .join(' ');
}

/** Characters that steer a terminal, or turn the direction of writing so that a text reads as another one. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A line as {@link lineIn}, which every report can show as it is. */
export function printableIn(value: Value, what: string, faults: Faults): string | undefined {
  const line = lineIn(value, what, faults);
  if (line === undefined || !unprintable.test(line)) return line;
  faults.add(value.place, `${what} has a character that can't be printed`);
  return undefined;
}

/** A list of texts, or one alone. */
export function textsIn(value: Value, what: string, faults: Faults): readonly TextValue[] | undefined {
  // Of a number alone it is the quotes that are missing, and not the list.
  if (value.kind === 'text' || (value.kind === 'plain' && value.value !== null)) {
    return wrap(scalarIn(value, what, faults));
  }
  const items = listIn(value, what, faults)?.items;
  if (items?.length === 0) faults.add(value.place, `${what} is empty`);
  return items?.flatMap((item) => wrap(scalarIn(item, what, faults)));
}

function wrap(text: TextValue | undefined): readonly TextValue[] {
  return text ? [text] : [];
}

/** One of some words. */
export function wordIn<Word extends string>(
  value: Value,
  what: string,
  words: readonly Word[],
  faults: Faults,
): Word | undefined {
  const text = textIn(value, what, faults);
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const close = nearest(text, words);
  const hint = close ? `did you mean ${close}?` : undefined;
  faults.add(value.place, `${what} takes ${orList(words)}, not ${shown(text)}`, hint);
  return undefined;
}

/** A whole number within limits. */
export function wholeIn(value: Value, what: string, least: number, most: number, faults: Faults): number | undefined {
  const number = value.kind === 'plain' ? value.value : undefined;
  if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) return number;
  const given = value.kind === 'plain' && value.value !== null ? value.source.slice(0, 60) : kindOf(value);
  const digits = value.kind === 'text' ? /^[0-9]+/.exec(value.text)?.[0] : undefined;
  const hint = digits === undefined ? undefined : `without quotes and unit, such as ${digits.slice(0, 10)}`;
  faults.add(value.place, `${what} takes a whole number from ${least} to ${most}, not ${given}`, hint);
  return undefined;
}

/** `yes` or no, as YAML writes it. */
export function truthIn(value: Value, what: string, faults: Faults): boolean | undefined {
  if (value.kind === 'plain' && typeof value.value === 'boolean') return value.value;
  faults.add(value.place, `${what} takes true or false, not ${kindOf(value)}`);
  return undefined;
}

/** A text of a file, cut for a message. */
export function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** `a, b or c`. */
function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
