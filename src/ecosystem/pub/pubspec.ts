import type { PackageRecord } from '../../model/package.ts';
import { cachedPackage, usableField } from './records.ts';
import { yamlLines } from './yaml-lines.ts';

/** Most packages that one package is taken to need. */
const needsLimit = 1000;

/** The package whose pubspec.yaml lies in pub's cache, and whether the file itself names it. */
export interface CachedPackage {
  readonly record: PackageRecord | undefined;
  readonly complete: boolean;
}

/**
 * Reads a pubspec.yaml of pub's cache (dart.dev, "The pubspec file"). What it doesn't say, its folder's name does, so
 * that emptying the file hides nothing.
 */
export function readPubspec(bytes: Buffer, folder: string): CachedPackage {
  const stated = new Map<string, string>();
  const needs = new Set<string>();
  let block = '';
  let indent = 0;
  for (const { depth, key, value } of yamlLines(bytes.toString('utf8'))) {
    if (depth === 0) {
      block = key;
      indent = 0;
      if (!stated.has(key)) stated.set(key, value);
    } else if (block === 'dependencies') {
      indent ||= depth;
      if (depth === indent && needs.size < needsLimit && usableField(key)) needs.add(key);
    }
  }
  const named = cachedPackage(folder);
  const name = stated.get('name');
  const version = stated.get('version');
  const complete = usableField(name) && usableField(version);
  const found = complete ? { name, version } : named;
  if (found === undefined) return { record: undefined, complete };
  const needed = needs.size === 0 ? {} : { needs: [...needs].sort() };
  return { record: { ...found, presence: 'installed', ...needed }, complete };
}
