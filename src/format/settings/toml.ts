import { parse } from 'smol-toml';
import { SluiceError } from '../../util/error.ts';
import type { ConfigurationText, Include, Settings } from './contract.ts';
import { Gatherer } from './gather.ts';
import { scannedLines } from './line-scan.ts';
import { addTree, deepestValue, type Tree } from './tree.ts';

/** Largest text that is read (UTF-16 units). */
const longest = 1024 * 1024;

/** Reads TOML 1.0; lines are told of keys that stand on a line of their own. @throws SluiceError, or what the library throws */
export function readTomlSettings(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  return gatherer.gather(file, ({ text, path }) => {
    if (text.length > longest) throw new SluiceError('config/too-large', `it is longer than ${longest} characters`);
    const value: unknown = parse(text, { maxDepth: deepestValue, integersAsBigInt: 'asNeeded' });
    addTree(gatherer, treeOf(value, '', linesOf(text), 0), path);
  });
}

/** A key of many dots makes as many tables, which the library does not count. */
function treeOf(value: unknown, name: string, lines: ReadonlyMap<string, number>, depth: number): Tree {
  if (depth > deepestValue) throw new SluiceError('config/too-deep', `it nests deeper than ${deepestValue} levels`);
  const line = lines.get(name) ?? 0;
  const below = (key: string): string => (name === '' ? key : `${name}.${key}`);
  if (Array.isArray(value)) {
    const items = value.map((item, at) => treeOf(item, below(String(at)), lines, depth + 1));
    return { kind: 'list', items, line };
  }
  if (typeof value !== 'object' || value === null || value instanceof Date)
    return { kind: 'text', text: value instanceof Date ? value.toISOString() : String(value), line };
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, treeOf(inner, below(key), lines, depth + 1), lines.get(below(key)) ?? line] as const,
  );
  return { kind: 'map', entries, line };
}

/** The lines of keys and tables by their names. */
function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = '';
  for (const { text: bare, line } of scannedLines(text, '#')) {
    const header = /^\[\[?([^[\]]{1,500})\]\]?/.exec(bare);
    if (header) {
      table = plainKey(header[1] ?? '');
      if (bare.startsWith('[[')) {
        const count = counts.get(table) ?? 0;
        counts.set(table, count + 1);
        table = `${table}.${count}`;
      }
      lines.set(table, line);
      continue;
    }
    const equals = bare.indexOf('=');
    if (equals <= 0) continue;
    const key = plainKey(bare.slice(0, equals));
    lines.set(table === '' ? key : `${table}.${key}`, line);
  }
  return lines;
}

/** `a . "b"` as `a.b`. */
function plainKey(key: string): string {
  return key
    .split('.')
    .map((part) => part.trim().replaceAll(/^["']|["']$/g, ''))
    .join('.');
}
