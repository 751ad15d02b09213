import type { Value } from '../../file/value.ts';
import { type Carried, type Foreign, ForeignEntries } from './contract.ts';
import { namePattern, pathGlob } from './globs.ts';
import { purlPatterns, purlType } from './purls.ts';
import { isFlawId } from './trivy.ts';
import { fieldsOf, itemsOf, readForeignYaml, scalarText } from './yaml-fields.ts';

/** What a rule can say that a waiver can't, and what to do instead. */
const unsayable: ReadonlyMap<string, string> = new Map([
  ['fix-state', 'say it in a rule of the policy, such as when: finding.fixed.size() > 0'],
  ['namespace', 'a waiver is over a flaw whoever has published it'],
  ['match-type', 'a waiver is over a finding however it was matched'],
  ['vex-status', 'sluice goes by VEX itself: --vex FILE'],
  ['vex-justification', 'sluice goes by VEX itself: --vex FILE'],
]);
const sayable = ['vulnerability', 'include-aliases', 'reason', 'package'];
const packageFields = ['name', 'version', 'type', 'language', 'location'];

/** Reads the `ignore` of `.grype.yaml`: all that a rule gives must hold; one that gives nothing is over nothing. */
export function readGrypeConfig(bytes: Uint8Array, file: string): Foreign {
  const entries = new ForeignEntries(file);
  const root = readForeignYaml(bytes, file);
  for (const [name, value] of fieldsOf(root)) {
    if (name === 'ignore') for (const rule of itemsOf(value)) entries.put(rule.place.line, ruleOf(rule));
    else entries.leave(value.place.line, `${name} is no waiver: what of it is to hold goes into the policy`);
  }
  return entries;
}

function ruleOf(rule: Value): Carried | string {
  const fields = fieldsOf(rule);
  const given = [...fields].filter(([, value]) => value.kind !== 'plain' || value.value !== null).map(([name]) => name);
  if (given.every((name) => name === 'reason' || name === 'include-aliases'))
    return 'a rule that gives nothing is over nothing';
  const odd = given.find((name) => !sayable.includes(name));
  if (odd !== undefined) return `${odd} can't be said of a waiver: ${unsayable.get(odd) ?? 'it is not known'}`;
  const id = scalarText(fields.get('vulnerability'));
  if (id !== undefined && !isFlawId(id)) return `${id} is no id of a flaw`;
  const packages = packagesOf(fields.get('package'), id !== undefined);
  if (typeof packages === 'string') return packages;
  const reason = scalarText(fields.get('reason'));
  return { ids: id === undefined ? [] : [id], ...packages, ...(reason === undefined ? {} : { reason }) };
}

/** The package part of a rule as patterns and globs; a text where it can't be said. */
function packagesOf(value: Value | undefined, hasId: boolean): { packages: string[]; paths: string[] } | string {
  if (value === undefined) return { packages: [], paths: [] };
  const fields = fieldsOf(value);
  const odd = [...fields.keys()].find((name) => !packageFields.includes(name));
  if (odd !== undefined) return `package.${odd} can't be said of a waiver`;
  const text = (name: string): string | undefined => scalarText(fields.get(name));
  const [expression, version, kind, language, location] = packageFields.map(text);
  const name = expression === undefined ? undefined : namePattern(expression);
  if (expression !== undefined && name === undefined)
    return `the package's name is the regular expression ${expression}: a waiver's pattern has nothing but *`;
  if (version?.includes('*')) return `the package's version ${version} holds a *, which is any text in a waiver`;
  const types = [kind, language].flatMap((one) => (one === undefined ? [] : [purlType(one)]));
  if (types.includes(undefined) || new Set(types).size > 1)
    return `${[kind, language].filter(Boolean).join(' of ')} is no kind of package that is known by one package URL`;
  const paths = location === undefined ? [] : [pathGlob(location)];
  if (paths.includes(undefined))
    return `the location ${location} can't be said: a waiver's globs have no [ ] and no ..`;
  const [type] = types;
  // Grype knows flaws alone: a place by itself would be taken for all that is found there, secrets too.
  const isPlace = paths.length > 0 && !hasId;
  const isAny = name === undefined && version === undefined && type === undefined;
  const packages = isAny && !isPlace ? [] : purlPatterns(type, name, version);
  return { packages, paths: paths as string[] };
}
