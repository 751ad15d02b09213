import { parsePurl } from '../../../model/parse-purl.ts';
import type { Value } from '../../file/value.ts';
import { type Carried, type Foreign, ForeignEntries } from './contract.ts';
import { lastDayBefore } from './expiry.ts';
import { pathGlob } from './globs.ts';
import { isFlawId } from './trivy.ts';
import { fieldsOf, itemsOf, readForeignYaml, scalarText, scalarTexts } from './yaml-fields.ts';

const sections: ReadonlyMap<string, string> = new Map([
  ['misconfigurations', "a check of Trivy's"],
  ['secrets', "a rule of Trivy's for secrets"],
  ['licenses', 'a licence'],
]);
const known = ['id', 'paths', 'purls', 'expired_at', 'statement'];

/** Reads `.trivyignore.yaml`: flaws by id, paths (doublestar) and package URLs, all of which must hold. */
export function readTrivyIgnoreYaml(bytes: Uint8Array, file: string): Foreign {
  const entries = new ForeignEntries(file);
  for (const [section, list] of fieldsOf(readForeignYaml(bytes, file))) {
    for (const item of itemsOf(list)) {
      const line = item.place.line;
      const what = sections.get(section);
      const id = scalarText(fieldsOf(item).get('id')) ?? 'the entry';
      if (section === 'vulnerabilities') entries.put(line, entryOf(item));
      else if (what === undefined) entries.leave(line, `${section} is a section that is not known`);
      else entries.leave(line, `${id} is ${what} and no flaw: waive the rule of the policy that says the same`);
    }
  }
  return entries;
}

function entryOf(item: Value): Carried | string {
  const fields = fieldsOf(item);
  const odd = [...fields.keys()].find((name) => !known.includes(name));
  if (odd !== undefined) return `${odd} is a setting that is not known`;
  const id = scalarText(fields.get('id'));
  if (id === undefined || !isFlawId(id)) return `${id ?? 'the entry'} names no flaw`;
  const paths = scalarTexts(fields.get('paths'))?.map(pathGlob);
  if (paths === undefined || paths.some((path) => path === undefined))
    return `${id}: its paths can't be said here: a waiver's globs have no [ ] and no ..`;
  const packages = scalarTexts(fields.get('purls'));
  // There, `*` is an asterisk.
  if (packages === undefined || packages.some((purl) => purl.includes('*') || parsePurl(purl) === undefined))
    return `${id}: its purls hold a * or are no package URLs`;
  const end = scalarText(fields.get('expired_at'));
  const expires = end === undefined ? undefined : lastDayBefore(end);
  if (end !== undefined && expires === undefined) return `${id}: expired_at ${end} is no day`;
  const reason = scalarText(fields.get('statement'));
  return {
    ids: [id],
    packages,
    paths: paths as string[],
    ...(reason === undefined ? {} : { reason }),
    ...(expires === undefined ? {} : { expires }),
  };
}
