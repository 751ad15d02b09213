import { parseSeverity, severities } from '../../model/severity.ts';
import type { Outcome } from '../../model/verdict.ts';
import { longestGlob } from '../../util/glob.ts';
import type { Blame, Rule } from '../rule.ts';
import { parseAge, parseSource } from './ages.ts';
import type { Layer, NamedList, Override, Use } from './document.ts';
import type { Faults } from './fault.ts';
import { readLicences } from './read-licences.ts';
import { mostRules, mostUses } from './read-limits.ts';
import { readGrace, readRule, readTerms } from './read-rule.ts';
import { listIn, mapIn, printableIn, recordIn, shown, textIn, textsIn, wordIn } from './shape.ts';
import type { MapValue, Value } from './value.ts';

/** What a policy is made of, at the top of a file and in each named policy. */
export const layerKeys = ['use', 'fail-on', 'data-age', 'lists', 'rules', 'override', 'blame', 'licences'];

const quadrants = ['introduced-known', 'introduced-since', 'inherited-known', 'inherited-since'] as const;
const outcomes: readonly Outcome[] = ['stop', 'warn', 'track'];
const overrideKeys = ['outcome', 'from', 'until', 'grace', 'fix'];
const listNameForm = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;

/** Reads a layer from the map that has its keys. `pack`: the pack or file that it is of. */
export function readLayer(map: MapValue, pack: string, faults: Faults): Layer {
  const part = (key: string): Value | undefined => map.entries.get(key)?.value;
  const [use, failOn, ages, lists, rules, override, blame, licences] = layerKeys.map(part);
  const severity = failOn && failOnIn(failOn, faults);
  return {
    use: limited(items(use, 'use', faults), mostUses, 'use', faults).flatMap((item) => readUse(item, faults)),
    ...(severity ? { failOn: severity } : {}),
    dataAges: ages ? readAges(ages, faults) : [],
    lists: lists ? readLists(lists, faults) : [],
    rules: readRules(rules, pack, faults),
    override: override ? readOverrides(override, faults) : [],
    ...(blame ? { blame: readBlame(blame, faults) } : {}),
    ...(licences ? { licences: readLicences(licences, pack, faults) } : {}),
  };
}

function items(value: Value | undefined, what: string, faults: Faults): readonly Value[] {
  return (value && listIn(value, what, faults)?.items) ?? [];
}

/** Nothing of a list that is longer than `most`. */
function limited(list: readonly Value[], most: number, what: string, faults: Faults): readonly Value[] {
  const [first] = list;
  if (!first || list.length <= most) return list;
  faults.add(first.place, `${what} has more than ${most} entries`);
  return [];
}

function readRules(value: Value | undefined, pack: string, faults: Faults): readonly Rule[] {
  const written = limited(items(value, 'rules', faults), mostRules, 'rules', faults);
  return written.map((item) => readRule(item, pack, faults)).filter((rule) => rule !== undefined);
}

/** The name of a pack, or a file with an optional digest. */
function readUse(value: Value, faults: Faults): Use[] {
  if (value.kind === 'text') {
    const pack = textIn(value, 'use', faults);
    if (pack !== undefined && !/[/\\]|\.(?:ya?ml|json)$/.test(pack)) return [{ pack, place: value.place }];
    faults.add(value.place, `${shown(value.text)} is no name of a pack`, `of a file: { file: ${shown(value.text)} }`);
    return [];
  }
  const found = readFile(value, 'use', faults);
  return found ? [{ ...found, place: value.place }] : [];
}

function readFile(value: Value, what: string, faults: Faults): { file: string; digest?: string } | undefined {
  const map = recordIn(value, what, ['file', 'digest'], what, faults);
  if (!map) return undefined;
  const [file, digest] = ['file', 'digest'].map((key) => map.entries.get(key)?.value);
  if (!file) {
    faults.add(map.place, `${what} has no file`, 'such as { file: rules/team.yaml }');
    return undefined;
  }
  const path = textIn(file, `${what}: file`, faults);
  const text = digest && textIn(digest, `${what}: digest`, faults);
  if (digest && text !== undefined && !digestForm.test(text)) {
    faults.add(digest.place, `${shown(text)} is no digest`, 'it is sha256: and 64 hexadecimal digits');
  }
  return path === undefined ? undefined : { file: path, ...(text && digestForm.test(text) ? { digest: text } : {}) };
}

/** The severity to stop at, or `never`. */
function failOnIn(value: Value, faults: Faults): string | undefined {
  const words = [...severities.filter((word) => word !== 'unknown'), 'never'];
  const lower = value.kind === 'text' ? { ...value, text: value.text.toLowerCase() } : value;
  const word = wordIn(lower, 'fail-on', words, faults);
  return word === 'never' ? word : word && parseSeverity(word);
}

function readAges(value: Value, faults: Faults): [string, string][] {
  const found: [string, string][] = [];
  for (const [name, entry] of mapIn(value, 'data-age', faults, 'such as { default: 48h:120h }')?.entries ?? []) {
    // Each name that is not known is held against all that are.
    if (faults.full) break;
    const source = name === 'default' ? name : parseSource(name);
    const text = textIn(entry.value, `data-age: ${shown(name)}`, faults);
    const age = text === undefined ? undefined : parseAge(text);
    if (typeof source !== 'string') faults.add(entry.key, `data-age: ${shown(source.wrong)}`, source.hint);
    else if (age && 'wrong' in age) faults.add(entry.value.place, `data-age ${shown(age.wrong)}`, age.hint);
    else if (text !== undefined) found.push([source, text]);
  }
  return found;
}

function readLists(value: Value, faults: Faults): NamedList[] {
  const found: NamedList[] = [];
  for (const [name, { key, value: given }] of mapIn(value, 'lists', faults, 'such as { allowed: [one, two] }')
    ?.entries ?? []) {
    if (!listNameForm.test(name)) {
      faults.add(key, `${shown(name)} is no name of a list`, 'a name has letters, digits, - and _');
      continue;
    }
    const what = `the list ${name}`;
    if (given.kind === 'map') {
      const file = readFile(given, what, faults);
      if (file) found.push({ name, ...file, place: given.place });
    } else if (given.kind === 'list' && given.items.length === 0) found.push({ name, texts: [], place: key });
    else found.push({ name, texts: textsIn(given, what, faults)?.map(({ text }) => text) ?? [], place: key });
  }
  return found;
}

function readOverrides(value: Value, faults: Faults): Override[] {
  const found: Override[] = [];
  for (const [id, entry] of mapIn(value, 'override', faults)?.entries ?? []) {
    const hint = `such as ${shown(id)}: { outcome: off }`;
    const map = recordIn(entry.value, shown(id), overrideKeys, 'an override', faults, hint);
    if (!map) continue;
    const part = (key: string): Value | undefined => map.entries.get(key)?.value;
    const [outcome, fix] = [part('outcome'), part('fix')];
    const word = outcome && wordIn(outcome, 'outcome', [...outcomes, 'off' as const], faults);
    const line = fix && printableIn(fix, 'fix', faults);
    if (found.length >= mostRules) return found;
    if (map.entries.size === 0) faults.add(entry.key, `the override of ${shown(id)} changes nothing`);
    const changed = { ...(word ? { outcome: word } : {}), ...readTerms(part, faults), ...(line ? { fix: line } : {}) };
    found.push({ id, place: entry.key, ...changed });
  }
  return found;
}

function readBlame(value: Value, faults: Faults): Partial<Blame> {
  const map = recordIn(value, 'blame', [...quadrants, 'grace'], 'blame', faults);
  const blame: { -readonly [Key in keyof Blame]?: Blame[Key] } = {};
  for (const quadrant of quadrants) {
    const given = map?.entries.get(quadrant)?.value;
    const outcome = given && wordIn(given, quadrant, outcomes, faults);
    if (outcome) blame[quadrant] = outcome;
  }
  const days = map?.entries.get('grace')?.value;
  const grace = days && readGrace(days, faults);
  if (grace) blame.grace = grace;
  return blame;
}

/** The patterns of one part of a mapping's match. */
export function patternsIn(value: Value, what: string, faults: Faults): readonly string[] {
  const texts = textsIn(value, what, faults) ?? [];
  for (const { text, place } of texts) {
    if (text.length > longestGlob) faults.add(place, `${what} is longer than ${longestGlob} characters`);
  }
  return texts.map(({ text }) => text);
}
