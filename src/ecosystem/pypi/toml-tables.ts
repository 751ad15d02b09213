import { textLines } from '../../util/text-lines.ts';
import { noteHashes } from './hashes.ts';
import { usableField } from './name.ts';
import { neededName } from './needs.ts';

/** One package of a lock file: the values of its own keys and of its `[package.source]`, as they are written. */
export interface LockedPackage {
  readonly own: ReadonlyMap<string, string>;
  readonly source: ReadonlyMap<string, string>;
  /** Names of its tables: `source`, `dependencies`, `wheels.hashes`. */
  readonly tables: ReadonlySet<string>;
  readonly hashes: ReadonlySet<string>;
  readonly needs: readonly string[];
}

/** Keys that are kept; the others (files, dependencies) are looked at line by line. */
const wanted = new Set(['name', 'version', 'category', 'groups', 'source', 'type', 'path', 'editable', 'directory']);
const dependencies = 'dependencies';

/**
 * The `[[package]]` tables (or those of another name) of a lock file, one by one. Poetry, uv, PDM and pip write TOML in
 * fixed shapes, a key a line, so lines are scanned and no TOML is parsed: time and memory stay linear whatever the file
 * holds.
 */
export function* packageTables(text: string, word = 'package'): Generator<LockedPackage, void, undefined> {
  const first = `[[${word}]]`;
  const below = [`[${word}.`, `[[${word}.`];
  let table: TableReader | undefined;
  for (const line of textLines(text)) {
    if (!line.startsWith('[')) {
      table?.line(line);
      continue;
    }
    const prefix = below.find((start) => line.startsWith(start));
    if (prefix !== undefined) {
      table?.enter(line.slice(prefix.length, line.indexOf(']')));
      continue;
    }
    if (table !== undefined) yield table;
    table = line === first ? new TableReader() : undefined;
  }
  if (table !== undefined) yield table;
}

class TableReader implements LockedPackage {
  readonly own = new Map<string, string>();
  readonly source = new Map<string, string>();
  readonly tables = new Set<string>();
  readonly hashes = new Set<string>();
  readonly needs: string[] = [];
  /** The table within the package's; empty in its own. */
  #table = '';
  /** Whether the lines are those of the array `dependencies`. */
  #inNeeds = false;

  enter(table: string): void {
    this.tables.add(table);
    this.#table = table;
    this.#inNeeds = false;
  }

  line(line: string): void {
    if (this.#table === '') this.#ownLine(line);
    else if (this.#table === 'source') keep(line, this.source);
    else if (this.#table === dependencies) this.#dependencyLine(line);
    else if (line.startsWith('sha')) noteHashes(line, this.hashes);
  }

  #ownLine(line: string): void {
    if (line.startsWith(']')) this.#inNeeds = false;
    else if (this.#inNeeds) this.#noteNeeds(line);
    else if (line.startsWith(`${dependencies} = [`)) {
      this.#inNeeds = !line.endsWith(']');
      this.#noteNeeds(line.slice(dependencies.length + 4));
    } else {
      noteHashes(line, this.hashes);
      keep(line, this.own);
    }
  }

  /** uv and PEP 751 write `{ name = "x", … }`, PDM `"x>=1; markers"`. */
  #noteNeeds(text: string): void {
    if (text.includes('{')) {
      for (const [, name = ''] of text.matchAll(/\{ ?name = "([A-Za-z0-9._-]{1,1000})"/g)) this.#need(name);
    } else {
      for (const item of text.split('",')) this.#need(neededName(item.slice(item.indexOf('"') + 1)));
    }
  }

  /** Poetry writes a table of names; PEP 751 may write one table a dependency, which names it. */
  #dependencyLine(line: string): void {
    const cut = line.indexOf(' = ');
    const key = line.slice(0, Math.max(cut, 0));
    const value = line.slice(cut + 3);
    if (key === 'name') this.#need(tomlString(value));
    else if (key !== '' && !line.startsWith(' ') && !value.includes('optional = true')) this.#need(tomlKey(key));
  }

  #need(name: string | undefined): void {
    if (usableField(name)) this.needs.push(name);
  }
}

/** The text of a TOML string, basic or literal; undefined when the value is something else. */
export function tomlString(raw: string | undefined): string | undefined {
  if (raw === undefined || raw.length < 2) return undefined;
  if (raw.startsWith("'") && raw.endsWith("'")) return raw.slice(1, -1);
  if (!raw.startsWith('"') || !raw.endsWith('"')) return undefined;
  if (!raw.includes('\\')) return raw.slice(1, -1);
  return jsonString(raw);
}

/** The strings of a TOML array that stands on one line: `["main", "dev"]`. */
export function tomlStrings(raw: string | undefined): string[] | undefined {
  if (raw === undefined || !raw.startsWith('[') || !raw.endsWith(']')) return undefined;
  const texts: string[] = [];
  for (const item of raw.slice(1, -1).split(',')) {
    const text = tomlString(item.trim());
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** A bare key, or a quoted one. */
function tomlKey(raw: string): string | undefined {
  return raw.startsWith('"') || raw.startsWith("'") ? tomlString(raw) : raw;
}

function keep(line: string, target: Map<string, string>): void {
  const cut = line.indexOf(' = ');
  if (cut === -1) return;
  const key = line.slice(0, cut);
  if (wanted.has(key) && !target.has(key)) target.set(key, line.slice(cut + 3).trim());
}

/** The escapes of a basic string that a name could hold are those of JSON. */
function jsonString(raw: string): string | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
