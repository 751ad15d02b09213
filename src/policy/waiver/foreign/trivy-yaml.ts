import { parsePurl } from '../../../model/parse-purl.ts';
import type { Value } from '../../file/value.ts';
import { secretId, settingId } from './checks.ts';
import { type Carried, type Foreign, ForeignEntries } from './contract.ts';
import { lastDayBefore } from './expiry.ts';
import { pathGlob } from './globs.ts';
import { isFlawId } from './trivy.ts';
import { fieldsOf, itemsOf, readForeignYaml, scalarText, scalarTexts } from './yaml-fields.ts';

/** What the sections' ids are here. */
interface Section {
  /** What an id stands for: `a flaw`. */
  readonly what: string;
  nameOf(id: string): string | undefined;
}

const sections: ReadonlyMap<string, Section> = new Map([
  ['vulnerabilities', { what: 'a flaw', nameOf: (id) => (isFlawId(id) ? id : undefined) }],
  ['misconfigurations', { what: 'a check of Dockerfiles or images', nameOf: settingId }],
  ['secrets', { what: 'a rule for secrets', nameOf: secretId }],
]);
const known = ['id', 'paths', 'purls', 'expired_at', 'statement'];

/** Reads `.trivyignore.yaml`: ids with paths (doublestar) and package URLs, all of which must hold. */
export function readTrivyIgnoreYaml(bytes: Uint8Array, file: string): Foreign {
  const entries = new ForeignEntries(file);
  for (const [section, list] of fieldsOf(readForeignYaml(bytes, file))) {
    for (const item of itemsOf(list)) {
      const line = item.place.line;
      const kind = sections.get(section);
      const id = scalarText(fieldsOf(item).get('id')) ?? 'the entry';
      if (kind) entries.put(line, entryOf(item, kind));
      else if (section === 'licenses') entries.leave(line, `${id} is a licence: say it in the licences of the policy`);
      else entries.leave(line, `${section} is a section that is not known`);
    }
  }
  return entries;
}

function entryOf(item: Value, { what, nameOf }: Section): Carried | string {
  const fields = fieldsOf(item);
  const odd = [...fields.keys()].find((name) => !known.includes(name));
  if (odd !== undefined) return `${odd} is a setting that is not known`;
  const id = scalarText(fields.get('id'));
  const name = id === undefined ? undefined : nameOf(id);
  if (name === undefined) return `${id ?? 'the entry'} is not ${what} that sluice knows`;
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
    ids: [name],
    packages,
    paths: paths as string[],
    ...(reason === undefined ? {} : { reason }),
    ...(expires === undefined ? {} : { expires }),
  };
}
