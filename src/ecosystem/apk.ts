import { StanzaTally, stanzaLimit } from '../format/stanza-tally.ts';
import { type Distribution, isOneOf } from '../model/package.ts';
import { buildPurl } from '../model/purl.ts';
import { order } from '../version/apk.ts';
import type { ClaimedFile, Ecosystem, Parsed } from './contract.ts';

/** Bytes of a package database that are read; a full desktop has 5 MiB. */
const installedLimit = 64 * 1024 * 1024;

/** Bytes of one field's value that are accepted; names and versions have a few dozen. */
export const fieldLimit = 4096;

const newline = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;

/** Distributions whose packages apk manages. */
const distributions = new Set(['alpine', 'wolfi', 'chainguard', 'postmarketos', 'minimos']);

/** Alpine packages: apk's database of installed packages, which Wolfi and Chainguard use as well. */
export const ecosystem: Ecosystem = {
  id: 'apk',
  revision: 1,
  database: true,
  databasePaths: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'],
  limit: installedLimit,
  order,
  claims(path) {
    return path === 'lib/apk/db/installed' || path === 'usr/lib/apk/db/installed';
  },
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
    const namespace = advisoryNamespace(distribution);
    if (namespace === undefined) return undefined;
    return { ecosystem: namespace, name: record.origin?.name ?? record.name, version: record.version };
  },
};

/** One stanza while it is read: the fields by the letter that apk gives them. */
interface Draft {
  readonly fields: Map<number, string>;
  readonly line: number;
  malformed: boolean;
}

/** The letters of name, version, architecture, licence and origin (apk-tools, package index format). */
const letters = { name: 0x50, version: 0x56, arch: 0x41, license: 0x4c, origin: 0x6f } as const;
const wanted: ReadonlySet<number> = new Set(Object.values(letters));

function parseInstalled(file: ClaimedFile): Parsed {
  const { bytes, path } = file;
  const tally = new StanzaTally('apk');
  let draft: Draft | undefined;
  let line = 0;
  let stanzas = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    line++;
    if (end === start || (end === start + 1 && bytes[start] === carriageReturn)) {
      if (draft !== undefined) finish(tally, draft);
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
  if (draft !== undefined) finish(tally, draft);
  return { packages: tally.packages, problems: tally.problems(path) };
}

function readLine(draft: Draft, bytes: Buffer, start: number, end: number): void {
  const letter = bytes[start] ?? 0;
  if (bytes[start + 1] !== colon || end < start + 2) {
    draft.malformed = true;
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

function finish(tally: StanzaTally, draft: Draft): void {
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

/** The namespace of the OSV schema; a derivative has none, for its packages are not Alpine's. */
function advisoryNamespace(distribution: Distribution | undefined): string | undefined {
  switch (distribution?.id) {
    case 'alpine':
      return alpineNamespace(distribution.version);
    case 'wolfi':
      return 'Wolfi';
    case 'chainguard':
      return 'Chainguard';
    default:
      return undefined;
  }
}

/** `3.18.9` is of the branch v3.18; `3.21.0_alpha20240807` is edge, on its way to be 3.21. */
function alpineNamespace(version: string): string | undefined {
  if (version === 'edge' || version.includes('_alpha')) return 'Alpine:edge';
  const branch = /^\d+\.\d+(?=\.|_|$)/.exec(version)?.[0];
  return branch === undefined ? undefined : `Alpine:v${branch}`;
}
