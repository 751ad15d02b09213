import { nearest } from '../../util/nearest.ts';
import type { Mapping, NamedLayer, PolicyDocument } from './document.ts';
import type { Faults, Place } from './fault.ts';
import { layerKeys, patternsIn, readLayer } from './read-layer.ts';
import { mostMappings, mostPolicies } from './read-limits.ts';
import { beginning, checkVersion } from './rule-parts.ts';
import { lineIn, listIn, mapIn, recordIn, scalarIn, shown, textsIn, wholeIn } from './shape.ts';
import type { MapValue, Value } from './value.ts';
import { readYaml } from './yaml.ts';

/** What only the policy file itself can have: not what it uses. */
const ownKeys = ['waivers', 'soon', 'policies', 'mappings'];
/** `$schema` is for editors. */
const keys = ['version', 'name', '$schema', ...layerKeys, ...ownKeys];
const matchKeys = ['registry', 'repository', 'tag', 'labels', 'environment'];
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;
/** Most days that `soon` may mean. */
const mostSoonDays = 366;

/**
 * Reads one policy file by itself (schema/sluice-policy-v1.json). `file`: as messages name it; `pack`: what its rules say
 * that they are of. Undefined when it can't be read at all; whatever is wrong is a fault.
 */
export function readDocument(bytes: Buffer, file: string, pack: string, faults: Faults): PolicyDocument | undefined {
  const value = readYaml(bytes, file, faults);
  const map = value && recordIn(value, 'a policy', keys, 'a policy', faults, beginning);
  if (!map) return undefined;
  checkVersion(map, 'the policy', 'policies', faults);
  const part = (key: string): Value | undefined => map.entries.get(key)?.value;
  const [name, waivers, soon] = ['name', 'waivers', 'soon'].map(part);
  const soonDays = soon && wholeIn(soon, 'soon', 0, mostSoonDays, faults);
  return {
    name: (name && nameIn(name, 'name', faults)) ?? '',
    layer: readLayer(map, pack, faults),
    ...readPolicies(map, pack, faults),
    ...(waivers ? { waivers: readWaiverFiles(waivers, faults) } : {}),
    ...(soonDays === undefined ? {} : { soonDays }),
    ownOnly: ownKeys.flatMap((key) => {
      const at = map.entries.get(key)?.key;
      return at ? [{ key, place: at }] : [];
    }),
    place: map.place,
  };
}

function nameIn(value: Value, what: string, faults: Faults): string | undefined {
  const text = lineIn(value, what, faults);
  if (text === undefined || nameForm.test(text)) return text;
  faults.add(value.place, `${shown(text)} is no name`, 'a name has letters, digits, - . _ and /');
  return undefined;
}

function readWaiverFiles(value: Value, faults: Faults): { file: string; place: Place }[] {
  if (value.kind === 'list' && value.items.length === 0) return [];
  return textsIn(value, 'waivers', faults)?.map(({ text, place }) => ({ file: text, place })) ?? [];
}

/** The named policies, and the mappings that choose them. */
function readPolicies(map: MapValue, pack: string, faults: Faults): Pick<PolicyDocument, 'policies' | 'mappings'> {
  const [policies, mappings] = ['policies', 'mappings'].map((key) => map.entries.get(key)?.value);
  const named: NamedLayer[] = [];
  checkSize(policies, mostPolicies, 'policies', faults);
  checkSize(mappings, mostMappings, 'mappings', faults);
  for (const [name, entry] of (policies && mapIn(policies, 'policies', faults)?.entries) ?? []) {
    if (named.length >= mostPolicies) break;
    const layer = recordIn(
      entry.value,
      `policies: ${shown(name)}`,
      layerKeys,
      'a named policy',
      faults,
      'such as { use: [strict] }',
    );
    if (!nameForm.test(name)) faults.add(entry.key, `${shown(name)} is no name of a policy`);
    if (layer) named.push({ name, layer: readLayer(layer, pack, faults), place: entry.key });
  }
  const listed = (mappings && listIn(mappings, 'mappings', faults)?.items) ?? [];
  const read = listed
    .slice(0, mostMappings)
    .map((item) => readMapping(item, named, faults))
    .filter((mapping) => mapping !== undefined);
  for (const [index, { name, place }] of read.entries()) {
    if (read.findIndex((other) => other.name === name) < index) {
      faults.add(place, `there are two mappings ${name}`, 'reports name them: give each a name of its own');
    }
  }
  return { policies: named, mappings: read };
}

function checkSize(value: Value | undefined, most: number, what: string, faults: Faults): void {
  const size = value?.kind === 'list' ? value.items.length : value?.kind === 'map' ? value.entries.size : 0;
  if (value && size > most) faults.add(value.place, `there are more than ${most} ${what}`);
}

function readMapping(value: Value, policies: readonly NamedLayer[], faults: Faults): Mapping | undefined {
  const map = recordIn(value, 'a mapping', ['name', 'match', 'policy'], 'a mapping', faults);
  if (!map) return undefined;
  const [name, match, policy] = ['name', 'match', 'policy'].map((key) => map.entries.get(key)?.value);
  if (!name || !match || !policy) {
    const hint = "such as { name: production, match: { tag: 'v*' }, policy: strict }";
    faults.add(map.place, 'a mapping needs name, match and policy', hint);
    return undefined;
  }
  const chosen = policyIn(policy, policies, faults);
  const patterns = recordIn(match, 'match', matchKeys, 'match', faults, "such as { tag: 'v*' }");
  const called = nameIn(name, 'name', faults);
  if (!patterns || chosen === undefined || called === undefined) return undefined;
  return { name: called, policy: chosen, ...readMatch(patterns, faults), place: map.place };
}

function policyIn(value: Value, policies: readonly NamedLayer[], faults: Faults): string | undefined {
  const text = scalarIn(value, 'policy', faults)?.text;
  if (text === undefined || policies.some(({ name }) => name === text)) return text;
  const names = policies.map(({ name }) => name);
  const close = nearest(text, names);
  const there = names.length > 0 ? `there are ${names.slice(0, 10).join(', ')}` : 'name it under policies:';
  const hint = close === undefined ? there : `did you mean ${close}?`;
  faults.add(value.place, `there is no policy ${shown(text)}`, hint);
  return undefined;
}

type Match = Pick<Mapping, 'registry' | 'repository' | 'tag' | 'labels' | 'environment'>;

function readMatch(map: MapValue, faults: Faults): Match {
  const of = (key: string): readonly string[] | undefined => {
    const given = map.entries.get(key)?.value;
    return given && patternsIn(given, `match: ${key}`, faults);
  };
  const [registry, repository, tag, environment] = ['registry', 'repository', 'tag', 'environment'].map(of);
  const labels = map.entries.get('labels')?.value;
  const named = labels && mapIn(labels, 'match: labels', faults, "such as { stage: 'prod*' }");
  const pairs = [...(named?.entries ?? [])].map(
    ([name, entry]) => [name, patternsIn(entry.value, `match: labels: ${shown(name)}`, faults)] as const,
  );
  return {
    ...(registry ? { registry } : {}),
    ...(repository ? { repository } : {}),
    ...(tag ? { tag } : {}),
    ...(labels ? { labels: pairs } : {}),
    ...(environment ? { environment } : {}),
  };
}
