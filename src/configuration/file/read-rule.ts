import { severities } from '../../model/severity.ts';
import { type Faults, placeText } from '../../policy/file/fault.ts';
import { isPath, readFileQuery } from '../../policy/file/read-files.ts';
import { messageIn, ruleIdIn } from '../../policy/file/rule-parts.ts';
import { printableIn, recordIn, scalarIn, shown, textsIn, wordIn } from '../../policy/file/shape.ts';
import type { MapValue, Value } from '../../policy/file/value.ts';
import { nearest } from '../../util/nearest.ts';
import { causes } from '../causes.ts';
import {
  type ConfigurationRule,
  type ConfigurationSubject,
  configurationSubjects,
  configurationTargets,
  type DocumentQuery,
  documentFormats,
} from '../contract.ts';
import { eachFields, variableOf } from '../subjects.ts';
import { readCondition } from './read-condition.ts';
import { wordsOf } from './words.ts';

/** All settings of a rule. */
const ruleKeys = [
  ...['id', 'title', 'why', 'fix', 'severity', 'on', 'each', 'when', 'says', 'cause', 'targets', 'files', 'document'],
  ...['aliases', 'controls', 'links', 'tests'],
];
const mandatory = ['id', 'title', 'why', 'fix', 'severity', 'on', 'when'];
const aliasForm = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/;
const linkForm = /^https:\/\/[A-Za-z0-9.-]+(?:[/?#][\x21-\x7e]*)?$/;
/** Most paths of a document's rule. */
const mostPaths = 100;
/** What is worth less than low is no rule. */
const levels = severities.filter((name) => name !== 'unknown' && name !== 'negligible');

type Part = (key: string) => Value | undefined;

/** Reads a rule; undefined, and faults, when something of it is wrong. `pack`: the file that it is of. */
export function readRule(map: MapValue, pack: string, faults: Faults): ConfigurationRule | undefined {
  const before = faults.all.length;
  const part: Part = (key) => map.entries.get(key)?.value;
  const missing = mandatory.filter((key) => !part(key));
  if (missing.length > 0) faults.add(map.place, `the rule has no ${missing.join(', no ')}`);
  const [on, severity] = [part('on'), part('severity')];
  const kind = on && wordIn(on, 'on', configurationSubjects, faults);
  const read = {
    ...words(part, faults),
    severity: severity && wordIn(severity, 'severity', levels, faults),
    ...(kind === undefined ? {} : { on: kind, ...asked(map, kind, faults), ...condition(part, kind, faults) }),
    ...lists(part, faults),
    place: placeText(map.place),
    pack,
  };
  return faults.all.length > before ? undefined : (read as ConfigurationRule);
}

/** A rule as a map, with none but the known settings. */
export function ruleMapIn(value: Value, faults: Faults): MapValue | undefined {
  return recordIn(value, 'a rule', ruleKeys, 'a rule', faults, 'such as - id: team/no-root');
}

function words(part: Part, faults: Faults): Partial<ConfigurationRule> {
  const line = (key: string): string => {
    const value = part(key);
    return (value && printableIn(value, key, faults)) ?? '';
  };
  const [id, says] = [part('id'), part('says')];
  const said = says && messageIn(says, ['found'], faults);
  return {
    ...{ id: (id && ruleIdIn(id, faults)) ?? '', title: line('title'), why: line('why'), fix: line('fix') },
    ...(said === undefined ? {} : { says: said }),
  };
}

/** What the rule is asked on, beside its condition; each setting only where it means something. */
function asked(map: MapValue, on: ConfigurationSubject, faults: Faults): Partial<ConfigurationRule> {
  const of = (key: string, kinds: readonly string[], needed: boolean): Value | undefined => {
    const entry = map.entries.get(key);
    if (entry && !kinds.includes(on))
      faults.add(entry.key, `${key} is of rules on ${kinds.join(' and ')}, and this one is on ${on}`);
    if (!entry && needed && kinds.includes(on)) faults.add(map.place, `a rule on ${on} needs ${key}`);
    return kinds.includes(on) ? entry?.value : undefined;
  };
  const [each, cause] = [of('each', ['image'], false), of('cause', ['image'], false)];
  const [files, document] = [of('files', ['file'], true), of('document', ['document'], true)];
  const field = each && eachIn(each, faults);
  const caused = cause && wordIn(cause, 'cause', causes, faults);
  const query = files && readFileQuery(files, faults);
  const documents = document && documentIn(document, faults);
  return {
    ...(field === undefined ? {} : { each: field }),
    ...(caused === undefined ? {} : { cause: caused }),
    ...(query ? { files: query } : {}),
    ...(documents ? { documents } : {}),
  };
}

function eachIn(value: Value, faults: Faults): string | undefined {
  const text = scalarIn(value, 'each', faults)?.text;
  if (text === undefined) return undefined;
  const field = /^image\.(\w{1,40})$/.exec(text)?.[1];
  if (field !== undefined && eachFields.includes(field)) return field;
  const close = nearest(field ?? text, eachFields);
  const hint = close === undefined ? 'such as image.ports' : `did you mean image.${close}?`;
  faults.add(value.place, `each takes a list of texts or a map of the image, not ${shown(text)}`, hint);
  return undefined;
}

function documentIn(value: Value, faults: Faults): DocumentQuery | undefined {
  const hint = 'such as { format: ini, paths: [/etc/app.ini] }';
  const map = recordIn(value, 'document', ['format', 'paths'], 'document', faults, hint);
  const [format, paths] = ['format', 'paths'].map((key) => map?.entries.get(key)?.value);
  if (!map) return undefined;
  if (!format || !paths) {
    faults.add(map.place, 'document needs format and paths', hint);
    return undefined;
  }
  const word = wordIn(format, 'format', documentFormats, faults);
  const globs = (textsIn(paths, 'paths', faults) ?? []).filter((path) => isPath(path, faults));
  if (globs.length > mostPaths) faults.add(paths.place, `paths has more than ${mostPaths} entries`);
  return word && { format: word, paths: globs.map(({ text }) => text) };
}

function condition(part: Part, on: ConfigurationSubject, faults: Faults): Partial<ConfigurationRule> {
  const when = part('when');
  const expression = when && readCondition(when, on, on === 'image' && part('each') !== undefined, faults);
  if (!expression) return {};
  const words = wordsOf(expression, variableOf(on).name);
  return { when: expression, ...(words ? { words } : {}) };
}

function lists(
  part: Part,
  faults: Faults,
): Pick<ConfigurationRule, 'aliases' | 'controls' | 'links'> & Partial<ConfigurationRule> {
  const of = (key: string, form?: RegExp, hint?: string): string[] => {
    const value = part(key);
    const isEmpty = value?.kind === 'list' && value.items.length === 0;
    const texts = value && !isEmpty ? (textsIn(value, key, faults) ?? []) : [];
    return texts.flatMap((text) => {
      const line = printableIn(text, key, faults);
      if (line === undefined) return [];
      if (form && !form.test(line)) faults.add(text.place, `${key}: ${shown(line)} is none`, hint);
      return [line];
    });
  };
  const targets = part('targets');
  const kinds = (targets && textsIn(targets, 'targets', faults))?.flatMap(
    (text) => wordIn(text, 'targets', configurationTargets, faults) ?? [],
  );
  return {
    aliases: sortedOnce(of('aliases', aliasForm, 'such as CIS-DI-0001')),
    controls: sortedOnce(of('controls')),
    links: [...new Set(of('links', linkForm, 'such as https://docs.example/page'))],
    ...(kinds ? { targets: [...new Set(kinds)].sort() } : {}),
  };
}

function sortedOnce(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
