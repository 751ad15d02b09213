import type { FileQuery, ValueQuery } from '../../model/collected.ts';
import { digestOf } from '../../model/digest.ts';
import { messageOf } from '../../util/error.ts';
import { compileGlob } from '../../util/glob.ts';
import { faultOfRegular } from '../expression/regular.ts';
import type { Faults } from './fault.ts';
import { mapIn, recordIn, scalarIn, shown, textIn, textsIn, truthIn, wordIn } from './shape.ts';
import type { MapValue, TextValue, Value } from './value.ts';

const keys = ['paths', 'kinds', 'modes', 'digest', 'matches', 'values'];
const kinds = ['file', 'folder', 'symlink', 'device'] as const;
const modes = ['setuid', 'setgid', 'sticky', 'world-writable', 'executable', 'capable'] as const;
const formats = ['json', 'yaml', 'toml', 'ini', 'xml'] as const;
/** Most paths, expressions and values of one query. */
const mostParts = 1000;
const nameHint = 'a name has letters, digits, - and _';
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Reads what a rule on files asks for. */
export function readFileQuery(value: Value, faults: Faults): FileQuery | undefined {
  const map = recordIn(value, 'files', keys, 'files', faults);
  if (!map) return undefined;
  const part = (key: string): Value | undefined => map.entries.get(key)?.value;
  const paths = part('paths');
  if (!paths) {
    faults.add(map.place, 'files needs paths', "such as paths: ['/etc/**']");
    return undefined;
  }
  const asked = {
    paths: sorted(pathsIn(paths, faults)),
    ...words('kinds', part('kinds'), kinds, faults),
    ...words('modes', part('modes'), modes, faults),
    ...digestAsked(part('digest'), faults),
    ...named('matches', part('matches'), readPattern, faults),
    ...named('values', part('values'), readValueQuery, faults),
  };
  return { id: queryId(asked), ...asked };
}

/** The name of what is asked: SHA-256 over canonical JSON, so that two rules that ask for the same are asked once. */
function queryId(asked: Omit<FileQuery, 'id'>): string {
  return digestOf(JSON.stringify(asked));
}

function sorted(texts: readonly TextValue[]): readonly string[] {
  return [...new Set(texts.map(({ text }) => text))].sort();
}

function pathsIn(value: Value, faults: Faults): readonly TextValue[] {
  const paths = textsIn(value, 'paths', faults) ?? [];
  if (paths.length <= mostParts) return paths.filter((path) => isPath(path, faults));
  faults.add(value.place, `paths has more than ${mostParts} entries`);
  return [];
}

/** Whether a text is a glob of absolute paths; where it is none, a fault says so. */
export function isPath(path: TextValue, faults: Faults): boolean {
  if (!path.text.startsWith('/') && !path.text.startsWith('**/')) {
    const below = path.text.startsWith('*') ? '/**/' : '/';
    faults.add(path.place, `paths: ${shown(path.text)} is not absolute`, `such as ${below}${shown(path.text)}`);
    return false;
  }
  try {
    compileGlob(path.text);
    return true;
  } catch (thrown) {
    faults.add(path.place, `paths: ${messageOf(thrown)}`);
    return false;
  }
}

function words<Key extends string, Word extends string>(
  key: Key,
  value: Value | undefined,
  known: readonly Word[],
  faults: Faults,
): { [K in Key]?: readonly Word[] } {
  const items = value && textsIn(value, key, faults);
  if (!items || items.length === 0) return {};
  const found = items.map((item) => wordIn(item, key, known, faults)).filter((word) => word !== undefined);
  const one: { readonly [key: string]: readonly Word[] } = { [key]: [...new Set(found)].sort() };
  return one as { [K in Key]?: readonly Word[] };
}

function digestAsked(value: Value | undefined, faults: Faults): { digest?: true } {
  return value && truthIn(value, 'digest', faults) ? { digest: true } : {};
}

/** A map of names, sorted. */
function named<Key extends string, Part>(
  key: Key,
  value: Value | undefined,
  read: (value: Value, what: string, faults: Faults) => Part | undefined,
  faults: Faults,
): { [K in Key]?: Readonly<Record<string, Part>> } {
  const map = value && mapIn(value, key, faults);
  if (!map || !fits(map, key, faults)) return {};
  const parts: [string, Part][] = [];
  for (const [name, entry] of map.entries) {
    if (!nameForm.test(name)) faults.add(entry.key, `${key}: ${shown(name)} is no name`, nameHint);
    const part = read(entry.value, `${key}: ${shown(name)}`, faults);
    if (part !== undefined) parts.push([name, part]);
  }
  parts.sort(([a], [b]) => (a < b ? -1 : 1));
  // A key such as `__proto__` does not begin with a letter; refused above, fromEntries makes it a plain one.
  return { [key]: Object.fromEntries(parts) } as { [K in Key]?: Readonly<Record<string, Part>> };
}

function fits(map: MapValue, key: string, faults: Faults): boolean {
  if (map.entries.size <= mostParts) return true;
  faults.add(map.place, `${key} has more than ${mostParts} entries`);
  return false;
}

/** A regular expression that RE2 takes: it has neither backreferences nor lookarounds, and so always linear time. */
function readPattern(value: Value, what: string, faults: Faults): string | undefined {
  const text = scalarIn(value, what, faults);
  if (!text) return undefined;
  const fault = faultOfRegular(text.text);
  if (fault === undefined) return text.text;
  const hint = 'regular expressions are those of RE2: no lookaround, no backreferences, so that time stays linear';
  faults.add(text.at(Math.max(0, text.text.indexOf(fault.part))), `${what}: ${shown(fault.message)}`, hint);
  return undefined;
}

function readValueQuery(value: Value, what: string, faults: Faults): ValueQuery | undefined {
  const map = recordIn(value, what, ['format', 'at'], 'a value', faults);
  if (!map) return undefined;
  const [format, at] = [map.entries.get('format')?.value, map.entries.get('at')?.value];
  if (!format || !at) {
    faults.add(map.place, `${what} needs format and at`, 'such as { format: json, at: /server/port }');
    return undefined;
  }
  const word = wordIn(format, `${what}: format`, formats, faults);
  const pointer = textIn(at, `${what}: at`, faults);
  if (pointer !== undefined && !/^(?:\/(?:[^~]|~[01])*)?$/.test(pointer)) {
    faults.add(at.place, `${what}: ${shown(pointer)} is no JSON pointer`, 'such as /server/port (RFC 6901)');
    return undefined;
  }
  return word && pointer !== undefined ? { format: word, at: pointer } : undefined;
}
