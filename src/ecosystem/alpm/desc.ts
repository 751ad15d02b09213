import type { PackageRecord } from '../../model/package.ts';
import { textLines } from '../../util/text-lines.ts';

/** Characters of one value, and values of one field, that are accepted; names and versions have a few dozen. */
const valueLimit = 4096;
const listLimit = 5000;

const wanted = ['NAME', 'VERSION', 'BASE', 'ARCH', 'LICENSE', 'DEPENDS'];
/** Of these there is one value, and one that stands twice is none: two readers may believe two different things. */
const single = ['NAME', 'VERSION', 'BASE', 'ARCH'];

/** What a `desc` says: the package, and whether a part of it that matters makes no sense. */
export interface Desc {
  readonly record?: PackageRecord;
  readonly malformed: boolean;
}

/** Reads the `desc` of pacman's local database: `%FIELD%` on a line of its own, its values a line each, a blank line. */
export function readDesc(text: string): Desc {
  const { fields, malformed } = readFields(text);
  const value = (field: string): string => fields.get(field)?.[0] ?? '';
  const [name, version, base, arch] = ['NAME', 'VERSION', 'BASE', 'ARCH'].map(value) as [
    string,
    string,
    string,
    string,
  ];
  if (!isToken(name) || !isToken(version)) return { malformed };
  const license = fields.get('LICENSE')?.join(', ');
  const needs = neededBy(name, fields.get('DEPENDS') ?? []);
  const record: PackageRecord = {
    name,
    version,
    presence: 'installed',
    ...(base && base !== name ? { origin: { name: base, version } } : {}),
    ...(arch ? { arch } : {}),
    ...(license ? { license } : {}),
    ...(needs ? { needs } : {}),
  };
  return { record, malformed };
}

function readFields(text: string): { fields: ReadonlyMap<string, readonly string[]>; malformed: boolean } {
  const fields = new Map(wanted.map((field): [string, string[]] => [field, []]));
  const cut = new Set<string>();
  let field: string | undefined;
  for (const line of textLines(text)) {
    const heading = line === '' ? '' : headingOf(line);
    if (heading !== undefined) {
      field = heading;
      continue;
    }
    const values = fields.get(field ?? '');
    if (field === undefined || values === undefined) continue;
    if (values.length < listLimit && line.length <= valueLimit) values.push(line);
    else cut.add(field);
  }
  const malformed = single.some((name) => cut.has(name) || (fields.get(name)?.length ?? 0) > 1);
  return { fields, malformed };
}

/** The field that a line names; a value never has both signs. */
function headingOf(line: string): string | undefined {
  const long = line.length > 2 && line.length < 40;
  return long && line.startsWith('%') && line.endsWith('%') ? line.slice(1, -1) : undefined;
}

function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f) return false;
  }
  return text !== '';
}

/** Names of packages: `python>=3.12` without the version, and no libraries (`libz.so=1-64`), which it finds by what provides them. */
function neededBy(name: string, depends: readonly string[]): readonly string[] | undefined {
  const needs = new Set<string>();
  for (const depend of depends) {
    const needed = depend.slice(0, nameEnd(depend));
    if (needed !== '' && needed !== name && !needed.endsWith('.so') && !needed.includes('/')) needs.add(needed);
  }
  return needs.size === 0 ? undefined : [...needs].sort();
}

function nameEnd(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0x3c && code <= 0x3e) || code <= 0x20 || code === 0x3a) return at;
  }
  return text.length;
}
