import type { Faults } from './fault.ts';
import { printableIn, scalarIn, shown } from './shape.ts';
import type { MapValue, Value } from './value.ts';

/** What ends that a file has no version. */
export const beginning = 'begin it with version: 1';
const idForm = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
/** Longest name of a rule (characters). */
const longestId = 120;

/** Says what is wrong with the version of a file. `file`: `the policy`; `kind`: `policies`. */
export function checkVersion(map: MapValue, file: string, kind: string, faults: Faults): void {
  const version = map.entries.get('version')?.value;
  if (!version) faults.add(map.place, `${file} has no version`, beginning);
  else if (version.kind !== 'plain' || version.value !== 1) {
    faults.add(version.place, `this version of ${kind} is not known`, 'the one that is known is version: 1');
  }
}

/** The name of a rule. */
export function ruleIdIn(value: Value, faults: Faults): string | undefined {
  const text = scalarIn(value, 'id', faults)?.text;
  if (text === undefined) return undefined;
  if (text.length <= longestId && idForm.test(text)) return text;
  const hint = 'lower case, digits, - and /: such as team/no-root';
  faults.add(value.place, `${shown(text)} is no name of a rule`, hint);
  return undefined;
}

/** A message with what can stand in it in braces: these names alone. */
export function messageIn(value: Value, known: readonly string[], faults: Faults): string | undefined {
  const line = printableIn(value, 'says', faults);
  for (const [written, name = ''] of line?.matchAll(/\{(\w{1,40})\}/g) ?? []) {
    if (known.includes(name)) continue;
    const names = known.map((one) => `{${one}}`).join(' and ');
    faults.add(value.place, `says knows no ${written}`, `it knows ${names}`);
  }
  return line;
}
