import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { type Details, Found, usableField } from './found.ts';
import { fragmentHashes, integrityHashes } from './integrity.ts';
import { sortedNames } from './needs.ts';

/** How often a patch may stand around a patch. */
const patchDepth = 4;
const space = 0x20;
const hash = 0x23;
const colon = 0x3a;
/** Ranges that point into the source tree: nothing that a registry or advisory knows. */
const localProtocols = ['file:', 'link:', 'portal:', 'workspace:', './', '../', '/'];

interface Entry {
  readonly key: string;
  version?: string;
  resolution?: string;
  resolved?: string;
  integrity?: string;
  inNeeds?: boolean;
  readonly needs: string[];
}

/**
 * What a yarn.lock names: version 1 (classic.yarnpkg.com, yarn.lock) and Berry's YAML subset.
 * The file is scanned by line and indentation, not parsed as YAML: no anchors, no tags, no surprises.
 * @throws SluiceError `npm/unreadable` when it isn't a yarn.lock.
 */
export function readYarnLock(bytes: Buffer): Found {
  const found = new Found();
  let entry: Entry | undefined;
  let marked = false;
  let blank = true;
  let entries = 0;
  const finish = (): void => {
    if (entry?.version === undefined) return;
    entries++;
    const details = detailsOf(entry);
    if (entry.resolution !== undefined) declareLocator(entry.resolution, entry.version, details, found);
    // Nobody but Yarn writes an entry without `resolved`, and Yarn writes its mark above it.
    else if (marked || entry.resolved !== undefined) {
      declarePattern(firstPattern(entry.key), entry.version, details, found);
    }
  };
  for (const line of textLines(bytes.toString('utf8'))) {
    const first = line.charCodeAt(0);
    if (line === '' || line === ':') continue;
    if (first === hash) {
      marked ||= line.startsWith('# yarn lockfile v1');
    } else if (first !== space) {
      finish();
      entry = startEntry(line);
      marked ||= line === '__metadata:';
    } else if (entry !== undefined && line.charCodeAt(1) === space && line.charCodeAt(2) !== space) {
      readField(entry, line);
    } else if (entry?.inNeeds && line.startsWith('    ')) {
      entry.needs.push(neededName(line.slice(4)));
    }
    blank &&= line.trim() === '';
  }
  finish();
  if (!marked && !blank && entries === 0) throw new SluiceError('npm/unreadable', 'this is not a yarn.lock');
  return found;
}

/** An entry starts at a line without indentation that ends in a colon; Berry puts `? ` before a key of over 1024 characters. */
function startEntry(line: string): Entry | undefined {
  if (line.startsWith('? ')) return { key: line.slice(2), needs: [] };
  return line.charCodeAt(line.length - 1) === colon ? { key: line.slice(0, -1), needs: [] } : undefined;
}

function readField(entry: Entry, line: string): void {
  const version = fieldValue(line, 'version');
  if (version !== undefined) entry.version = version;
  const resolution = fieldValue(line, 'resolution');
  if (resolution !== undefined) entry.resolution = resolution;
  entry.inNeeds = line === '  dependencies:' || line === '  optionalDependencies:';
  if (line.startsWith('resolved ', 2)) entry.resolved = unquote(line.slice(11).trim());
  else if (line.startsWith('integrity ', 2)) entry.integrity = line.slice(12);
}

/** The name of `name "range"` (version 1) or `"name": "range"` (Berry). */
function neededName(line: string): string {
  const end = line.startsWith('"') ? line.indexOf('"', 1) + 1 : line.indexOf(' ');
  const word = line.slice(0, Math.max(end, 0));
  return unquote(word.endsWith(':') ? word.slice(0, -1) : word);
}

/** Berry's `checksum` is that of the archive that it made itself, and no digest of what was downloaded. */
function detailsOf({ integrity, resolved, needs }: Entry): Details {
  return {
    hashes: integrityHashes(integrity) ?? (resolved === undefined ? undefined : fragmentHashes(resolved)),
    needs: sortedNames(needs.filter(usableField)),
  };
}

/** The value of `  word "value"` (version 1) or `  word: value` (Berry). */
function fieldValue(line: string, word: string): string | undefined {
  if (!line.startsWith(word, 2)) return undefined;
  let start = 2 + word.length;
  if (line.charCodeAt(start) === colon) start++;
  if (line.charCodeAt(start) !== space) return undefined;
  return unquote(line.slice(start + 1).trim());
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** The first of `"a@^1", "a@^2"` or `a@^1, a@^2`. */
function firstPattern(key: string): string {
  if (key.startsWith('"')) {
    const end = key.indexOf('"', 1);
    return end === -1 ? '' : key.slice(1, end);
  }
  const comma = key.indexOf(',');
  return comma === -1 ? key : key.slice(0, comma);
}

/** Version 1: `name@range`, or `alias@npm:name@range`. */
function declarePattern(pattern: string, version: string, details: Details, found: Found): void {
  const cut = pattern.indexOf('@', 1);
  if (cut === -1) return;
  const range = pattern.slice(cut + 1);
  if (localProtocols.some((protocol) => range.startsWith(protocol))) return;
  if (!range.startsWith('npm:')) {
    found.declare(pattern.slice(0, cut), version, details);
    return;
  }
  const target = range.slice(4);
  const end = target.lastIndexOf('@');
  found.declare(end > 0 ? target.slice(0, end) : target, version, details);
}

/** Berry: `name@npm:1.2.3`, `name@patch:<locator, percent-encoded>#…`, `name@<place>:…`. */
function declareLocator(locator: string, version: string, details: Details, found: Found, depth = 0): void {
  const cut = locator.indexOf('@', 1);
  if (cut === -1 || depth > patchDepth) return;
  const reference = locator.slice(cut + 1);
  if (localProtocols.some((protocol) => reference.startsWith(protocol))) return;
  if (reference.startsWith('npm:')) {
    const end = reference.indexOf('::');
    found.declare(locator.slice(0, cut), reference.slice(4, end === -1 ? undefined : end), details);
  } else if (reference.startsWith('patch:')) {
    const end = reference.indexOf('#');
    const inner = percentDecoded(reference.slice(6, end === -1 ? undefined : end));
    if (inner !== undefined) declareLocator(inner, version, details, found, depth + 1);
  } else {
    found.declare(locator.slice(0, cut), version, details);
  }
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
