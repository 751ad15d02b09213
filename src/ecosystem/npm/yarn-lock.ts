import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { Found } from './found.ts';

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
  resolved?: boolean;
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
    if (entry.resolution !== undefined) declareLocator(entry.resolution, entry.version, 0, found);
    // Nobody but Yarn writes an entry without `resolved`, and Yarn writes its mark above it.
    else if (marked || entry.resolved) declarePattern(firstPattern(entry.key), entry.version, found);
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
    }
    blank &&= line.trim() === '';
  }
  finish();
  if (!marked && !blank && entries === 0) throw new SluiceError('npm/unreadable', 'this is not a yarn.lock');
  return found;
}

/** An entry starts at a line without indentation that ends in a colon; Berry puts `? ` before a key of over 1024 characters. */
function startEntry(line: string): Entry | undefined {
  if (line.startsWith('? ')) return { key: line.slice(2) };
  return line.charCodeAt(line.length - 1) === colon ? { key: line.slice(0, -1) } : undefined;
}

function readField(entry: Entry, line: string): void {
  const version = fieldValue(line, 'version');
  if (version !== undefined) entry.version = version;
  const resolution = fieldValue(line, 'resolution');
  if (resolution !== undefined) entry.resolution = resolution;
  if (line.startsWith('resolved ', 2)) entry.resolved = true;
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
function declarePattern(pattern: string, version: string, found: Found): void {
  const cut = pattern.indexOf('@', 1);
  if (cut === -1) return;
  const range = pattern.slice(cut + 1);
  if (localProtocols.some((protocol) => range.startsWith(protocol))) return;
  if (!range.startsWith('npm:')) {
    found.declare(pattern.slice(0, cut), version);
    return;
  }
  const target = range.slice(4);
  const end = target.lastIndexOf('@');
  found.declare(end > 0 ? target.slice(0, end) : target, version);
}

/** Berry: `name@npm:1.2.3`, `name@patch:<locator, percent-encoded>#…`, `name@<place>:…`. */
function declareLocator(locator: string, version: string, depth: number, found: Found): void {
  const cut = locator.indexOf('@', 1);
  if (cut === -1 || depth > patchDepth) return;
  const reference = locator.slice(cut + 1);
  if (localProtocols.some((protocol) => reference.startsWith(protocol))) return;
  if (reference.startsWith('npm:')) {
    const end = reference.indexOf('::');
    found.declare(locator.slice(0, cut), reference.slice(4, end === -1 ? undefined : end));
  } else if (reference.startsWith('patch:')) {
    const end = reference.indexOf('#');
    const inner = percentDecoded(reference.slice(6, end === -1 ? undefined : end));
    if (inner !== undefined) declareLocator(inner, version, depth + 1, found);
  } else {
    found.declare(locator.slice(0, cut), version);
  }
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
