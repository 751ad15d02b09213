import type { Distribution, Origin, Owner, PackageRecord } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import {
  type EntryTable,
  entryKinds,
  type FileSecrets,
  type KeptDocument,
  type LayerSurvey,
  type LicenceFile,
  type LookedFor,
  type OwnedPaths,
  type OwnerTable,
  type PathTable,
  type SecretMatch,
  type SurveyedFile,
} from '../model/survey.ts';
import { cleanPath } from '../util/path.ts';

/** Most entries of a survey from elsewhere; more are not surveyed here either. */
const maxEntries = 1_200_000;
/** Longest text in a survey from elsewhere, in characters. */
const maxText = 64 * 1024;
/** Longest configuration file in one: hidden secrets are a little longer than the shortest that are hidden. */
const maxDocument = 1024 * 1024;
/** Longest table of owners in one, in characters of base64. */
const maxOwners = 16 * 1024 * 1024;

type Check = (value: unknown) => boolean;
/** Every member of a type, so that a new one can't be forgotten here. */
type Shape<T> = { readonly [K in keyof Required<T>]: Check };

const text: Check = (value) => typeof value === 'string' && value.length <= maxText;
const flag: Check = (value) => typeof value === 'boolean';
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const presence: Check = (value) => value === 'installed' || value === 'declared' || value === 'application';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object that has what it must, and nothing else. */
const object =
  <T>(shape: Shape<T>): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    if (!Object.keys(value).every((key) => Object.hasOwn(shape, key))) return false;
    return Object.entries<Check>(shape).every(([key, check]) => check((value as Record<string, unknown>)[key]));
  };

const problem = object<Problem>({
  code: (value) => text(value) && (value as string).includes('/'),
  message: text,
  path: optional(text),
  layer: optional(count),
  blinding: flag,
});

const packageRecord = object<PackageRecord>({
  name: text,
  version: text,
  presence,
  origin: optional(object<Origin>({ name: text, version: text })),
  arch: optional(text),
  inside: optional(text),
  module: optional(text),
  build: optional(text),
  vendor: optional(text),
  license: optional(text),
  dev: optional(flag),
  hashes: optional(list(text)),
  needs: optional(list(text)),
});

const distribution = object<Distribution>({
  id: text,
  version: text,
  like: list(text),
  name: text,
  codename: optional(text),
});

const owner = object<Owner>({ name: text, version: optional(text), arch: optional(text) });

const surveyedFile = object<SurveyedFile>({
  entry: count,
  ecosystem: text,
  packages: list(packageRecord),
  problems: list(problem),
  distribution: optional(distribution),
  contentSets: optional(list(text)),
  owned: optional(
    list(
      object<OwnedPaths>({
        owner,
        paths: list(text),
      }),
    ),
  ),
});

const hex: Check = (value) => typeof value === 'string' && /^[0-9a-f]{1,128}$/.test(value);

/** Never with a value: what is kept of a secret can't be used. */
const secretMatch = object<Omit<SecretMatch, 'value'>>({
  rule: text,
  line: count,
  column: count,
  endLine: count,
  endColumn: count,
  fingerprint: hex,
  shown: text,
  score: (value) => count(value) && (value as number) <= 100,
  notes: list(text),
  expires: optional(text),
});

const fileSecrets = object<FileSecrets>({ entry: count, matches: list(secretMatch), digests: optional(list(text)) });
const keptDocument = object<KeptDocument>({
  entry: count,
  text: (value) => typeof value === 'string' && value.length <= maxDocument,
});
const licenceFile = object<LicenceFile>({
  entry: count,
  expression: text,
  likeness: (value) => typeof value === 'number' && value >= 0 && value <= 1,
});
const ownerTable = object<OwnerTable>({
  owners: list(object<OwnerTable['owners'][number]>({ ecosystem: text, owner })),
  rows: (value) => typeof value === 'string' && value.length <= maxOwners,
});
const lookedFor = object<LookedFor>({ secrets: optional(text), documents: optional(text), licences: optional(text) });

/** Whether what was found beside packages is of its form, each in the order of its entries. */
function isSoundBeside({ entries, secrets, documents, licences, looked, owners, unlooked }: LayerSurvey): boolean {
  const all = entries.paths.length;
  const ordered = (files: readonly { readonly entry: number }[] = []): boolean =>
    files.every(({ entry }, i) => entry < all && entry >= (files[i - 1]?.entry ?? 0));
  return (
    optional(list(fileSecrets))(secrets) &&
    optional(list(keptDocument))(documents) &&
    optional(list(licenceFile))(licences) &&
    optional(lookedFor)(looked) &&
    optional(ownerTable)(owners) &&
    optional(list(problem))(unlooked) &&
    [secrets, documents, licences].every(ordered)
  );
}

/**
 * Whether a decoded survey is one that this program could have made, as far as its form goes: whoever writes to a
 * shared cache may say what he likes of a layer, but must not make a scan fail.
 */
export function isSoundSurvey(survey: LayerSurvey): boolean {
  const { entries, files, problems, unpacked } = survey;
  const all = entries.paths.length;
  return (
    all <= maxEntries &&
    isSoundTable(entries) &&
    list(surveyedFile)(files) &&
    files.every(({ entry }, i) => entry < all && entry >= (files[i - 1]?.entry ?? 0)) &&
    list(problem)(problems) &&
    isSoundBeside(survey) &&
    count(unpacked)
  );
}

function isSoundTable({ paths, kinds, sizes, modes, uids, gids, links, capabilities }: EntryTable): boolean {
  const all = paths.length;
  if ([kinds, sizes, modes, uids, gids, paths.nameEnds].some((column) => column.length !== all)) return false;
  if (!kinds.every((kind) => kind < entryKinds.length) || !sizes.every(count)) return false;
  for (const [entry, told] of [...links, ...(capabilities ?? [])]) {
    if (!count(entry) || entry >= all || !text(told)) return false;
  }
  return areSoundPaths(paths);
}

function areSoundPaths({ folders, folderPaths, nameBytes, nameEnds }: PathTable): boolean {
  if (!folderPaths.every((path) => text(path) && cleanPath(path) === path)) return false;
  if (!folders.every((folder) => folder < folderPaths.length)) return false;
  if (nameBytes.includes(0x2f) || nameBytes.includes(0)) return false;
  let start = 0;
  for (const end of nameEnds) {
    if (end < start || end > nameBytes.length || end - start > maxText || isDots(nameBytes, start, end)) return false;
    start = end;
  }
  return true;
}

/** Whether a name is `.` or `..`, which leads elsewhere. */
function isDots(bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== 1 && end - start !== 2) return false;
  return bytes[start] === 0x2e && bytes[end - 1] === 0x2e;
}
