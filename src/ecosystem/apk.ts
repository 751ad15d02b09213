import { type Distribution, isOneOf, type PackageRecord } from '../model/package.ts';
import { blinding, type Problem } from '../model/problem.ts';
import { buildPurl } from '../model/purl.ts';
import { order } from '../version/apk.ts';
import type { ClaimedFile, Ecosystem, Parsed } from './contract.ts';

/** Bytes of a package database that are read; a full desktop has 5 MiB. */
const installedLimit = 64 * 1024 * 1024;

/** Stanzas of one file that are read; all of Alpine has some 30,000. Stops a file of tiny stanzas from filling memory. */
export const stanzaLimit = 200_000;

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

/** Stanzas that are not right: how many, and the line where the first one starts. */
interface Flaw {
  count: number;
  firstLine: number;
}

/** What the stanzas of one file add up to. */
interface Tally {
  readonly packages: PackageRecord[];
  readonly incomplete: Flaw;
  readonly malformed: Flaw;
  stanzas: number;
}

/** The letters of name, version, architecture, licence and origin (apk-tools, package index format). */
const letters = { name: 0x50, version: 0x56, arch: 0x41, license: 0x4c, origin: 0x6f } as const;
const wanted: ReadonlySet<number> = new Set(Object.values(letters));

function parseInstalled(file: ClaimedFile): Parsed {
  const { bytes, path } = file;
  const none = { count: 0, firstLine: 0 };
  const tally: Tally = { packages: [], incomplete: { ...none }, malformed: { ...none }, stanzas: 0 };
  let draft: Draft | undefined;
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    line++;
    if (end === start || (end === start + 1 && bytes[start] === carriageReturn)) {
      if (draft !== undefined) finish(tally, draft);
      draft = undefined;
    } else {
      if (draft === undefined && tally.stanzas === stanzaLimit) return tooMany(tally, path);
      draft ??= { fields: new Map(), line, malformed: false };
      readLine(draft, bytes, start, end);
    }
    start = end + 1;
  }
  if (draft !== undefined) finish(tally, draft);
  return { packages: tally.packages, problems: problemsOf(tally, path) };
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

function finish(tally: Tally, draft: Draft): void {
  tally.stanzas++;
  const name = draft.fields.get(letters.name);
  const version = draft.fields.get(letters.version);
  if (!name || !version) {
    note(tally.incomplete, draft.line);
    return;
  }
  if (draft.malformed) note(tally.malformed, draft.line);
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

function note(flaw: Flaw, line: number): void {
  if (flaw.count === 0) flaw.firstLine = line;
  flaw.count++;
}

function tooMany(tally: Tally, path: string): Parsed {
  const message = `the package database holds more than ${stanzaLimit} stanzas; the others were not read`;
  const problems = [...problemsOf(tally, path), blinding('apk/too-many', message, path)];
  return { packages: tally.packages, problems };
}

/** A stanza that can't be named could be the vulnerable package, so each of these blinds. */
function problemsOf(tally: Tally, path: string): Problem[] {
  const { packages, incomplete, malformed } = tally;
  if (packages.length === 0 && incomplete.count > 0) {
    return [blinding('apk/unreadable', 'the package database holds no readable stanza', path)];
  }
  const problems: Problem[] = [];
  if (incomplete.count > 0) {
    const message = `stanzas without a package name or a version: ${incomplete.count}, the first at line ${incomplete.firstLine}`;
    problems.push(blinding('apk/stanza-incomplete', message, path));
  }
  if (malformed.count > 0) {
    const message = `stanzas with lines that can't be read: ${malformed.count}, the first at line ${malformed.firstLine}`;
    problems.push(blinding('apk/stanza-malformed', message, path));
  }
  return problems;
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
