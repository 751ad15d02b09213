import { StanzaTally, stanzaLimit } from '../../format/stanza-tally.ts';
import { type Distribution, isOneOf } from '../../model/package.ts';
import { buildPurl } from '../../model/purl.ts';
import { order } from '../../version/apk.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readApkFiles } from './files.ts';
import { namespaceOf } from './namespace.ts';
import { Dependencies } from './needs.ts';

/** Bytes of a package database that are read; a full desktop has 5 MiB. */
const installedLimit = 64 * 1024 * 1024;

/** Bytes of one field's value that are accepted; names and versions have a few dozen. */
export const fieldLimit = 4096;

/** Bytes of a list of dependencies or of what is provided; a longer one is left out. */
const listLimit = 1024 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;

/** Distributions whose packages apk manages. */
const distributions = new Set(
  'alpine wolfi chainguard postmarketos minimos alpaquita bellsoft-hardened-containers cleanstart clnstrt'.split(' '),
);

/** Alpine packages: apk's database of installed packages, which Wolfi and Chainguard use as well. */
export const ecosystem: Ecosystem = {
  id: 'apk',
  title: 'Alpine and Wolfi packages',
  recognises: [{ what: 'the apk database', example: 'lib/apk/db/installed', presence: 'installed' }],
  revision: 2,
  database: true,
  databasePaths: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'],
  limit: installedLimit,
  order,
  lastLetters: 'd',
  claims: isDatabase,
  ownership: { limit: installedLimit, claims: isDatabase, read: readApkFiles },
  parse: parseInstalled,
  native: (distribution) => isOneOf(distribution, distributions),
  purl(record, distribution) {
    return buildPurl({
      type: 'apk',
      ...(distribution === undefined ? {} : { namespace: distribution.id }),
      name: record.name.toLowerCase(),
      version: record.version,
      qualifiers: { arch: record.arch, distro: distribution === undefined ? undefined : distroName(distribution) },
    });
  },
  advisories(record, distribution) {
    const namespace = distribution && namespaceOf(distribution);
    if (namespace === undefined) return undefined;
    return { ecosystem: namespace, name: record.origin?.name ?? record.name, version: record.version };
  },
};

function isDatabase(path: string): boolean {
  return path === 'lib/apk/db/installed' || path === 'usr/lib/apk/db/installed';
}

/** One stanza while it is read: the fields by the letter that apk gives them. */
interface Draft {
  readonly fields: Map<number, string>;
  readonly line: number;
  malformed: boolean;
}

/** The letters of name, version, architecture, licence and origin (apk-tools, package index format). */
const letters = { name: 0x50, version: 0x56, arch: 0x41, license: 0x4c, origin: 0x6f } as const;
const wanted: ReadonlySet<number> = new Set(Object.values(letters));
/** The letters of what a package needs and provides. */
const needed = 0x44;
const provided = 0x70;

function parseInstalled(file: ClaimedFile): Parsed {
  const { bytes, path } = file;
  const tally = new StanzaTally('apk');
  const dependencies = new Dependencies();
  let draft: Draft | undefined;
  let line = 0;
  let stanzas = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    line++;
    if (end === start || (end === start + 1 && bytes[start] === carriageReturn)) {
      if (draft !== undefined) finish(tally, dependencies, draft);
      draft = undefined;
    } else {
      if (draft === undefined && ++stanzas > stanzaLimit) {
        tally.cut = true;
        break;
      }
      draft ??= { fields: new Map(), line, malformed: false };
      readLine(draft, bytes, start, end);
    }
    start = end + 1;
  }
  if (draft !== undefined) finish(tally, dependencies, draft);
  dependencies.settle(tally.packages);
  return { packages: tally.packages, problems: tally.problems(path) };
}

function readLine(draft: Draft, bytes: Buffer, start: number, end: number): void {
  const letter = bytes[start] ?? 0;
  if (bytes[start + 1] !== colon || end < start + 2) {
    draft.malformed = true;
    return;
  }
  if (letter === needed || letter === provided) {
    if (end - start <= listLimit && !draft.fields.has(letter)) {
      draft.fields.set(letter, bytes.toString('utf8', start + 2, end).trim());
    }
    return;
  }
  if (!wanted.has(letter)) return;
  // Where a field stands twice, two readers may believe two different things: neither is to be trusted.
  if (draft.fields.has(letter) || end - start > fieldLimit) {
    draft.malformed = true;
    return;
  }
  draft.fields.set(letter, bytes.toString('utf8', start + 2, end).trim());
}

function finish(tally: StanzaTally, dependencies: Dependencies, draft: Draft): void {
  const name = draft.fields.get(letters.name);
  const version = draft.fields.get(letters.version);
  if (!name || !version) {
    tally.incomplete.note(draft.line);
    return;
  }
  if (draft.malformed) tally.malformed.note(draft.line);
  const arch = draft.fields.get(letters.arch);
  const license = draft.fields.get(letters.license);
  const origin = draft.fields.get(letters.origin);
  dependencies.add(name, tally.packages.length, draft.fields.get(needed), draft.fields.get(provided));
  tally.packages.push({
    name,
    version,
    presence: 'installed',
    // apk builds all packages of an origin together: they share its version.
    ...(origin && origin !== name ? { origin: { name: origin, version } } : {}),
    ...(arch ? { arch } : {}),
    ...(license ? { license } : {}),
  });
}

function distroName(distribution: Distribution): string {
  return distribution.version === '' ? distribution.id : `${distribution.id}-${distribution.version}`;
}
