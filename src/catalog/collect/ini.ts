import { textLines } from '../../util/text-lines.ts';

/** Most keys of one file, and its longest line that is read, in characters. */
const mostKeys = 100_000;
const longestLine = 64 * 1024;

/** Keys by section; what stands before the first section is in that without a name. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads an INI file as most programs do: `[section]`, `key = value` or `key: value`, comments behind `;` and `#` at the
 * beginning of a line, quotes around a whole value taken away, the last of several values counts. A line without a value
 * is a key that is empty. Never throws: what is beyond the limits is left out, and told.
 */
export function parseIni(text: string): { readonly sections: IniSections; readonly whole: boolean } {
  const sections = new Map<string, Map<string, string>>();
  let section = sectionOf(sections, '');
  let keys = 0;
  let whole = true;
  for (const line of textLines(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)) {
    if (line.length > longestLine || keys >= mostKeys) {
      whole = false;
      continue;
    }
    const bare = line.trim();
    const first = bare[0];
    if (first === undefined || first === ';' || first === '#') continue;
    keys++;
    if (first === '[') section = sectionOf(sections, sectionName(bare));
    else addKey(section, bare);
  }
  return { sections, whole };
}

function sectionOf(sections: Map<string, Map<string, string>>, name: string): Map<string, string> {
  const known = sections.get(name) ?? new Map<string, string>();
  sections.set(name, known);
  return known;
}

function sectionName(line: string): string {
  const end = line.indexOf(']');
  return line.slice(1, end < 0 ? undefined : end).trim();
}

function addKey(section: Map<string, string>, line: string): void {
  const [equals, colon] = [line.indexOf('='), line.indexOf(':')];
  const at = equals < 0 ? colon : colon < 0 ? equals : Math.min(equals, colon);
  if (at < 0) section.set(line, '');
  else if (at > 0) section.set(line.slice(0, at).trimEnd(), unquoted(line.slice(at + 1).trim()));
}

function unquoted(value: string): string {
  const quote = value[0];
  const isQuoted = value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return isQuoted ? value.slice(1, -1) : value;
}
