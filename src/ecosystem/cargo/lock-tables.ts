import { textLines } from '../../util/text-lines.ts';

/** One `[[package]]` of a Cargo.lock, as it is written. */
export interface LockedCrate {
  /** Its own keys: `name`, `version`, `source` (absent for what lies in the source tree), `checksum` (SHA-256 in hex). */
  readonly fields: ReadonlyMap<string, string>;
  /** `name`, `name version` or `name version (source)`. */
  readonly dependencies: readonly string[];
}

/** The tables of a Cargo.lock. */
export interface LockTables {
  readonly crates: readonly LockedCrate[];
  /** Version 1 has them apart: from `name version (source)` to the SHA-256. */
  readonly checksums: ReadonlyMap<string, string>;
  /** The first line that can't be read, from 1. */
  readonly badLine: number | undefined;
}

/** Most tables and items that are read, so that a file of brackets alone can not fill the memory. */
const maxItems = 2_000_000;
const checksumKey = 'checksum ';
const wanted = new Set(['name', 'version', 'source', 'checksum']);

/**
 * Reads the tables of a Cargo.lock of any version. Cargo writes TOML in one fixed shape, a key or an item a line, so
 * lines are scanned and no TOML is parsed: time and memory stay linear whatever the file holds.
 */
export function readLockTables(text: string): LockTables {
  const scanner = new LockScanner();
  let line = 0;
  let badLine: number | undefined;
  for (const raw of textLines(text)) {
    line++;
    const content = raw.trim();
    if (content !== '' && !content.startsWith('#') && !scanner.read(content)) badLine ??= line;
    if (scanner.items > maxItems) {
      badLine ??= line;
      break;
    }
  }
  if (scanner.inArray) badLine ??= line;
  return { crates: scanner.crates, checksums: scanner.checksums, badLine };
}

class LockScanner {
  readonly crates: LockedCrate[] = [];
  readonly checksums = new Map<string, string>();
  inArray = false;
  items = 0;
  /** The table that keys belong to; undefined in tables of no interest. */
  #fields: Map<string, string> | undefined;
  #dependencies: string[] | undefined;
  /** Where the open array's items go. */
  #into: string[] | undefined;

  /** Whether the line, which is trimmed and not empty, could be read. */
  read(content: string): boolean {
    if (content.startsWith('[') && (!this.inArray || content.startsWith('[['))) return this.#startTable(content);
    if (this.inArray) return this.#readItems(content);
    const cut = content.indexOf(content.startsWith('"') ? '" = ' : ' = ');
    if (cut < 0) return false;
    return content.startsWith('"') ? this.#readChecksum(content, cut) : this.#readKey(content, cut);
  }

  /** `[root]` is the program itself in the oldest files; patches that are not used stand in tables of their own. */
  #startTable(head: string): boolean {
    const closed = !this.inArray;
    this.inArray = false;
    this.#fields = undefined;
    this.#dependencies = undefined;
    if (head === '[[package]]' || head === '[root]') {
      this.items++;
      this.#fields = new Map();
      this.#dependencies = [];
      this.crates.push({ fields: this.#fields, dependencies: this.#dependencies });
    }
    return closed && head.endsWith(']');
  }

  /** `"checksum name version (source)" = "…"` of version 1. */
  #readChecksum(content: string, cut: number): boolean {
    const value = tomlString(content.slice(cut + 4));
    if (value === undefined) return false;
    this.items++;
    if (content.startsWith(checksumKey, 1)) this.checksums.set(content.slice(checksumKey.length + 1, cut), value);
    return true;
  }

  #readKey(content: string, cut: number): boolean {
    const key = content.slice(0, cut);
    const value = content.slice(cut + 3).trimStart();
    if (value.startsWith('[')) {
      this.inArray = true;
      this.#into = key === 'dependencies' ? this.#dependencies : undefined;
      return this.#readItems(value.slice(1));
    }
    if (this.#fields === undefined || !wanted.has(key)) return true;
    const text = tomlString(value);
    if (text === undefined || this.#fields.has(key)) return false;
    this.#fields.set(key, text);
    return true;
  }

  /** Keeps the strings of an array's line: `"a",`, or `"a", "b"]`. */
  #readItems(content: string): boolean {
    for (let at = 0; at < content.length; at++) {
      const c = content.charAt(at);
      if (c === ']') {
        this.inArray = false;
        return true;
      }
      if (c === '"') {
        const end = content.indexOf('"', at + 1);
        if (end < 0) return false;
        this.items++;
        this.#into?.push(content.slice(at + 1, end));
        at = end;
      } else if (c !== ',' && c !== ' ' && c !== '\t') {
        return false;
      }
    }
    return true;
  }
}

/** The text of a TOML basic string. Nothing that stands in such a file needs an escape. */
function tomlString(raw: string): string | undefined {
  const quoted = raw.length >= 2 && raw.startsWith('"') && raw.indexOf('"', 1) === raw.length - 1;
  return quoted ? raw.slice(1, -1) : undefined;
}
