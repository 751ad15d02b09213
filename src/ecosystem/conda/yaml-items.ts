import { textLines } from '../../util/text-lines.ts';

/** One map of a list: its scalar fields, those of a map below it as `hash.sha256`, and the items of lists below it. */
export interface YamlItem {
  readonly fields: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** Most items of one list that are kept. */
const listLimit = 1000;
const space = 0x20;
const dash = 0x2d;

/**
 * The maps in the list below a key at the left edge (`package:`), one by one. conda-lock and pixi write block style, a
 * key a line, so the file is scanned by line and indentation and no YAML is parsed: no anchors, no tags, no surprises.
 */
export function* yamlItems(text: string, section: string): Generator<YamlItem, void, undefined> {
  let inSection = false;
  let item: ItemReader | undefined;
  for (const line of textLines(text)) {
    const depth = indentation(line);
    if (depth === line.length || line.charCodeAt(depth) === 0x23) continue;
    const isItem = line.charCodeAt(depth) === dash && line.charCodeAt(depth + 1) === space;
    if (depth === 0 && !isItem) {
      if (item !== undefined) yield item;
      item = undefined;
      inSection = line === section;
    } else if (inSection && isItem && (item === undefined || depth <= item.depth)) {
      if (item !== undefined) yield item;
      item = new ItemReader(depth);
      item.line(line.slice(depth + 2).trimStart(), depth + 2);
    } else if (inSection) {
      item?.line(line.slice(depth), depth);
    }
  }
  if (item !== undefined) yield item;
}

/** A YAML scalar without its quotes; names, versions and digests hold nothing that would be escaped within. */
export function yamlScalar(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed.charAt(0);
  const quoted = trimmed.length >= 2 && (quote === "'" || quote === '"') && trimmed.endsWith(quote);
  return quoted ? trimmed.slice(1, -1) : trimmed;
}

/** The number of blanks at a line's beginning. */
export function indentation(line: string): number {
  let depth = 0;
  while (line.charCodeAt(depth) === space) depth++;
  return depth;
}

class ItemReader implements YamlItem {
  readonly fields = new Map<string, string>();
  readonly lists = new Map<string, string[]>();
  /** Where the item's dash stands. */
  readonly depth: number;
  /** The key of the item's own that has a map or list below it. */
  #parent = '';

  constructor(depth: number) {
    this.depth = depth;
  }

  line(text: string, depth: number): void {
    if (text.startsWith('- ')) {
      this.#keepItem(text.slice(2));
      return;
    }
    const end = text.endsWith(':') ? text.length - 1 : text.indexOf(': ');
    if (end <= 0) return;
    const key = yamlScalar(text.slice(0, end));
    const value = yamlScalar(text.slice(end + 1));
    if (depth > this.depth + 2) {
      this.#keepItem(key);
      this.#keep(`${this.#parent}.${key}`, value);
    } else {
      this.#parent = key;
      this.#keep(key, value);
    }
  }

  #keep(key: string, value: string): void {
    if (value !== '' && !this.fields.has(key)) this.fields.set(key, value);
  }

  /** A map below the item counts as the list of its keys, too: conda-lock maps what is needed to ranges. */
  #keepItem(text: string): void {
    const list = this.lists.get(this.#parent);
    if (list === undefined) this.lists.set(this.#parent, [yamlScalar(text)]);
    else if (list.length < listLimit) list.push(yamlScalar(text));
  }
}
