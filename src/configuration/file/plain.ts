import type { Faults } from '../../policy/file/fault.ts';
import { recordIn, shown, wordIn } from '../../policy/file/shape.ts';
import { kindOf, type MapValue, type Value } from '../../policy/file/value.ts';

/** What a setting of a test takes; a list is that of the words that it may be. */
export type Shape = 'text' | 'number' | 'flag' | 'texts' | 'map' | 'octal' | readonly string[];

/** The settings of a map by name, each as its shape says: text, number, truth value, list of texts, or map of texts. */
export function fieldsIn(
  value: Value,
  what: string,
  shapes: Readonly<Record<string, Shape>>,
  others: readonly string[],
  faults: Faults,
): { readonly map: MapValue; readonly fields: ReadonlyMap<string, unknown> } | undefined {
  const map = recordIn(value, what, [...Object.keys(shapes), ...others], what, faults);
  if (!map) return undefined;
  const fields = new Map<string, unknown>();
  for (const [key, { value: given }] of map.entries) {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    if (shape === undefined) continue;
    const read = shaped(given, `${what}: ${key}`, shape, faults);
    if (read !== undefined) fields.set(key, read);
  }
  return { map, fields };
}

function shaped(value: Value, what: string, shape: Shape, faults: Faults): unknown {
  if (typeof shape !== 'string') return wordIn(value, what, shape, faults);
  switch (shape) {
    case 'text':
      return plainText(value, what, faults);
    case 'number':
      return numberIn(value, what, faults);
    case 'octal':
      return octalIn(value, what, faults);
    case 'flag':
      if (value.kind === 'plain' && typeof value.value === 'boolean') return value.value;
      faults.add(value.place, `${what} takes true or false, not ${kindOf(value)}`);
      return undefined;
    case 'texts':
      return plainTexts(value, what, faults);
    case 'map':
      return plainMap(value, what, faults);
  }
}

/** A text, which may be empty; a number without quotes is one as well. */
export function plainText(value: Value, what: string, faults: Faults): string | undefined {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'plain' && value.value !== null) return value.source;
  faults.add(value.place, `${what} takes a text, not ${kindOf(value)}`);
  return undefined;
}

/** A list of texts, or one alone. */
function plainTexts(value: Value, what: string, faults: Faults): readonly string[] {
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => plainText(item, what, faults) ?? []);
}

function plainMap(value: Value, what: string, faults: Faults): ReadonlyMap<string, string> | undefined {
  if (value.kind !== 'map') {
    faults.add(value.place, `${what} takes a map, not ${kindOf(value)}`);
    return undefined;
  }
  const map = new Map<string, string>();
  for (const [name, entry] of value.entries) {
    const text = plainText(entry.value, `${what}: ${shown(name)}`, faults);
    if (text !== undefined) map.set(name, text);
  }
  return map;
}

function numberIn(value: Value, what: string, faults: Faults): number | undefined {
  if (value.kind === 'plain' && typeof value.value === 'number' && Number.isSafeInteger(value.value))
    return value.value;
  faults.add(value.place, `${what} takes a whole number, not ${kindOf(value)}`);
  return undefined;
}

function octalIn(value: Value, what: string, faults: Faults): number | undefined {
  const text = value.kind === 'text' ? value.text : '';
  if (/^[0-7]{3,4}$/.test(text)) return Number.parseInt(text, 8);
  faults.add(value.place, `${what} takes permissions in octal`, "in quotes, such as '4755'");
  return undefined;
}
