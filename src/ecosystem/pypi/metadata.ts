import { usableField } from './name.ts';
import { neededName, sortedNames } from './needs.ts';

/** What the header block of a METADATA or PKG-INFO file says. */
export interface Metadata {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  /** Names of what it needs (`Requires-Dist`), but for its extras; sorted, each once. */
  readonly needs?: readonly string[];
}

/** Longest header line (bytes) that is looked at; the rest of a longer one is ignored. */
const lineLimit = 8192;
/** Longest licence that is an identifier; a longer one is the licence's whole text. */
const licenseLimit = 200;
const licenseClassifier = 'License :: ';
const requiresDist = 'requires-dist';
const wanted = new Set(['name', 'version', 'license', 'license-expression', 'classifier', requiresDist]);

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const colon = 0x3a;

/**
 * Reads the header block (Core metadata specification, packaging.python.org; the syntax of RFC 822): the first of each
 * field counts, and the block ends at the first blank line, so that no description can pose as a header.
 */
export function readMetadata(bytes: Buffer): Metadata {
  const first = new Map<string, string>();
  const needed = new Set<string>();
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let start = hasMark ? 3 : 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(newline, start);
    const next = feed === -1 ? bytes.length : feed;
    const end = next > start && bytes[next - 1] === carriageReturn ? next - 1 : next;
    if (end === start) break;
    readHeader(bytes.subarray(start, Math.min(end, start + lineLimit)), first, needed);
    start = next + 1;
  }
  const license = licenseOf(first);
  const needs = sortedNames(needed);
  return {
    ...present('name', first.get('name')),
    ...present('version', first.get('version')),
    ...present('license', license),
    ...(needs && { needs }),
  };
}

/**
 * `{name, version}` of a folder called `name-version.dist-info` or `name-version-py3.8.egg-info`; undefined when it
 * isn't named so. Installers themselves go by it (PyPA, recording installed projects).
 */
export function folderIdentity(folder: string): { name: string; version: string } | undefined {
  const dot = folder.lastIndexOf('.');
  const parts = folder.slice(0, dot === -1 ? folder.length : dot).split('-', 3);
  const [name, version] = parts;
  if (!usableField(name) || !usableField(version)) return undefined;
  const digit = version.charCodeAt(0);
  return digit >= 0x30 && digit <= 0x39 ? { name, version } : undefined;
}

function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return usableField(value) ? ({ [key]: value } as { [P in K]?: string }) : {};
}

/** Keeps `Field: value` when the field is wanted and new; continuation lines start with a blank and are no header. */
function readHeader(line: Buffer, first: Map<string, string>, needed: Set<string>): void {
  if (line[0] === space || line[0] === tab) return;
  const cut = line.subarray(0, 32).indexOf(colon);
  if (cut <= 0) return;
  const field = line.toString('latin1', 0, cut).trim().toLowerCase();
  if (!wanted.has(field) || first.has(field)) return;
  const value = decoded(line.subarray(cut + 1)).trim();
  if (field === requiresDist) {
    const name = neededName(value);
    if (name !== undefined) needed.add(name);
  } else if (field !== 'classifier') first.set(field, value);
  else if (value.startsWith(licenseClassifier)) first.set(field, value.slice(value.lastIndexOf(':') + 1).trim());
}

/** UTF-8, as the specification asks; what isn't is taken for Latin-1, in which older tools wrote. */
function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

/** The SPDX expression, else the free field when it is short enough to be an identifier, else the classifier. */
function licenseOf(fields: Map<string, string>): string | undefined {
  const candidates = [fields.get('license-expression'), fields.get('license'), fields.get('classifier')];
  return candidates.find(
    (text) => text !== undefined && text !== '' && text !== 'UNKNOWN' && text.length <= licenseLimit,
  );
}
