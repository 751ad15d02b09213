import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { Found, usableField } from './found.ts';
import { integrityHashes } from './integrity.ts';
import { sortedNames } from './needs.ts';

const space = 0x20;
const colon = 0x3a;

interface Entry {
  readonly key: string;
  name?: string;
  version?: string;
  dev?: boolean;
  /** The package is a folder of the source tree. */
  local?: boolean;
  hashes?: readonly string[] | undefined;
  /** Which of its fields the lines below belong to. */
  inNeeds?: boolean;
  readonly needs: string[];
}

/**
 * What a pnpm-lock.yaml of version 5 to 9 names (pnpm.io, the lockfile specification): the keys of `packages`; what
 * each needs stands there too, from version 9 on below the keys of `snapshots`.
 * The file is scanned by line and indentation, not parsed as YAML: no anchors, no tags, no surprises.
 * @throws SluiceError `npm/unreadable` when it isn't a pnpm lock file.
 */
export function readPnpmLock(bytes: Buffer): Found {
  const found = new Found();
  let major: number | undefined;
  let section: string | undefined;
  let blank = true;
  let entry: Entry | undefined;
  for (const line of textLines(bytes.toString('utf8'))) {
    const depth = indentation(line);
    if (depth === line.length) continue;
    blank = false;
    if (depth <= 2 && !line.startsWith('  : ')) {
      finishEntry(entry, section, major ?? 0, found);
      entry = undefined;
    }
    if (depth === 0) {
      section = line === 'packages:' || line === 'snapshots:' ? line : undefined;
      if (line.startsWith('lockfileVersion:')) major = Number.parseInt(scalar(line.slice(16)), 10);
    } else if (section !== undefined && depth === 2) {
      entry ??= startEntry(line);
    } else if (entry !== undefined && depth >= 4) {
      readField(entry, line, depth);
    }
  }
  finishEntry(entry, section, major ?? 0, found);
  if (major === undefined && !blank) throw new SluiceError('npm/unreadable', 'this is not a pnpm lock file');
  return found;
}

function indentation(line: string): number {
  let depth = 0;
  while (line.charCodeAt(depth) === space) depth++;
  return depth;
}

/** `  key:`; YAML puts `? ` before a key of over 1024 characters. */
function startEntry(line: string): Entry | undefined {
  if (line.startsWith('? ', 2)) return { key: scalar(line.slice(4)), needs: [] };
  return line.charCodeAt(line.length - 1) === colon ? { key: scalar(line.slice(2, -1)), needs: [] } : undefined;
}

function readField(entry: Entry, line: string, depth: number): void {
  if (depth > 4) readInner(entry, line, depth);
  else {
    entry.inNeeds = line === '    dependencies:' || line === '    optionalDependencies:';
    readOuter(entry, line);
  }
}

function readOuter(entry: Entry, line: string): void {
  if (line.startsWith('dev: true', 4)) entry.dev = true;
  else if (line.startsWith('name: ', 4)) entry.name = scalar(line.slice(10));
  else if (line.startsWith('version: ', 4)) entry.version = scalar(line.slice(13));
  else if (line.startsWith('resolution: {directory:', 4)) entry.local = true;
  else if (line.startsWith('resolution: {integrity: ', 4)) entry.hashes = integrityHashes(firstWord(line.slice(28)));
}

/** A field of `resolution`, where that takes several lines, or one of the packages that are needed. */
function readInner(entry: Entry, line: string, depth: number): void {
  if (entry.inNeeds) {
    const cut = line.indexOf(': ', depth);
    if (depth === 6 && cut !== -1) entry.needs.push(scalar(line.slice(6, cut)));
  } else if (line.startsWith('type: directory', 6)) entry.local = true;
  else if (line.startsWith('integrity: ', 6)) entry.hashes = integrityHashes(scalar(line.slice(17)));
}

/** What stands before the comma or brace of `sha512-…, tarball: …}`. */
function firstWord(text: string): string {
  return cutAt(cutAt(text, '}'), ',').trim();
}

/** A YAML scalar without its quotes. Names and versions hold nothing that would be escaped within. */
function scalar(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed.charAt(0);
  return trimmed.length >= 2 && (quote === "'" || quote === '"') && trimmed.endsWith(quote)
    ? trimmed.slice(1, -1)
    : trimmed;
}

function finishEntry(entry: Entry | undefined, section: string | undefined, major: number, found: Found): void {
  if (entry === undefined || entry.local) return;
  const [name, version] = major < 6 ? slashKey(entry.key) : atKey(entry.key, major);
  const needs = sortedNames(entry.needs.filter(usableField));
  if (section === 'packages:') {
    found.declare(entry.name ?? name, entry.version ?? version, {
      dev: entry.dev === true,
      hashes: entry.hashes,
      needs,
    });
  } else if (needs !== undefined) found.needs(name, version, needs);
}

/** Version 5: `/name/1.2.3`, `/@scope/name/1.2.3_peers`, and with another registry's host before it. */
function slashKey(key: string): [name: string, version: string] {
  const start = key.indexOf('/') + 1;
  const scopeEnd = key.startsWith('@', start) ? key.indexOf('/', start) : start - 1;
  const nameEnd = scopeEnd === -1 ? -1 : key.indexOf('/', scopeEnd + 1);
  if (nameEnd === -1) return ['', ''];
  const rest = key.slice(nameEnd + 1);
  return [key.slice(start, nameEnd), cutAt(cutAt(rest, '_'), '/')];
}

/** Version 6: `/name@1.2.3(peers)` or `host/name@…`; from 9 without the slash: `@scope/name@1.2.3`, `name@https://…`. */
function atKey(key: string, major: number): [name: string, version: string] {
  const full = cutAt(key, '(');
  const plain = major < 9 ? full.slice(full.indexOf('/') + 1) : full;
  const cut = plain.indexOf('@', 1);
  return cut === -1 ? ['', ''] : [plain.slice(0, cut), plain.slice(cut + 1)];
}

function cutAt(text: string, mark: string): string {
  const end = text.indexOf(mark);
  return end === -1 ? text : text.slice(0, end);
}
