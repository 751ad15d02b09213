import type { ConfigurationText, Include, Settings } from './contract.ts';
import { folderOf, Gatherer } from './gather.ts';
import { scannedLines, unquoted } from './line-scan.ts';

/**
 * Reads INI files as most programs do (php.ini, my.cnf): `[section]`, `key = value`, comments behind `;` and `#`. A setting is
 * called `section.key`, and `key` as well, for sections mean nothing in php.ini; the last of several counts. `!include` and
 * `!includedir` are those of my.cnf.
 */
export function readIni(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  const read = ({ path, text: whole }: ConfigurationText): void => {
    let section = '';
    for (const { text, line } of scannedLines(whole, ';#')) {
      if (gatherer.full) return;
      if (text.startsWith('[')) section = sectionIn(text);
      else if (text.startsWith('!include')) {
        const pattern = includedBy(text);
        if (pattern !== undefined) gatherer.include(pattern, folderOf(path), read);
      } else addPair(gatherer, text, { section, line, path });
    }
  };
  return gatherer.gather(file, read);
}

function sectionIn(text: string): string {
  return text.slice(1, text.includes(']') ? text.indexOf(']') : undefined).trim();
}

/** What a line of my.cnf brings in: a file, or all of a folder. */
function includedBy(text: string): string | undefined {
  const [, all, path] = /^!include(dir)?\s+(\S+)/.exec(text) ?? [];
  if (path === undefined) return undefined;
  return all ? `${path.replace(/\/$/, '')}/*.{cnf,ini}` : path;
}

interface Place {
  readonly section: string;
  readonly line: number;
  readonly path: string;
}

function addPair(gatherer: Gatherer, text: string, { section, line, path }: Place): void {
  const { name, value } = pairIn(text);
  if (name === '') return;
  const called = section === '' ? name : `${section}.${name}`;
  const added = gatherer.add({ name: called, value, args: words(value), block: section, line, path });
  if (added && section !== '') gatherer.count(name, added);
}

function words(value: string): string[] {
  return value.split(/[\s,]+/).filter((word) => word !== '');
}

/** `key = value` or `key: value`; a line without either is a key that is empty. */
function pairIn(text: string): { readonly name: string; readonly value: string } {
  const [equals, colon] = [text.indexOf('='), text.indexOf(':')];
  const at = equals < 0 ? colon : colon < 0 ? equals : Math.min(equals, colon);
  if (at < 0) return { name: text, value: '' };
  const name = text.slice(0, at).trimEnd();
  const value = text.slice(at + 1).trim();
  const quote = value[0] === '"' || value[0] === "'" ? value.indexOf(value[0], 1) : -1;
  if (quote > 0) return { name, value: unquoted(value.slice(0, quote + 1)) };
  if (value.startsWith(';')) return { name, value: '' };
  const comment = value.search(/\s[;#]/);
  return { name, value: comment < 0 ? value : value.slice(0, comment).trimEnd() };
}
