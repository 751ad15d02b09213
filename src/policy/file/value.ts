import type { Place } from './fault.ts';

/** A value of a YAML or JSON file with its place. */
export type Value = TextValue | PlainValue | ListValue | MapValue;

/** A text. */
export interface TextValue {
  readonly kind: 'text';
  readonly text: string;
  readonly place: Place;
  /** Where a part of the text stands in the file, by its offset in UTF-16 units. */
  at(offset: number): Place;
}

/** A number, a truth value, or nothing. */
export interface PlainValue {
  readonly kind: 'plain';
  readonly value: number | boolean | null;
  /** As it is written. */
  readonly source: string;
  readonly place: Place;
}

/** A list. */
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly place: Place;
}

/** A map; no key is there twice. */
export interface MapValue {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
}

/** A value of a map, and where its key stands. */
export interface Entry {
  readonly key: Place;
  readonly value: Value;
}

/** What a value is, for messages: `a list`. */
export function kindOf(value: Value): string {
  if (value.kind === 'text') return 'a text';
  if (value.kind === 'list') return 'a list';
  if (value.kind === 'map') return 'a map';
  if (value.value === null) return 'nothing';
  return typeof value.value === 'number' ? 'a number' : 'a truth value';
}
