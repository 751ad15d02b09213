import type { PackageRecord } from '../../model/package.ts';
import { textLines } from '../../util/text-lines.ts';
import { keptHashes, noteHashes } from './hashes.ts';
import { type LockedRecords, packageLimit } from './locked.ts';
import { isAlphanumeric, isNameCharacter, usableField } from './name.ts';

/**
 * The packages that a requirements file pins exactly (`name==1.2.3`, pip's documentation of the format). Ranges name no
 * version; options (`-r`, `-e`, `--hash`), URLs and paths name no package of an index.
 */
export function readRequirements(bytes: Buffer, dev: boolean): LockedRecords {
  const records: PackageRecord[] = [];
  for (const { text, digests } of requirements(decoded(bytes))) {
    const pin = readPin(text);
    if (pin === undefined) continue;
    if (records.length >= packageLimit) return { records, full: true };
    const hashes = keptHashes(digests);
    records.push({ ...pin, presence: 'declared', ...(hashes && { hashes }), ...(dev ? { dev } : {}) });
  }
  return { records, full: false };
}

/** Longest requirement (characters) that is put together from continued lines. */
const lineLimit = 4096;
const byteOrderMark = 0xfeff;

/** UTF-8, or UTF-16 by its byte order mark: what PowerShell's `pip freeze >` writes, and pip reads. */
function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

/** A requirement and the digests behind it (`--hash=sha256:…`). */
interface Requirement {
  readonly text: string;
  readonly digests: ReadonlySet<string>;
}

/** The file's lines, those that end in a backslash put together with the next. A comment is never continued. */
function* requirements(text: string): Generator<Requirement, void, undefined> {
  let joined = '';
  let digests = new Set<string>();
  for (const line of textLines(text)) {
    const whole = joined === '' ? line : joined + line;
    if (line.includes('--hash=')) noteHashes(line, digests);
    if (!line.endsWith('\\') || line.trimStart().startsWith('#')) {
      yield { text: whole, digests };
      joined = '';
      if (digests.size > 0) digests = new Set();
    } else if (joined.length < lineLimit) {
      // Only what stands first matters (hashes follow it), so a file of continuations alone can't grow the text.
      joined = whole.slice(0, -1);
    }
  }
  yield { text: joined, digests };
}

/** `name`, an optional `[extras]`, then `==` or `===` and a version without a wildcard. */
function readPin(line: string): { name: string; version: string } | undefined {
  let at = skipSpace(line, 0);
  const nameStart = at;
  while (at < line.length && isNameCharacter(line.charCodeAt(at))) at++;
  const name = line.slice(nameStart, at);
  if (!usableField(name) || !isAlphanumeric(name.charCodeAt(0))) return undefined;
  at = skipSpace(line, at);
  if (line.charAt(at) === '[') {
    const end = line.indexOf(']', at);
    if (end === -1) return undefined;
    at = skipSpace(line, end + 1);
  }
  if (line.charAt(at) === '(') at = skipSpace(line, at + 1);
  if (!line.startsWith('==', at)) return undefined;
  at = skipSpace(line, at + (line.startsWith('===', at) ? 3 : 2));
  const versionStart = at;
  while (at < line.length && isVersionCharacter(line.charAt(at))) at++;
  const version = line.slice(versionStart, at);
  const ends = at === line.length || ' \t;,)#'.includes(line.charAt(at));
  return ends && usableField(version) && !version.includes('*') ? { name, version } : undefined;
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (line.charAt(at) === ' ' || line.charAt(at) === '\t') at++;
  return at;
}

/** PEP 440's characters, and the star of a wildcard. */
function isVersionCharacter(character: string): boolean {
  return isNameCharacter(character.charCodeAt(0)) || character === '+' || character === '!' || character === '*';
}
