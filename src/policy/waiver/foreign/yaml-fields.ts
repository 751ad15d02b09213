import type { SluiceError } from '../../../util/error.ts';
import { Faults, faultError } from '../../file/fault.ts';
import type { Value } from '../../file/value.ts';
import { readYaml } from '../../file/yaml.ts';

/** Reads the YAML of another tool. @throws SluiceError `policy/malformed` with file, line and column */
export function readForeignYaml(bytes: Uint8Array, file: string): Value {
  const faults = new Faults();
  const root = readYaml(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), file, faults);
  if (root === undefined || faults.all.length > 0) throw faultError(faults.all) satisfies SluiceError;
  return root;
}

/** The values of a map by name; none where it is no map. */
export function fieldsOf(value: Value | undefined): ReadonlyMap<string, Value> {
  if (value?.kind !== 'map') return new Map();
  return new Map([...value.entries].map(([name, entry]) => [name, entry.value]));
}

/** The parts of a list; none where it is no list. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  return value?.kind === 'list' ? value.items : [];
}

/** A scalar as its text; undefined where there is none, or nothing in it. */
export function scalarText(value: Value | undefined): string | undefined {
  const text =
    value?.kind === 'text' ? value.text : value?.kind === 'plain' && value.value !== null ? value.source : '';
  return text.trim() === '' ? undefined : text.trim();
}

/** Texts of a list; undefined where a part of it is none. */
export function scalarTexts(value: Value | undefined): string[] | undefined {
  const texts = itemsOf(value).map(scalarText);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
