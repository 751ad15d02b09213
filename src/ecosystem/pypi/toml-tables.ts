import { textLines } from '../../util/text-lines.ts';

/** One `[[package]]` of a lock file: the values of its own keys and of its `[package.source]`, as they are written. */
export interface LockedPackage {
  readonly own: ReadonlyMap<string, string>;
  readonly source: ReadonlyMap<string, string>;
}

/** Keys that are kept; the others (files, hashes, dependencies) are most of such a file. */
const wanted = new Set(['name', 'version', 'category', 'groups', 'source', 'type']);

/**
 * The `[[package]]` tables of a lock file, one by one. Poetry and uv write TOML in one fixed shape, a key a line, so
 * lines are scanned and no TOML is parsed: time and memory stay linear whatever the file holds.
 */
export function* packageTables(text: string): Generator<LockedPackage, void, undefined> {
  let own: Map<string, string> | undefined;
  let source = new Map<string, string>();
  let target: Map<string, string> | undefined;
  for (const line of textLines(text)) {
    if (line.startsWith('[')) {
      if (line.startsWith('[package.')) {
        target = line === '[package.source]' && own !== undefined ? source : undefined;
        continue;
      }
      if (own !== undefined) yield { own, source };
      own = line === '[[package]]' ? new Map() : undefined;
      source = new Map();
      target = own;
    } else if (target !== undefined) {
      keep(line, target);
    }
  }
  if (own !== undefined) yield { own, source };
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
